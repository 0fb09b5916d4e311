"""A campaign's deadline passes while it is paused.

A pause does not stretch the deadline. Resumed, nobody is sent to who should have had it by then: they expire,
and the campaign is finished. What was accepted before stays accepted.

Result: expired for who was left; nothing goes out after the deadline.
"""

from __future__ import annotations

from datetime import timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Pause, Resume, SetLane
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_nothing_goes_out_after_it(timed: Scene) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(30)], route=account(receiver.port))
        await timed.engine.handle(SetLane("account", LANE, rate=1.0))
        campaign = await timed.send(draft)
        await timed.clock.awake(8)
        await timed.engine.handle(Pause(campaign))
        await timed.turn_until(lambda: not timed.engine.moves.runs[campaign].in_flight, 0.1)
        taken = receiver.taken.total()
        expires_at = timed.engine.moves.runs[campaign].submitted.snapshot.expires_at
        assert expires_at is not None
        await timed.clock.awake(2)
        timed.clock.set(expires_at - timed.clock.now() + timedelta(seconds=1))
        await timed.engine.handle(Resume(campaign))
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.5)
        assert receiver.taken.total() == taken
        await timed.check(campaign, {"accepted": taken, "expired": 30 - taken}, receiver)
