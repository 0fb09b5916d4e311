"""What SetLane means: keep, set, go back; and lanes that are paused until a time."""

from __future__ import annotations

from datetime import timedelta

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.lane import LaneLimits, LaneOverride
from desktop_relay.policy.lane_limits import limits_in_force, override_of
from tests.fakes.clock import FakeClock
from tests.unit.engine.desk import ROUTE, Desk

LANE = "lane0.example"
NONE = LaneOverride()


def test_nothing_said_keeps_everything() -> None:
    before = LaneOverride(rate=2.0, connections=3, paused=True)
    assert override_of(before, SetLane("r", "l")) == before


def test_values_are_set_and_zero_goes_back() -> None:
    after = override_of(NONE, SetLane("r", "l", rate=0.5, connections=2))
    assert after == LaneOverride(rate=0.5, connections=2)
    assert override_of(after, SetLane("r", "l", rate=0.0)) == LaneOverride(connections=2)
    assert override_of(after, SetLane("r", "l", rate=0.0, connections=0)) == NONE


def test_the_hour_and_the_day_are_set_likewise() -> None:
    after = override_of(NONE, SetLane("r", "l", per_hour=100, per_day=900))
    assert after == LaneOverride(per_hour=100, per_day=900)
    limits = limits_in_force(LaneLimits(per_day=5000), after)
    assert (limits.per_hour, limits.per_day) == (100, 900)
    assert override_of(after, SetLane("r", "l", per_hour=0)) == LaneOverride(per_day=900)


def test_a_pace_of_ones_own_has_the_sessions_it_needs() -> None:
    limits = LaneLimits(rate=1.0, messages_per_connection=20, connects_per_minute=100)
    assert limits_in_force(limits, LaneOverride(rate=2.0)).connects_per_minute == 100
    assert limits_in_force(limits, LaneOverride(rate=1000.0)).connects_per_minute == 6000


def test_going_on_forgets_the_end_of_a_pause() -> None:
    until = FakeClock().now()
    paused = override_of(NONE, SetLane("r", "l", paused=True, until=until))
    assert paused.paused_until == until
    assert override_of(paused, SetLane("r", "l", paused=False)) == NONE


def test_the_users_limits_lie_on_top_of_the_profiles() -> None:
    limits = LaneLimits(rate=1.0, connections=5, messages_per_connection=7)
    assert limits_in_force(limits, LaneOverride(connections=2)) == LaneLimits(1.0, 2, 7)
    assert limits_in_force(limits, NONE) == limits


async def test_a_pause_with_an_end_ends_by_itself(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write([f"a@{LANE}"])
    until = clock.now() + timedelta(minutes=10)
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True, until=until))
    campaign = await timed_desk.send(draft)
    await clock.advance(590)
    assert timed_desk.way.begun == []
    (lane,) = (await timed_desk.progress(campaign)).lanes
    assert lane.until == until
    await clock.advance(15)
    await timed_desk.until(lambda: timed_desk.states(campaign) == {"accepted": 1})
