"""What a user sets on a lane is in effect at once, ends by itself, and outlives the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.route import Member, Route, RouteKind
from tests.fakes.clock import FakeClock
from tests.unit.engine.desk import ROUTE, Desk

LANE = "lane0.example"
AT_ONCE = 0.9


async def start(desk: Desk, first: SetLane, route: Route = ROUTE, number: int = 200) -> int:
    """A campaign under way whose lane waits as long as ``first`` makes it."""
    draft = desk.write([f"p{n}@{LANE}" for n in range(number)], route=route)
    await desk.open_lanes(LANE, route=route.name)
    await desk.engine.handle(first)
    campaign = await desk.send(draft)
    await desk.turn_until(lambda: len(desk.way.begun) >= 1, 0.2)
    await desk.clock.advance(5)  # type: ignore[attr-defined]
    return campaign


def limit(**limits: float | int) -> SetLane:
    return SetLane(ROUTE.name, LANE, **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (limit(rate=1 / 50), limit(rate=100.0)),
        (limit(rate=1 / 500), limit(rate=100.0)),
        (limit(per_hour=1), limit(per_hour=1000)),
        (limit(per_day=1), limit(per_day=1000)),
        (limit(per_day=1, per_hour=1), limit(per_day=1000, per_hour=1000)),
    ],
    ids=["waits for its turn", "waits in the spool", "hour", "day", "both"],
)
async def test_a_higher_limit_wakes_who_waits(timed_desk: Desk, before: SetLane, after: SetLane) -> None:
    await start(timed_desk, before)
    begun = len(timed_desk.way.begun)
    await timed_desk.engine.handle(after)
    await timed_desk.turn_until(lambda: len(timed_desk.way.begun) >= begun + 10, AT_ONCE / 40)


@pytest.mark.parametrize("rate", [-1.0, 1e308, float("inf"), float("nan")])
async def test_a_limit_that_is_no_number_of_messages_is_refused(timed_desk: Desk, rate: float) -> None:
    campaign = await start(timed_desk, limit(rate=1 / 50), number=2)
    with pytest.raises(BadInput):
        await timed_desk.engine.handle(limit(rate=rate))
    await timed_desk.engine.handle(limit(rate=100.0))
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 2}, 1.0)


async def test_limits_that_are_lifted_hold_nobody(timed_desk: Desk) -> None:
    """The profile of a domain of its own has a pace, but no number for the hour and the day."""
    await start(timed_desk, limit(per_hour=1, per_day=1))
    begun = len(timed_desk.way.begun)
    await timed_desk.engine.handle(limit(per_hour=0, per_day=0))
    await timed_desk.turn_until(lambda: len(timed_desk.way.begun) >= begun + 10, AT_ONCE / 40)


async def test_a_lane_over_a_pool_is_woken_too(timed_desk: Desk) -> None:
    pool = Route("pool", RouteKind.POOL, members=(Member("one"),))
    one = replace(ROUTE, name="one")
    timed_desk.outlets.change = lambda outlet: (
        replace(outlet, members=(one,)) if outlet.route.kind is RouteKind.POOL else outlet
    )
    await start(timed_desk, SetLane("pool", LANE, rate=1 / 50), pool)
    begun = len(timed_desk.way.begun)
    await timed_desk.engine.handle(SetLane("pool", LANE, rate=100.0))
    await timed_desk.turn_until(lambda: len(timed_desk.way.begun) >= begun + 10, AT_ONCE / 40)


async def test_a_lower_limit_holds_at_once(timed_desk: Desk) -> None:
    await start(timed_desk, limit(rate=20.0), number=400)
    await timed_desk.engine.handle(limit(rate=0.1))
    begun = len(timed_desk.way.begun)
    await timed_desk.clock.advance(10)  # type: ignore[attr-defined]
    assert len(timed_desk.way.begun) <= begun + 2


async def test_a_limit_ends_by_itself_also_in_a_later_engine(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    campaign = await start(timed_desk, limit(rate=0.1))
    until = clock.now() + timedelta(minutes=5)
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, rate=0.02, until=until))
    await timed_desk.restart()
    (line,) = timed_desk.engine.lines.of_route(ROUTE.name)
    lane = line.lane(LANE)
    assert lane.governor.pace_allowed == 0.02
    await clock.advance((until - clock.now()).total_seconds() - 1)
    assert lane.governor.pace_allowed == 0.02
    await clock.advance(1 + AT_ONCE)
    assert lane.governor.pace_allowed == 0.1, "what held before"
    assert timed_desk.states(campaign)["accepted"] < 20


async def test_the_end_of_a_pause_is_kept_over_a_restart(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    await start(timed_desk, limit(rate=0.1))
    until = clock.now() + timedelta(minutes=5)
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, rate=50.0, paused=True, until=until))
    await timed_desk.restart()
    begun = len(timed_desk.way.begun)
    await clock.advance(290)
    assert len(timed_desk.way.begun) == begun
    await clock.advance(10 + AT_ONCE)
    (line,) = timed_desk.engine.lines.of_route(ROUTE.name)
    assert line.lane(LANE).governor.pace_allowed == 0.1
    await timed_desk.turn_until(lambda: len(timed_desk.way.begun) > begun, 1)


async def test_a_clock_that_is_set_forward_ends_what_is_over(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    await start(timed_desk, limit(rate=0.1))
    until = clock.now() + timedelta(hours=5)
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True, until=until))
    begun = len(timed_desk.way.begun)
    clock._start += timedelta(hours=6)
    await timed_desk.turn_until(lambda: len(timed_desk.way.begun) > begun, 1)
