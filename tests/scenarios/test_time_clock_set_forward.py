"""The clock is set forward.

What was to happen at a time of day happens when the clock says so: a planned start begins within seconds, a
deadline that is over is over. Paces do not care: they are kept by a clock that nobody sets.

Result: the planned campaign starts; recipients past their deadline expire; no burst.
"""

from __future__ import annotations

from datetime import timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane, Submit
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_a_planned_start_begins(timed: Scene) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(3)], route=account(receiver.port))
        await timed.open_lanes(LANE)
        at = timed.clock.now() + timedelta(minutes=10)
        campaign = (await timed.engine.handle(Submit(draft, at)))["campaign"]
        await timed.clock.awake(5)
        assert receiver.taken.total() == 0
        timed.clock.set(timedelta(minutes=10))
        await timed.clock.awake(5)
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.1)
        await timed.clock.advance(700)  # and the alarm that was meant to start it changes nothing
        await timed.check(campaign, {"accepted": 3}, receiver)


async def test_a_deadline_is_a_time_of_the_clock_and_a_pace_is_not(timed: Scene) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(40)], route=account(receiver.port))
        await timed.engine.handle(SetLane("account", LANE, rate=1.0))
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 5, 0.2)
        before = receiver.taken.total()
        timed.clock.set(timedelta(hours=1))
        await timed.clock.awake(10)
        assert receiver.taken.total() - before <= 12, "an hour of the clock is no hour of pace"
        timed.clock.set(timedelta(days=365))
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.5)
        taken = receiver.taken.total()
        await timed.check(campaign, {"accepted": taken, "expired": 40 - taken}, receiver)
