"""The engine is asked to stop while it sends.

Nothing more is begun. What is on the wire ends by itself and is written down, leases go back, and the next
engine goes on where this one was.

Result: accepted or pending, nobody in doubt; then everybody accepted once.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_nothing_is_left_in_between(scene: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.02
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(60)], account(receiver.port))
        await scene.until(lambda: receiver.taken.total() >= 10)
        await scene.stop(drain=True)
        taken = receiver.taken.total()
        assert taken < 60
        assert scene.states(campaign) == {"accepted": taken, "pending": 60 - taken}
        receiver.seconds = 0.0
        await scene.start()
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 60}, receiver)
