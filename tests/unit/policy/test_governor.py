from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.policy.adjustment import Adjustment
from desktop_relay.policy.bucket import JITTER, RESERVE
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.reactions import CONNECT_FAILURE

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
SUCCESS = Effect(EffectKind.SUCCESS)
SLOW = Effect(EffectKind.SLOW, reason=LaneReason.REPLIES)
FEWER = Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.REPLIES)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
NEARLY = RESERVE + JITTER + 0.001
"""By how much, as a part of it, a message may come later than the rate alone would have it."""


def moment(at: float) -> datetime:
    return NOW + timedelta(seconds=at)


def fresh(rate: float | None = 1.0, connections: int = 5, at: float = 0.0) -> Governor:
    return Governor(LaneLimits(rate=rate, connections=connections), memory=None, at=at, now=moment(at))


def restarted(governor: Governor, limits: LaneLimits, at: float, after: float = 0.0) -> Governor:
    memory = governor.memory(at, moment(at))
    return Governor(limits, memory=memory, at=at + after, now=moment(at + after))


def block(minutes: float | None = None) -> Effect:
    pause = timedelta(minutes=minutes) if minutes is not None else None
    return Effect(EffectKind.SUSPEND, pause=pause, reason=LaneReason.BLOCKED)


def standing(governor: Governor) -> tuple[bool, LaneReason]:
    return governor.slowed, governor.reason


def go_well(governor: Governor, start: float, minutes: int) -> float:
    """Something is accepted in each of so many minutes."""
    for minute in range(minutes):
        governor.learn(SUCCESS, start + minute * MINUTE + 30.0)
    end = start + minutes * MINUTE
    governor.wait(end)
    return end


def pace(governor: Governor) -> float:
    allowed = governor.pace_allowed
    assert allowed is not None
    return allowed


# -- pace


def test_one_goes_at_once_and_the_next_when_its_token_is_there() -> None:
    governor = fresh(rate=0.5)
    assert governor.admit(0.0) == 0.0
    wait = governor.admit(0.0)
    assert 2.0 <= wait == pytest.approx(2.0, rel=NEARLY)
    assert governor.admit(wait) == 0.0


def test_nothing_is_saved_up() -> None:
    governor = fresh(rate=4.0)
    assert governor.admit(10_000.0) == 0.0
    assert governor.admit(10_000.0) > 0


def test_asking_for_the_wait_takes_nothing() -> None:
    governor = fresh(rate=0.5)
    assert governor.wait(0.0) == governor.wait(0.0) == 0.0
    governor.admit(0.0)
    assert governor.wait(0.0) == governor.admit(0.0) > 0


def test_lanes_that_begin_together_do_not_go_in_step() -> None:
    lanes = [Governor(LaneLimits(rate=1.0), memory=None, at=0.0, now=NOW, phase=n / 10) for n in range(10)]
    assert {lane.admit(0.0) for lane in lanes} == {0.0}
    second = {lane.wait(0.0) for lane in lanes}
    assert len(second) == 10
    assert all(1.0 <= wait < 1.3 for wait in second)


def test_being_late_is_made_up_for() -> None:
    governor, at, sent = fresh(rate=10.0), 0.0, 0
    while at < 600.0:
        wait = governor.admit(at)
        sent += wait == 0.0
        at += wait + (0.009 if wait else 0.0)
    assert 0.98 * 6000 <= sent <= 6000


def test_without_a_limit_everything_goes() -> None:
    governor = fresh(rate=None)
    assert all(governor.admit(0.0) == 0.0 for _ in range(1000))
    assert governor.pace_allowed is None
    assert governor.reason is LaneReason.UNLIMITED
    governor.give_back(0.0)
    assert governor.admit(0.0) == 0.0


def test_a_token_given_back_serves_the_next() -> None:
    governor = fresh(rate=0.01)
    assert governor.admit(0.0) == 0.0
    governor.give_back(0.0)
    governor.give_back(0.0)
    assert governor.admit(0.0) == 0.0
    assert governor.admit(0.0) > 0


def test_a_limit_set_on_an_unlimited_lane_starts_from_nothing_saved() -> None:
    governor = fresh(rate=None)
    governor.limit(LaneLimits(rate=1.0), 0.0)
    assert governor.admit(0.0) > 0
    assert governor.admit(100.0) == 0.0
    assert governor.reason is LaneReason.PROFILE
    governor.limit(LaneLimits(rate=10.0), 100.0)
    assert governor.admit(100.0) == pytest.approx(0.1, rel=NEARLY)


def test_a_limit_of_nothing_is_one_an_hour() -> None:
    governor = fresh(rate=0.0)
    assert governor.admit(0.0) == 0.0
    assert governor.admit(0.0) == pytest.approx(HOUR, rel=NEARLY)
    governor.learn(SLOW, 0.0)
    assert not governor.slowed


def test_time_that_goes_back_a_little_stands_still() -> None:
    governor = fresh(rate=1.0, at=100.0)
    assert governor.admit(100.0) == 0.0
    assert governor.admit(50.0) == pytest.approx(1.0, rel=NEARLY)
    assert governor.admit(100.5) == pytest.approx(0.5, rel=0.05)


def test_a_clock_that_goes_back_is_followed_without_anything_saved_up() -> None:
    governor = fresh(rate=0.1, at=10 * HOUR)
    assert governor.admit(10 * HOUR) == 0.0
    assert governor.admit(0.0) == pytest.approx(10.0, rel=NEARLY)
    assert governor.reason is LaneReason.CLOCK
    assert governor.admit(5.0) == pytest.approx(5.0, rel=0.05)
    assert governor.admit(10.2) == 0.0
    assert governor.admit(10.2) > 0
    governor.wait(100.0)
    assert governor.reason is LaneReason.PROFILE


def test_after_a_sleep_one_message_goes_as_in_an_idle_lane() -> None:
    governor = fresh(rate=2.0)
    governor.admit(0.0)
    assert governor.admit(8 * HOUR) == 0.0
    assert governor.admit(8 * HOUR) == pytest.approx(0.5, rel=0.05)


# -- what replies do to the pace


def test_a_complaint_halves_the_pace_and_clean_minutes_give_it_back_to_just_under_it() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    assert pace(governor) == pytest.approx(1.0)
    assert standing(governor) == (True, LaneReason.REPLIES)
    governor.wait(59.9)
    assert pace(governor) == pytest.approx(1.0)
    governor.wait(60.0)
    assert pace(governor) == pytest.approx(1.3)
    governor.wait(180.0)
    assert pace(governor) == pytest.approx(1.8)
    assert standing(governor) == (True, LaneReason.LEARNED_CEILING)
    governor.wait(HOUR)
    assert pace(governor) == pytest.approx(1.8)


def test_above_the_ceiling_it_goes_slowly_and_only_while_mail_is_accepted() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    at = go_well(governor, 0.0, 12)  # three minutes up, ten of rest
    assert pace(governor) == pytest.approx(1.8)
    at = go_well(governor, at, 5)
    assert 1.8 < pace(governor) < 2.0
    go_well(governor, at, 10)
    assert standing(governor) == (False, LaneReason.PROFILE)


def test_a_ceiling_that_is_confirmed_is_left_alone_for_longer() -> None:
    governor = fresh(rate=2.0)
    at, rests = 0.0, []
    for _ in range(3):
        governor.learn(SLOW, at)
        began = at
        while pace(governor) <= 0.9 * (governor.ceiling or 0.0):
            at = go_well(governor, at, 1)
        rests.append(at - began)
    assert rests[1] > 1.5 * rests[0]
    assert rests[2] > 1.5 * rests[1]


def test_a_ceiling_that_was_passed_is_raised_and_steps_grow() -> None:
    governor = fresh(rate=10.0)
    governor.learn(replace(SLOW, rate=1.0), 0.0)
    governor.learn(SLOW, 100.0)  # at one a second
    assert governor.ceiling == pytest.approx(1.0)
    at = go_well(governor, 100.0, 50)
    assert (governor.ceiling or 0.0) > 1.25
    assert 1.25 < pace(governor) < 2.0
    go_well(governor, at, 70)
    assert not governor.slowed


def test_a_ceiling_is_forgotten_after_three_days_and_the_pace_does_not_jump() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    governor.wait(2.9 * DAY)
    assert governor.ceiling == pytest.approx(2.0)
    governor.wait(3 * DAY)
    assert governor.ceiling is None
    assert pace(governor) == pytest.approx(2.0) or pace(governor) == pytest.approx(1.8)
    governor.wait(3 * DAY + 2 * MINUTE)
    assert pace(governor) == pytest.approx(2.0)


def test_a_higher_limit_does_not_jump_over_the_ceiling() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    go_well(governor, 0.0, 60)
    assert not governor.slowed
    governor.limit(LaneLimits(rate=10.0), HOUR)
    assert pace(governor) == pytest.approx(2.0)
    governor.limit(LaneLimits(rate=1.0), HOUR)
    assert pace(governor) == pytest.approx(1.0)
    assert not governor.slowed


def test_a_lane_that_is_free_again_stays_so_over_a_restart() -> None:
    governor = fresh(rate=5.0)
    governor.learn(SLOW, 0.0)
    governor.limit(LaneLimits(), 10.0)
    go_well(governor, MINUTE, 40)
    assert governor.pace_allowed is None
    assert governor.ceiling is not None, "it is still remembered"
    at = HOUR
    assert restarted(governor, LaneLimits(), at).pace_allowed is None
    governor.limit(LaneLimits(), at)  # settings were read again
    assert governor.pace_allowed is None


@given(
    st.floats(0.02, 1.9),
    st.sampled_from([2.0, 10.0]),
    st.integers(1, 180),
    st.integers(1, 180),
    st.booleans(),
)
def test_a_lower_limit_for_a_while_makes_no_lane_faster(
    lower: float, rate: float, begins: int, lasts: int, restarts: bool
) -> None:
    """A lane comes back from a block; beside it one whose limit was lower for some minutes."""
    plain, lowered = fresh(rate), fresh(rate)
    for governor in (plain, lowered):
        governor.learn(block(minutes=30), 0.0)
    for minute in range(1, 400):
        at = minute * MINUTE
        if minute == begins:
            lowered.limit(LaneLimits(rate=lower), at)
        if minute == begins + lasts:
            if restarts:  # the lower limit ended while no engine was at work
                lowered = restarted(lowered, LaneLimits(rate=rate), at)
            else:
                lowered.limit(LaneLimits(rate=rate), at)
        for governor in (plain, lowered):
            governor.learn(SUCCESS, at + 1.0)
        assert pace(lowered) <= pace(plain) * (1 + 1e-9)
    assert pace(lowered) >= 0.49 * rate, "and it is not held up for long"


@pytest.mark.parametrize("rate", [5.0, None])
def test_at_another_address_a_lane_comes_back_to_what_it_had_and_no_further(rate: float | None) -> None:
    governor = fresh(rate)
    go_well(governor, 0.0, 5)
    before, at = governor.pace_allowed, 400.0
    governor.come_back(at)
    assert pace(governor) <= (10.0 if before is None else before) / 10 * 1.01
    assert governor.connections(at) == 1
    assert governor.suspended_for(at) == 0.0
    assert governor.reason is LaneReason.RETURNING
    for minute in range(8):
        governor.learn(Effect(EffectKind.SUCCESS), at + 60.0 * minute + 1)
        governor.wait(at + 60.0 * (minute + 1))
        assert before is None or pace(governor) <= before
    assert before is None or governor.pace_allowed == before


def test_messages_under_way_repeat_one_complaint() -> None:
    governor = fresh(rate=2.0)
    for at in (0.0, 1.0, 2.0):
        governor.learn(SLOW, at)
    assert governor.pace_allowed == pytest.approx(1.0)
    governor.learn(SLOW, 20.0)
    assert governor.pace_allowed == pytest.approx(0.5)


def test_complaints_that_do_not_end_halve_it_again_and_again() -> None:
    governor = fresh(rate=2.0)
    for n in range(60):
        governor.learn(SLOW, n * 1.0)
    assert pace(governor) < 0.01 * 2.0


def test_a_rate_in_the_complaint_holds_and_never_speeds_up() -> None:
    governor = fresh(rate=2.0)
    governor.learn(replace(SLOW, rate=1 / 6), 0.0)
    assert governor.pace_allowed == pytest.approx(1 / 6)
    governor.learn(replace(SLOW, rate=1.0), 0.0)
    assert governor.pace_allowed == pytest.approx(1 / 6)
    governor.wait(600.0)
    assert governor.pace_allowed == pytest.approx(1 / 6)
    governor.wait(800.0)
    assert pace(governor) > 1 / 6


def test_no_complaint_slows_below_one_a_minute() -> None:
    governor = fresh(rate=1.0)
    for n in range(40):
        governor.learn(SLOW, n * 10.0)
    governor.learn(replace(SLOW, rate=0.0001), 400.0)
    assert governor.pace_allowed == pytest.approx(1 / 60)


def test_an_unlimited_lane_can_be_slowed_and_is_free_again_when_it_goes_well() -> None:
    governor = fresh(rate=None)
    governor.learn(SLOW, 0.0)
    assert pace(governor) == pytest.approx(5.0)
    assert governor.admit(0.0) == pytest.approx(0.2, rel=NEARLY)
    governor.wait(HOUR)
    assert pace(governor) == pytest.approx(5.0)
    at = go_well(governor, HOUR, 1)
    assert pace(governor) == pytest.approx(10.0)
    go_well(governor, at, 10)
    assert governor.pace_allowed is None


def test_suspended_time_is_not_clean_time() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    governor.learn(block(60), 0.0)
    governor.wait(HOUR)
    assert pace(governor) == pytest.approx(0.1)
    assert standing(governor) == (True, LaneReason.RETURNING)


def test_after_a_block_the_lane_comes_back_step_by_step_as_mail_is_accepted() -> None:
    governor = fresh(rate=2.0)
    governor.learn(block(60), 0.0)
    assert governor.ceiling == pytest.approx(2.0)
    governor.wait(2 * HOUR)
    assert pace(governor) == pytest.approx(0.2)
    paces, at = [], 2 * HOUR
    for _ in range(5):
        at = go_well(governor, at, 1)
        paces.append(pace(governor))
    assert paces == pytest.approx([0.4, 0.8, 1.0, 1.04, 1.08])
    assert governor.reason is LaneReason.REPLIES
    at = go_well(governor, at, 20)
    assert governor.reason is LaneReason.LEARNED_CEILING
    governor.wait(at + HOUR)
    assert pace(governor) == pytest.approx(1.8)


def test_connections_reset_among_good_ones_are_a_complaint_but_two_are_not() -> None:
    governor = fresh(rate=2.0)
    for at in (1.0, 100.0):
        for _ in range(30):
            governor.learn(SUCCESS, at)
        governor.learn(CONNECT_FAILURE, at)
        governor.learn(SUCCESS, at)
        governor.learn(CONNECT_FAILURE, at)
        assert not governor.slowed
    governor.learn(SUCCESS, 101.0)
    governor.learn(CONNECT_FAILURE, 102.0)
    assert pace(governor) == pytest.approx(1.0)
    assert governor.suspended_for(102.0) == 0.0
    unlimited = fresh(rate=None)
    for _ in range(20):
        unlimited.learn(CONNECT_FAILURE, 1.0)
        unlimited.learn(SUCCESS, 1.0)
    assert unlimited.pace_allowed is None


def test_a_host_that_was_dead_teaches_no_ceiling() -> None:
    governor = fresh(rate=2.0)
    governor.learn(CONNECT_FAILURE, 0.0)
    governor.learn(CONNECT_FAILURE, 0.0)
    assert governor.suspended_for(0.0) > 0
    assert governor.ceiling is None
    governor.wait(300.0)
    assert governor.reason is LaneReason.RETURNING
    go_well(governor, 300.0, 5)
    assert not governor.slowed


# -- the hour, the day, and connections by the minute


def test_the_hours_number_is_kept_and_told() -> None:
    governor = Governor(LaneLimits(rate=10.0, per_hour=5), memory=None, at=0.0, now=NOW)
    at = 0.0
    for _ in range(5):
        at += governor.wait(at)
        assert governor.admit(at) == 0.0
    wait = governor.admit(at + 1)
    assert HOUR - 2 < wait < HOUR + 40
    assert governor.reason is LaneReason.HOUR_LIMIT
    assert governor.counted_out_for(at + 1) == wait
    assert governor.suspended_for(at + 1) == 0.0
    assert governor.admit(at + 1 + wait) == 0.0
    assert governor.reason is LaneReason.PROFILE


def test_a_limit_for_the_day_that_is_set_at_noon_knows_of_the_morning() -> None:
    governor = fresh(rate=1.0)
    for n in range(10):
        assert governor.admit(n * 10.0) == 0.0
    governor.limit(LaneLimits(rate=1.0, per_day=10), HOUR)
    assert governor.admit(HOUR) == pytest.approx(DAY - HOUR + 600, abs=60)
    assert governor.reason is LaneReason.DAY_LIMIT


def test_a_message_given_back_does_not_count() -> None:
    governor = Governor(LaneLimits(rate=1.0, per_day=1), memory=None, at=0.0, now=NOW)
    assert governor.admit(0.0) == 0.0
    governor.give_back(0.0)
    assert governor.admit(2.0) == 0.0
    assert governor.admit(4.0) > HOUR


def test_sessions_are_opened_within_the_limit_by_the_minute() -> None:
    governor = Governor(LaneLimits(connects_per_minute=3), memory=None, at=0.0, now=NOW)
    assert [governor.may_connect(0.0) for _ in range(3)] == [0.0] * 3
    wait = governor.may_connect(10.0)
    assert 50.0 < wait < 52.0
    assert governor.reason is LaneReason.CONNECT_LIMIT
    assert governor.may_connect(10.0 + wait) == 0.0
    assert all(fresh().may_connect(0.0) == 0.0 for _ in range(100))


# -- the trace


def test_every_change_of_pace_is_told_with_its_reason() -> None:
    told: list[Adjustment] = []
    limits = LaneLimits(rate=2.0)
    governor = Governor(limits, memory=None, at=0.0, now=NOW, on_change=told.append)
    governor.learn(SLOW, 1.0)
    governor.learn(block(60), 2.0)
    at = 2.0 + HOUR
    governor.wait(at)
    go_well(governor, at, 4)
    governor.limit(LaneLimits(rate=0.5), at + HOUR)
    reasons = [adjustment.reason for adjustment in told]
    assert reasons[:3] == [LaneReason.REPLIES, LaneReason.BLOCKED, LaneReason.RETURNING]
    assert reasons[-1] is LaneReason.PROFILE
    assert [(a.before, a.after) for a in told[:3]] == [(2.0, 1.0), (1.0, 0.0), (0.0, 0.1)]
    assert all(a.after == b.before for a, b in pairwise(told))
    assert told[1] == Adjustment(2.0, 1.0, 0.0, LaneReason.BLOCKED)


# -- connections


def test_the_window_grows_by_a_round_of_successes_up_to_the_limit() -> None:
    governor = fresh(connections=3)
    assert governor.connections(0.0) == 2
    governor.learn(SUCCESS, 0.0)
    assert governor.connections(0.0) == 2
    governor.learn(SUCCESS, 0.0)
    assert governor.connections(0.0) == 3
    for _ in range(50):
        governor.learn(SUCCESS, 0.0)
    assert governor.connections(0.0) == 3


def test_a_refusal_shrinks_the_window_and_holds_it_for_a_while() -> None:
    governor = fresh(connections=5)
    governor.learn(FEWER, 0.0)
    for _ in range(20):
        governor.learn(SUCCESS, 599.0)
    assert governor.connections(599.0) == 1
    governor.learn(SUCCESS, 600.0)
    assert governor.connections(600.0) == 2
    assert governor.suspended_for(600.0) == 0.0


def test_the_users_limit_caps_the_window_at_once() -> None:
    governor = fresh(connections=5)
    for _ in range(50):
        governor.learn(SUCCESS, 0.0)
    governor.limit(LaneLimits(rate=1.0, connections=2), 0.0)
    assert governor.connections(0.0) == 2
    governor.limit(LaneLimits(rate=1.0, connections=0), 0.0)
    assert governor.connections(0.0) == 1


def test_more_than_a_cohort_of_failures_pauses_a_little() -> None:
    governor = fresh(connections=5)
    governor.learn(CONNECT_FAILURE, 0.0)
    assert governor.suspended_for(0.0) == 0.0
    assert governor.connections(0.0) == 1
    governor.learn(CONNECT_FAILURE, 0.0)
    assert governor.suspended_for(0.0) == pytest.approx(300.0)
    assert governor.reason is LaneReason.CONNECT_FAILURES
    assert governor.connections(0.0) == 0
    assert governor.admit(0.0) == pytest.approx(300.0)
    assert governor.connections(300.0) == 1


def test_a_success_between_failures_keeps_the_lane_going() -> None:
    governor = fresh(connections=5)
    for _ in range(30):
        governor.learn(CONNECT_FAILURE, 0.0)
        governor.learn(SUCCESS, 0.0)
    assert governor.suspended_for(0.0) == 0.0


def test_five_failures_in_a_row_look_like_a_block_and_pauses_double_up_to_a_day() -> None:
    governor = fresh(connections=20)
    governor.learn(SUCCESS, 0.0)
    for _ in range(60):
        governor.learn(SUCCESS, 0.0)
    for _ in range(4):
        governor.learn(CONNECT_FAILURE, 0.0)
    assert governor.suspended_for(0.0) == 0.0
    governor.learn(CONNECT_FAILURE, 0.0)
    at, pauses = 0.0, []
    for _ in range(7):
        pauses.append(governor.suspended_for(at))
        at += pauses[-1]
        assert governor.connections(at) == 1
        governor.learn(CONNECT_FAILURE, at)
    assert pauses == pytest.approx([HOUR * h for h in (1, 2, 4, 8, 16, 24, 24)])


def test_the_next_block_is_a_first_one_only_when_the_lane_was_back() -> None:
    governor = fresh()
    governor.learn(block(60), 0.0)
    governor.learn(SUCCESS, 10.0)  # a message that was under way
    assert governor.suspended_for(10.0) == pytest.approx(HOUR - 10)
    governor.learn(SUCCESS, HOUR)
    governor.learn(CONNECT_FAILURE, HOUR)  # one failure after a success is no block
    assert governor.suspended_for(HOUR) == 0.0
    governor.learn(block(60), HOUR)
    assert governor.suspended_for(HOUR) == pytest.approx(2 * HOUR)
    at = go_well(governor, 3 * HOUR, 10)
    governor.learn(block(60), at)
    assert governor.suspended_for(at) == pytest.approx(HOUR)


def test_blocks_of_last_month_do_not_make_a_failure_of_today_a_block() -> None:
    governor, at = fresh(connections=2), 0.0
    for _ in range(3):
        governor.learn(block(60), at)
        at += governor.suspended_for(at)
    again = restarted(governor, LaneLimits(rate=1.0, connections=2), at, after=2 * DAY)
    again.learn(CONNECT_FAILURE, at + 2 * DAY)
    assert again.suspended_for(at + 2 * DAY) == pytest.approx(8 * HOUR), "it did not come back yet"
    at += 30 * DAY
    again = restarted(restarted(governor, LaneLimits(rate=1.0), at), LaneLimits(rate=1.0, connections=2), at)
    again.learn(CONNECT_FAILURE, at)
    assert again.suspended_for(at) == 0.0
    again.learn(block(60), at)
    assert again.suspended_for(at) == pytest.approx(HOUR)


def test_a_first_failure_costs_a_connection_at_once_and_the_next_only_after_a_round() -> None:
    governor = fresh(connections=8)
    for _ in range(100):
        governor.learn(SUCCESS, 0.0)
    assert governor.connections(0.0) == 8
    left = []
    for _ in range(3):
        governor.learn(CONNECT_FAILURE, 0.0)
        left.append(governor.connections(0.0))
    assert left == [7, 7, 7]
    governor.learn(SUCCESS, 0.0)
    assert governor.connections(0.0) == 7


def test_connections_refused_together_cost_one_each_and_one_quiet_time_that_doubles() -> None:
    governor = fresh(connections=8)
    for _ in range(100):
        governor.learn(SUCCESS, 0.0)
    for _ in range(3):
        governor.learn(FEWER, 1.0)
    assert governor.connections(1.0) == 5
    for _ in range(5):
        governor.learn(SUCCESS, 601.0)
    assert governor.connections(601.0) == 6
    governor.learn(FEWER, 700.0)
    for _ in range(20):
        governor.learn(SUCCESS, 700.0 + 1199.0)
    assert governor.connections(1899.0) == 5
    for _ in range(5):
        governor.learn(SUCCESS, 700.0 + 1200.0)
    assert governor.connections(1900.0) == 6


def test_a_single_connection_that_is_refused_again_is_a_complaint_about_the_pace() -> None:
    governor = fresh(connections=2)
    for second in range(3):
        governor.learn(FEWER, float(second))
    assert governor.connections(2.0) == 1
    assert not governor.slowed, "those were opened together"
    for second in range(10, 20):
        governor.learn(FEWER, float(second))
    assert pace(governor) == pytest.approx(0.25)
    for second in range(20, 400):
        governor.learn(FEWER, float(second))
    assert pace(governor) == pytest.approx(1 / 60), "nobody knocks once a second at a closed door"
    go_well(governor, 400.0, 180)
    assert pace(governor) > 0.9


# -- suspension


def test_a_block_suspends_for_its_pause_and_doubles_in_a_row() -> None:
    governor = fresh()
    governor.learn(block(30), 0.0)
    assert governor.suspended_for(0.0) == pytest.approx(1800.0)
    assert governor.reason is LaneReason.BLOCKED
    governor.learn(block(30), 600.0)  # another message that was under way
    assert governor.suspended_for(600.0) == pytest.approx(1800.0)
    governor.learn(block(30), 3000.0)
    assert governor.suspended_for(3000.0) == pytest.approx(3600.0)
    governor.learn(CONNECT_FAILURE, 3000.0)
    assert governor.suspended_for(3000.0) == pytest.approx(3600.0)


def test_a_block_without_a_pause_is_an_hour() -> None:
    governor = fresh()
    governor.learn(Effect(EffectKind.SUSPEND), 0.0)
    assert governor.suspended_for(0.0) == pytest.approx(HOUR)
    assert governor.reason is LaneReason.BLOCKED


def test_a_pause_longer_than_a_day_is_kept() -> None:
    governor = fresh()
    governor.learn(block(60 * 48), 0.0)
    governor.learn(block(60 * 48), 48 * HOUR)
    assert governor.suspended_for(48 * HOUR) == pytest.approx(48 * HOUR)


@pytest.mark.parametrize("kind", [EffectKind.NONE, EffectKind.RECONNECT, EffectKind.STOP_CAMPAIGN])
def test_what_is_not_about_the_lane_leaves_it_alone(kind: EffectKind) -> None:
    governor = fresh()
    before = governor.memory(0.0, NOW)
    governor.learn(Effect(kind), 0.0)
    assert governor.memory(0.0, NOW) == before


# -- memory


def test_memory_brings_back_pace_window_and_suspension() -> None:
    limits = LaneLimits(rate=2.0, connections=5)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    governor.learn(SLOW, 0.0)
    governor.learn(block(60), 0.0)
    memory = governor.memory(10.0, moment(10.0))
    assert (memory.suspension.left, memory.suspension.strikes) == (HOUR - 10, 1)
    assert memory.pace.ceiling == 2.0
    again = Governor(limits, memory=memory, at=5000.0, now=moment(70.0))
    assert again.suspended_for(5000.0) == pytest.approx(HOUR - 70)
    assert pace(again) == pytest.approx(0.1)
    assert again.reason is LaneReason.BLOCKED
    again.learn(block(60), 5000.0 + HOUR)
    assert again.suspended_for(5000.0 + HOUR) == pytest.approx(2 * HOUR)


def test_a_bucket_emptied_before_a_restart_is_empty_after_it() -> None:
    limits = LaneLimits(rate=0.1)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    assert governor.admit(0.0) == 0.0
    again = restarted(governor, limits, 0.0, after=3.0)
    assert again.admit(3.0) == pytest.approx(7.0, rel=0.05)


def test_a_clock_set_back_gives_no_tokens_and_makes_no_pause_longer() -> None:
    governor = fresh()
    governor.admit(0.0)
    governor.learn(block(60), 0.0)
    memory = governor.memory(0.0, moment(10 * DAY))
    again = Governor(LaneLimits(rate=1.0), memory=memory, at=0.0, now=NOW)
    assert again.admit(0.0) == pytest.approx(HOUR)
    nothing = Governor(LaneLimits(rate=1.0), memory=LaneMemory(at=moment(DAY)), at=0.0, now=NOW)
    assert nothing.admit(0.0) == pytest.approx(1.0, rel=NEARLY)


def test_a_streak_of_failures_goes_on_after_a_restart() -> None:
    governor = fresh(connections=20)
    for _ in range(60):
        governor.learn(SUCCESS, 0.0)
    for _ in range(4):
        governor.learn(CONNECT_FAILURE, 0.0)
    again = restarted(governor, LaneLimits(rate=1.0, connections=20), 1.0)
    assert again.suspended_for(1.0) == 0.0
    again.learn(CONNECT_FAILURE, 1.0)
    assert again.suspended_for(1.0) == pytest.approx(HOUR)


def test_a_held_window_is_held_after_a_restart() -> None:
    governor = fresh()
    governor.learn(FEWER, 0.0)
    again = restarted(governor, LaneLimits(rate=1.0), 1.0)
    for _ in range(10):
        again.learn(SUCCESS, 2.0)
    assert again.connections(2.0) == 1


def test_what_was_counted_is_counted_after_a_restart() -> None:
    limits = LaneLimits(rate=10.0, per_hour=2, per_day=3, connects_per_minute=1)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    for at in (0.0, 1.0):
        assert governor.admit(at) == 0.0
    assert governor.may_connect(1.0) == 0.0
    again = restarted(governor, limits, 2.0, after=3.0)
    assert again.admit(5.0) == pytest.approx(HOUR, abs=60)
    assert again.may_connect(5.0) == pytest.approx(57.0, abs=1.5)
    later = restarted(again, limits, 5.0, after=2 * HOUR)
    assert later.admit(5.0 + 2 * HOUR) == 0.0
    assert later.admit(6.0 + 2 * HOUR) > 20 * HOUR
