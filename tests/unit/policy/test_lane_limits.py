"""What limits a lane after any commands, with and without an end, and where lanes are guests of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.lane import LIMITS, LaneLimits, LaneOverride, PassingLimit
from desktop_relay.policy.lane_limits import limits_in_force, override_of

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ONE = timedelta(hours=1)
NONE = LaneOverride()

MOMENTS = st.integers(0, 20).map(lambda hours: NOON + hours * ONE)
COMMANDS = st.builds(
    SetLane,
    st.just("r"),
    st.just("l"),
    rate=st.none() | st.sampled_from([0.0, 0.5, 2.0]),
    connections=st.none() | st.integers(0, 3),
    paused=st.none() | st.booleans(),
    until=st.none() | MOMENTS,
    per_hour=st.none() | st.sampled_from([0, 10]),
    per_day=st.none() | st.sampled_from([0, 100]),
)


def test_a_limit_with_an_end_goes_back_to_what_held_before() -> None:
    lasting = override_of(NONE, SetLane("r", "l", rate=2.0))
    both = override_of(lasting, SetLane("r", "l", rate=0.5, until=NOON))
    assert both.at(NOON - ONE).rate == 0.5
    assert both.at(NOON - ONE).until("rate") == NOON
    assert both.at(NOON) == lasting


def test_the_profile_may_hold_for_a_while() -> None:
    lasting = override_of(NONE, SetLane("r", "l", rate=2.0, per_day=100))
    freed = override_of(lasting, SetLane("r", "l", rate=0.0, until=NOON))
    assert freed.at(NOON - ONE).rate is None
    assert freed.at(NOON - ONE).per_day == 100
    assert freed.at(NOON).rate == 2.0


def test_what_is_set_for_good_ends_what_was_set_for_a_while() -> None:
    passing = override_of(NONE, SetLane("r", "l", rate=0.5, connections=1, until=NOON))
    after = override_of(passing, SetLane("r", "l", rate=3.0))
    assert after.at(NOON - ONE).rate == 3.0
    assert after.passing == (PassingLimit("connections", 1, NOON),)


def test_a_pause_with_an_end_is_over_then() -> None:
    paused = override_of(NONE, SetLane("r", "l", paused=True, until=NOON))
    assert paused.at(NOON - ONE).paused
    assert paused.at(NOON) == NONE


@given(st.lists(COMMANDS, max_size=6), MOMENTS)
def test_the_latest_command_holds_until_its_end(commands: list[SetLane], now: datetime) -> None:
    override = NONE
    for command in commands:
        override = override_of(override, command)
    in_force = override.at(now)
    for name in LIMITS:
        held: float | None = None
        passing: float | None = None
        for command in commands:
            value = getattr(command, name)
            if value is not None and command.until is None:
                held, passing = value, None
            elif value is not None:
                passing = value if command.until is not None and now < command.until else None
        expected = held if passing is None else passing
        assert getattr(in_force, name) == (expected or None)
        assert in_force.until(name) is None or in_force.until(name) > now  # type: ignore[operator]
    assert in_force.at(now) == in_force
    assert override.at(datetime.max.replace(tzinfo=UTC)).passing == ()


@given(st.lists(st.builds(LaneOverride, rate=st.none() | st.floats(0.1, 9), per_day=st.none() | st.just(5))))
def test_no_guest_makes_a_lane_faster(guests: list[LaneOverride]) -> None:
    profile = LaneLimits(rate=1.0, connections=4, per_hour=50)
    alone, hosting = limits_in_force(profile, NONE), limits_in_force(profile, NONE, guests)
    assert hosting.rate is not None
    assert hosting.rate <= 1.0
    assert all(hosting.rate <= guest.rate for guest in guests if guest.rate is not None)
    assert hosting.per_day == (5 if any(guest.per_day for guest in guests) else alone.per_day)
