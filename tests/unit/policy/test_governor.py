from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneLimits, LaneMemory, LaneReason
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.reactions import CONNECT_FAILURE

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
SUCCESS = Effect(EffectKind.SUCCESS)
SLOW = Effect(EffectKind.SLOW, reason=LaneReason.REPLIES)
FEWER = Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.REPLIES)
HOUR = 3600.0


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


# -- pace


def test_one_goes_at_once_and_the_next_when_its_token_is_there() -> None:
    governor = fresh(rate=0.5)
    assert governor.admit(0.0) == 0.0
    wait = governor.admit(0.0)
    assert wait == pytest.approx(2.0)
    assert governor.admit(wait) == 0.0


def test_nothing_beyond_the_burst_is_saved_up() -> None:
    governor = fresh(rate=4.0)
    admitted = 0
    while governor.admit(10_000.0) == 0.0:
        admitted += 1
    assert admitted == 4


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
    assert governor.admit(100.0) == 0.0
    assert governor.reason is LaneReason.PROFILE
    governor.limit(LaneLimits(rate=10.0), 100.0)
    assert governor.admit(100.0) == pytest.approx(0.1)


def test_a_limit_of_nothing_is_one_an_hour() -> None:
    governor = fresh(rate=0.0)
    assert governor.admit(0.0) == 0.0
    assert governor.admit(0.0) == pytest.approx(HOUR)
    governor.learn(SLOW, 0.0)
    assert not governor.slowed


def test_time_never_goes_back() -> None:
    governor = fresh(rate=1.0, at=100.0)
    assert governor.admit(100.0) == 0.0
    assert governor.admit(50.0) == pytest.approx(1.0)
    assert governor.admit(100.5) == pytest.approx(0.5)


def test_a_complaint_halves_the_pace_and_clean_minutes_give_it_back() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    assert governor.pace_allowed == pytest.approx(1.0)
    assert standing(governor) == (True, LaneReason.REPLIES)
    governor.admit(59.9)
    assert governor.pace_allowed == pytest.approx(1.0)
    governor.admit(60.0)
    assert governor.pace_allowed == pytest.approx(1.2)
    governor.admit(299.0)
    assert standing(governor) == (True, LaneReason.REPLIES)
    governor.admit(300.0)
    assert governor.pace_allowed == pytest.approx(2.0)
    assert standing(governor) == (False, LaneReason.PROFILE)


def test_messages_under_way_repeat_one_complaint() -> None:
    governor = fresh(rate=2.0)
    for at in (0.0, 1.0, 2.0):
        governor.learn(SLOW, at)
    assert governor.pace_allowed == pytest.approx(1.0)
    governor.learn(SLOW, 20.0)
    assert governor.pace_allowed == pytest.approx(0.5)


def test_a_rate_in_the_complaint_holds_and_never_speeds_up() -> None:
    governor = fresh(rate=2.0)
    governor.learn(replace(SLOW, rate=1 / 6), 0.0)
    assert governor.pace_allowed == pytest.approx(1 / 6)
    governor.learn(replace(SLOW, rate=1.0), 0.0)
    assert governor.pace_allowed == pytest.approx(1 / 6)


def test_no_complaint_slows_below_one_a_minute() -> None:
    governor = fresh(rate=1.0)
    for n in range(40):
        governor.learn(SLOW, n * 10.0)
    governor.learn(replace(SLOW, rate=0.0001), 400.0)
    assert governor.pace_allowed == pytest.approx(1 / 60)


def test_an_unlimited_lane_can_be_slowed() -> None:
    governor = fresh(rate=None)
    governor.learn(SLOW, 0.0)
    assert governor.pace_allowed == pytest.approx(5.0)
    assert governor.admit(0.0) == 0.0
    assert governor.admit(0.0) == pytest.approx(0.2)
    governor.admit(HOUR)
    assert governor.pace_allowed is None


def test_suspended_time_is_not_clean_time() -> None:
    governor = fresh(rate=2.0)
    governor.learn(SLOW, 0.0)
    governor.learn(block(60), 0.0)
    governor.admit(HOUR)
    assert governor.pace_allowed == pytest.approx(1.0)
    governor.admit(HOUR + 60)
    assert governor.pace_allowed == pytest.approx(1.2)


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


def test_a_success_forgets_the_strikes() -> None:
    governor = fresh()
    governor.learn(block(60), 0.0)
    governor.learn(SUCCESS, 10.0)  # a message that was under way
    assert governor.suspended_for(10.0) == pytest.approx(HOUR - 10)
    governor.learn(SUCCESS, HOUR)
    governor.learn(block(60), HOUR)
    assert governor.suspended_for(HOUR) == pytest.approx(HOUR)


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
    assert memory.suspended_until == moment(HOUR)
    assert (memory.slow_factor, memory.strikes, memory.reason) == (0.5, 1, LaneReason.BLOCKED)
    again = Governor(limits, memory=memory, at=5000.0, now=moment(70.0))
    assert again.suspended_for(5000.0) == pytest.approx(HOUR - 70)
    assert again.pace_allowed == pytest.approx(1.0)
    assert again.reason is LaneReason.BLOCKED
    again.learn(block(60), 5000.0 + HOUR)
    assert again.suspended_for(5000.0 + HOUR) == pytest.approx(2 * HOUR)


def test_a_bucket_emptied_before_a_restart_is_empty_after_it() -> None:
    limits = LaneLimits(rate=0.1)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    assert governor.admit(0.0) == 0.0
    again = restarted(governor, limits, 0.0, after=3.0)
    assert again.admit(3.0) == pytest.approx(7.0)


def test_a_clock_set_back_gives_no_tokens() -> None:
    memory = LaneMemory(at=moment(1000.0), tokens=0.0)
    governor = Governor(LaneLimits(rate=1.0), memory=memory, at=0.0, now=NOW)
    assert governor.admit(0.0) == pytest.approx(1.0)


def test_a_streak_of_failures_is_no_shorter_after_a_restart() -> None:
    governor = fresh()
    governor.learn(CONNECT_FAILURE, 0.0)
    again = restarted(governor, LaneLimits(rate=1.0), 1.0)
    again.learn(CONNECT_FAILURE, 1.0)
    assert again.suspended_for(1.0) == pytest.approx(HOUR)


def test_a_held_window_is_held_after_a_restart() -> None:
    governor = fresh()
    governor.learn(FEWER, 0.0)
    memory = governor.memory(1.0, moment(1.0))
    assert memory.reason is LaneReason.REPLIES
    again = Governor(LaneLimits(rate=1.0), memory=memory, at=1.0, now=moment(1.0))
    for _ in range(10):
        again.learn(SUCCESS, 2.0)
    assert again.connections(2.0) == 1


def test_an_untroubled_lane_remembers_no_trouble() -> None:
    assert fresh().memory(0.0, NOW).reason is LaneReason.NONE


# -- the laws


@dataclass(frozen=True)
class Step:
    """``what`` happens ``after`` seconds; messages are then taken as long as they are given."""

    after: float
    what: str
    value: float = 0.0


HAPPENINGS = ["ask", "limit", "slow", "slow_to", "block", "fail", "succeed", "give_back", "restart"]
rates = st.sampled_from([0.05, 0.3, 1.0, 2.5, 7.0])
steps = st.lists(
    st.builds(
        Step,
        st.sampled_from([0.0, 0.1, 0.9, 3.0, 17.0, 61.0, 400.0]),
        st.sampled_from(
            ["ask", "ask", "limit", "slow", "slow_to", "block", "fail", "succeed", "give_back", "restart"]
        ),
        rates,
    ),
    max_size=40,
)
EFFECTS = {"slow": SLOW, "block": block(1), "fail": CONNECT_FAILURE, "succeed": SUCCESS}


class Run:
    """Drives a governor through steps, greedily, and keeps a diary."""

    def __init__(self, rate: float, *, restarts: bool) -> None:
        self.limits = LaneLimits(rate=rate, connections=4)
        self.governor = Governor(self.limits, memory=None, at=0.0, now=NOW)
        self.restarts = restarts
        self.at = 0.0
        self.admitted: list[float] = []
        self.paces: list[tuple[float, float]] = [(0.0, rate)]

    def take_all(self) -> float:
        while (wait := self.governor.admit(self.at)) == 0.0:
            self.admitted.append(self.at)
        assert wait > 0
        return wait

    def do(self, step: Step) -> None:
        self.at += step.after
        match step.what:
            case "limit":
                self.limits = replace(self.limits, rate=step.value)
                self.governor.limit(self.limits, self.at)
            case "slow_to":
                self.governor.learn(replace(SLOW, rate=step.value / 10), self.at)
            case "give_back" if self.admitted:
                self.admitted.pop()
                self.governor.give_back(self.at)
            case "restart" if self.restarts:
                self.governor = restarted(self.governor, self.limits, self.at)
            case kind if kind in EFFECTS:
                self.governor.learn(EFFECTS[kind], self.at)
            case _:
                self.governor.suspended_for(self.at)
        pace = self.governor.pace_allowed
        assert pace is not None
        self.paces.append((self.at, pace))
        self.take_all()

    def allowed(self, start: float, end: float) -> float:
        """The area under the pace between two times."""
        bounds = [*self.paces, (float("inf"), 0.0)]
        return sum(
            max(0.0, min(end, later) - max(start, since)) * pace
            for (since, pace), (later, _) in pairwise(bounds)
        )

    def burst(self, start: float, end: float) -> float:
        before = [pace for since, pace in self.paces if since <= start][-1:]
        return max(1.0, *before, *(pace for since, pace in self.paces if start <= since <= end))


@settings(max_examples=200)
@given(rate=rates, plan=steps)
def test_in_no_window_more_than_the_pace_and_the_burst_is_admitted(rate: float, plan: list[Step]) -> None:
    run = Run(rate, restarts=True)
    run.take_all()
    for step in plan:
        run.do(step)
    for first, start in enumerate(run.admitted):
        for count, end in enumerate(run.admitted[first:], start=1):
            assert count <= run.allowed(start, end) + run.burst(start, end) + 1e-6


@settings(max_examples=200)
@given(rate=rates, plan=steps)
def test_no_restart_is_ever_faster_than_none(rate: float, plan: list[Step]) -> None:
    plan = [step for step in plan if step.what != "give_back"]
    with_restarts, without = Run(rate, restarts=True), Run(rate, restarts=False)
    for run in (with_restarts, without):
        run.take_all()
    for step in plan:
        with_restarts.do(step)
        without.do(step)
        assert len(with_restarts.admitted) <= len(without.admitted)
        assert with_restarts.governor.connections(with_restarts.at) <= without.governor.connections(
            without.at
        )


@settings(max_examples=100)
@given(rate=rates, plan=steps)
def test_connections_stay_within_one_and_the_limit_and_waiting_pays(rate: float, plan: list[Step]) -> None:
    run = Run(rate, restarts=True)
    for step in plan:
        run.do(step)
        suspended = run.governor.suspended_for(run.at)
        low = 0 if suspended else 1
        assert low <= run.governor.connections(run.at) <= (0 if suspended else 4)
        assert 0 < run.governor.memory(run.at, moment(run.at)).slow_factor <= 1.0
    wait = run.take_all()
    if wait == run.governor.suspended_for(run.at):
        assert run.governor.suspended_for(run.at + wait) == pytest.approx(0.0, abs=1e-6)
    else:
        assert run.governor.admit(run.at + wait) == 0.0
