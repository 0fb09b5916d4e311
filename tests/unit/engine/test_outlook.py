"""What the engine says is ahead: each lane's end, the rule that decides it, and no wavering on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import Pause, SetLane
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.engine.reach import Reach
from tests.unit.engine.desk import ROUTE, Desk

LANE, OTHER = "large.example", "other.example"
DIRECT = Route("direct", RouteKind.DIRECT)


def people(number: int, lane: str = LANE) -> list[str]:
    return [f"p{n}@{lane}" for n in range(number)]


def seconds(desk: Desk, progress: CampaignProgress) -> float:
    assert progress.eta is not None
    return (progress.eta - desk.clock.now()).total_seconds()


class Going:
    """A lane that is looked at four times a second."""

    def __init__(self) -> None:
        self.at, self.ended = 0.0, 0.0
        self.reach = Reach(0.0, 0)

    def go(self, lasts: float, pace: float, allowed: float | None) -> Reach:
        """So many a second go for so long, while so many are allowed."""
        for _ in range(int(lasts * 4)):
            self.at += 0.25
            self.ended += pace * 0.25
            self.reach.look(self.at, int(self.ended), allowed)
        return self.reach


def test_all_that_is_allowed_is_reached() -> None:
    going = Going()
    assert going.reach.share == 1.0
    assert going.go(60, 2.0, 2.0).share > 0.95


def test_what_is_slower_than_its_rules_is_noticed() -> None:
    assert Going().go(300, 1.0, 2.0).share == pytest.approx(0.5, abs=0.08)


def test_time_in_which_nothing_may_go_says_nothing() -> None:
    going = Going()
    before = going.go(60, 2.0, 2.0).share
    assert going.go(3600, 0.0, 0.0).share == before
    assert going.go(1, 2.0, 2.0).share > 0.9


def test_one_slow_moment_does_not_make_a_slow_lane() -> None:
    going = Going()
    going.go(120, 5.0, 5.0)
    assert going.go(2, 0.0, 5.0).share > 0.8


@given(st.lists(st.tuples(st.floats(0.25, 30.0), st.booleans()), max_size=30))
def test_a_lane_that_goes_as_allowed_whenever_it_may_is_never_taken_for_a_slow_one(
    spells: list[tuple[float, bool]],
) -> None:
    going = Going()
    for lasts, is_open in spells:
        pace = 4.0 if is_open else 0.0
        assert going.go(lasts, pace, pace).share > 0.85


def test_without_a_limit_the_pace_itself_is_told_once_it_is_known() -> None:
    going = Going()
    assert going.reach.pace(None) == float("inf")
    assert going.go(60, 7.0, None).pace(None) == pytest.approx(7.0, rel=0.1)
    assert Going().reach.pace(3.0) == 3.0


def test_a_machine_that_slept_is_no_slow_one() -> None:
    going = Going()
    going.go(60, 2.0, 2.0)
    going.at += 3600
    assert going.go(1, 2.0, 2.0).share > 0.9


def test_a_campaign_that_is_over_is_no_reason() -> None:
    going = Going()
    going.go(60, 2.0, 2.0)
    going.ended = 0
    assert going.go(10, 2.0, 2.0).share > 0.9


async def test_a_number_per_hour_decides(timed_desk: Desk) -> None:
    desk = timed_desk
    draft = desk.write(people(25), route=DIRECT)
    await desk.engine.handle(SetLane(DIRECT.name, LANE, rate=10.0, connections=5, per_hour=10))
    campaign = await desk.send(draft)
    await desk.turn_until(lambda: len(desk.way.begun) == 10, 0.5)
    progress = await desk.progress(campaign)
    (lane,) = progress.lanes
    assert progress.eta_limit is lane.eta_limit is LaneReason.HOUR_LIMIT
    assert seconds(desk, progress) == pytest.approx(2 * 3600, rel=0.05)


async def test_lanes_of_two_campaigns_share_an_account(timed_desk: Desk) -> None:
    desk = timed_desk
    route = replace(ROUTE, rate=0.5)
    first = desk.write(people(20), route=route)
    second = desk.write(people(20, OTHER), route=route)
    await desk.open_lanes(LANE, OTHER, route=route.name)
    one, two = await desk.send(first), await desk.send(second)
    told = await desk.progress(one)
    assert told.eta_limit is LaneReason.ACCOUNT_LIMIT
    left = told.counts.open + (await desk.progress(two)).counts.open
    assert seconds(desk, told) == pytest.approx(left / 0.5, rel=0.15)


async def test_a_quota_of_the_day_decides(timed_desk: Desk) -> None:
    desk = timed_desk
    draft = desk.write(people(20), route=replace(ROUTE, daily_quota=10))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.turn_until(lambda: len(desk.way.begun) == 10, 0.5)
    progress = await desk.progress(campaign)
    assert progress.eta_limit is LaneReason.QUOTA_USED
    assert 0 < seconds(desk, progress) <= timedelta(days=1, minutes=5).total_seconds()


async def test_a_pause_without_an_end_has_none_and_one_with_an_end_has(timed_desk: Desk) -> None:
    desk = timed_desk
    draft = desk.write(people(20), route=DIRECT)
    until = desk.clock.now() + timedelta(hours=1)
    await desk.engine.handle(SetLane(DIRECT.name, LANE, rate=1.0, connections=5))
    await desk.engine.handle(SetLane(DIRECT.name, LANE, paused=True, until=until))
    campaign = await desk.send(draft)
    paused = await desk.progress(campaign)
    assert paused.eta is not None
    assert until < paused.eta < until + timedelta(minutes=2)
    await desk.engine.handle(Pause(campaign))
    assert (await desk.progress(campaign)).eta is None


async def test_servers_that_answer_slowly_decide(desk: Desk) -> None:
    desk.way.seconds = 0.1
    draft = desk.write(people(240), route=replace(ROUTE, max_connections=2))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: len(desk.way.begun) >= 130)
    progress = await desk.progress(campaign)
    assert progress.eta_limit is LaneReason.ANSWERS
    begun, at = len(desk.way.begun), desk.clock.monotonic()
    foreseen = seconds(desk, progress)
    await desk.until(lambda: len(desk.way.begun) == 240)
    assert begun < 240
    assert foreseen == pytest.approx(desk.clock.monotonic() - at, rel=0.5)
