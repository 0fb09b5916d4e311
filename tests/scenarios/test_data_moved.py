"""The data directory is moved while the engine runs.

To the engine it is gone from its place, so the engine ends. What is on the wire ends by itself first, and is
remembered in the files where they are now: moved back, the campaign goes on without sending anything twice.

Result: data_gone; nobody is lost or in doubt.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import ErrorCode
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.expect_warnings
async def test_what_was_on_the_wire_is_remembered(timed: Scene) -> None:
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(60)], route=account(receiver.port))
        await timed.engine.handle(SetLane("account", LANE, rate=4.0, connections=1))
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 3, 0.05)
        elsewhere = timed.directory.with_name("elsewhere")
        timed.directory.rename(elsewhere)
        await timed.turn_until(timed.engine.shutdown.done, 0.2)
        assert timed.engine.failure is not None
        assert timed.engine.failure.code is ErrorCode.DATA_GONE
        await timed.stop(drain=True)
        taken = receiver.taken.total()
        assert taken < 60

        elsewhere.rename(timed.directory)
        assert timed.states(campaign) == {"accepted": taken, "pending": 60 - taken}
        await timed.start()
        await timed.open_lanes(LANE)
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.5)
        await timed.check(campaign, {"accepted": 60}, receiver)
