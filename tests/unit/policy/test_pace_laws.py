"""The laws of pace, in virtual time: never above a limit, near it when held, and no gain by restarts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.effect import Effect
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.reactions import CONNECT_FAILURE
from desktop_relay.policy.sliding_count import SlidingCount
from tests.unit.policy.test_governor import (
    DAY,
    FEWER,
    HOUR,
    MINUTE,
    NOW,
    SLOW,
    SUCCESS,
    block,
    moment,
    restarted,
)

RATES = [0.02, 0.3, 1.0, 2.0, 2.5, 5.0, 7.3, 40.0]
lateness = st.lists(st.floats(0.0, 3.0) | st.floats(0.0, 0.02) | st.just(0.0), min_size=1, max_size=12)


def most_in(times: Sequence[float], seconds: float) -> int:
    """The largest number of times in any window of that length, both of its ends included."""
    most = first = 0
    for last, end in enumerate(times):
        while end - times[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def rounded_up(number: float) -> int:
    return max(1, -int(-number // 1))


def sent_by(
    governor: Governor, late: Sequence[float], until: float, most: int, start: float = 0.0
) -> list[float]:
    """A lane that always has mail, asked again each time a little too late."""
    times: list[float] = []
    at, delays = start, cycle(late)
    while at < until and len(times) < most:
        wait = governor.admit(at)
        if wait == 0.0:
            times.append(at)
        else:
            at += wait + next(delays)
    return times


@settings(max_examples=150)
@given(rate=st.sampled_from(RATES), late=lateness, phase=st.floats(0, 1))
def test_in_no_second_minute_or_hour_more_than_the_rate(rate: float, late: list[float], phase: float) -> None:
    governor = Governor(LaneLimits(rate=rate), memory=None, at=0.0, now=NOW, phase=phase)
    times = sent_by(governor, late, 2.5 * HOUR, 3000)
    for seconds in (1.0, MINUTE, HOUR):
        assert most_in(times, seconds) <= rounded_up(rate * seconds)


@settings(max_examples=60)
@given(
    rate=st.sampled_from([0.3, 1.0, 2.0]),
    per_hour=st.none() | st.integers(1, 300),
    per_day=st.none() | st.integers(1, 900),
    late=lateness,
    restart_every=st.none() | st.integers(1, 50),
)
def test_all_four_limits_hold_at_once(
    rate: float, per_hour: int | None, per_day: int | None, late: list[float], restart_every: int | None
) -> None:
    limits = LaneLimits(rate=rate, per_hour=per_hour, per_day=per_day)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    times: list[float] = []
    start = 0.0
    while len(times) < 1500 and start < 3.2 * DAY:
        more = sent_by(governor, late, 3.3 * DAY, restart_every or 1500, start)
        times += more
        start = more[-1] if more else 4 * DAY
        governor = restarted(governor, limits, start)
    wanted = {1.0: rate, MINUTE: rate * MINUTE, HOUR: per_hour or rate * HOUR, DAY: per_day or rate * DAY}
    for seconds, number in wanted.items():
        assert most_in(times, seconds) <= rounded_up(number)


@settings(max_examples=40)
@given(
    rate=st.sampled_from([1.0, 2.0, 5.0, 20.0]),
    late=st.lists(st.floats(0.0, 0.008), min_size=1, max_size=10),
    phase=st.floats(0, 1),
)
def test_a_held_lane_uses_what_it_may_over_any_ten_minutes(
    rate: float, late: list[float], phase: float
) -> None:
    governor = Governor(LaneLimits(rate=rate), memory=None, at=0.0, now=NOW, phase=phase)
    times = sent_by(governor, late, 1500.0, 40_000)
    counted = [sum(start <= at < start + 600.0 for at in times) for start in (2.0, 300.0, 611.5, 777.7)]
    assert min(counted) >= int(0.98 * 600 * rate)
    assert max(counted) <= 600 * rate


def test_a_lane_held_by_the_hour_or_the_day_uses_nearly_all_of_it() -> None:
    by_hour = Governor(LaneLimits(rate=1.0, per_hour=600), memory=None, at=0.0, now=NOW)
    assert len(sent_by(by_hour, [0.01], 20 * HOUR, 100_000)) >= 0.98 * 20 * 600
    by_day = Governor(LaneLimits(rate=1.0, per_day=500), memory=None, at=0.0, now=NOW)
    assert len(sent_by(by_day, [0.01], 10 * DAY, 100_000)) >= 0.98 * 10 * 500


@settings(max_examples=100)
@given(
    number=st.integers(1, 20),
    gaps=st.lists(st.floats(0.0, 40.0), min_size=1, max_size=200),
)
def test_sessions_by_the_minute(number: int, gaps: list[float]) -> None:
    governor = Governor(LaneLimits(connects_per_minute=number), memory=None, at=0.0, now=NOW)
    at, opened = 0.0, []
    for gap in gaps:
        at += gap
        if governor.may_connect(at) == 0.0:
            opened.append(at)
    assert most_in(opened, MINUTE) <= number


@settings(max_examples=200)
@given(
    gaps=st.lists(st.floats(0.0, 30.0), max_size=120),
    seconds=st.sampled_from([10.0, 60.0]),
    parts=st.integers(1, 20),
)
def test_a_sliding_count_forgets_at_most_one_part_too_late(
    gaps: list[float], seconds: float, parts: int
) -> None:
    count, at, times = SlidingCount(seconds, parts), 0.0, [0.0]
    count.add(0.0)
    for gap in gaps:
        at += gap
        count.add(at)
        times.append(at)
        told = sum(number for _, number in count.counted(at))
        exact = sum(at - time <= seconds for time in times)
        generous = sum(at - time <= seconds * (1 + 1 / parts) + 1e-6 for time in times)
        assert exact <= told == count.total <= generous
        again = SlidingCount(seconds, parts, count.counted(at), at)
        assert again.total == count.total
        limit = max(1, count.total // 2)
        wait = count.wait(limit, at)
        assert again.wait(limit, at) == pytest.approx(wait)
        assert again.wait(limit, at + wait) == 0.0


# -- replies and restarts


@dataclass(frozen=True)
class Step:
    """``what`` happens ``after`` seconds; messages are then taken as long as they are given."""

    after: float
    what: str
    value: float = 1.0


EFFECTS: dict[str, Effect] = {
    "slow": SLOW,
    "block": block(1),
    "long_block": block(30),
    "fail": CONNECT_FAILURE,
    "fewer": FEWER,
    "succeed": SUCCESS,
}
HAPPENINGS = [*EFFECTS, "ask", "limit", "slow_to", "give_back", "restart", "restart", "connect"]
GAPS = [0.0, 0.1, 0.9, 3.0, 17.0, 61.0, 61.0, 400.0, 1300.0, 30_000.0, 100_000.0]
rates = st.sampled_from([0.05, 0.3, 1.0, 2.5, 7.0])
steps = st.lists(st.builds(Step, st.sampled_from(GAPS), st.sampled_from(HAPPENINGS), rates), max_size=50)
LIMITS = st.builds(
    LaneLimits,
    rate=st.none() | rates,
    connections=st.just(6),
    per_hour=st.none() | st.integers(1, 60),
    per_day=st.none() | st.integers(1, 90),
    connects_per_minute=st.none() | st.integers(1, 3),
)


class Run:
    """Drives a governor through steps, greedily, and keeps a diary."""

    def __init__(self, limits: LaneLimits, *, restarts: bool) -> None:
        self.limits = limits
        self.governor = Governor(limits, memory=None, at=0.0, now=NOW)
        self.restarts = restarts
        self.at = 0.0
        self.admitted: list[float] = []
        self.opened = 0

    def take_all(self) -> float:
        """At most so many as are of interest: without a limit there is no end."""
        for _ in range(40):
            wait = self.governor.admit(self.at)
            if wait > 0.0:
                return wait
            self.admitted.append(self.at)
        return 0.0

    def do(self, step: Step) -> None:
        # somebody looks every now and then on the way, as a dispatcher does
        self.governor.suspended_for(self.at + step.after / 2)
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
            case "connect":
                self.opened += self.governor.may_connect(self.at) == 0.0
            case kind if kind in EFFECTS:
                self.governor.learn(EFFECTS[kind], self.at)
            case _:
                self.governor.suspended_for(self.at)
        self.take_all()


@settings(max_examples=400)
@given(limits=LIMITS, plan=steps)
def test_no_restart_is_ever_faster_than_none(limits: LaneLimits, plan: list[Step]) -> None:
    plan = [step for step in plan if step.what != "give_back"]
    with_restarts, without = Run(limits, restarts=True), Run(limits, restarts=False)
    for run in (with_restarts, without):
        run.take_all()
    for step in plan:
        with_restarts.do(step)
        without.do(step)
        one, other = with_restarts.governor, without.governor
        assert len(with_restarts.admitted) <= len(without.admitted)
        assert with_restarts.opened <= without.opened
        assert one.connections(with_restarts.at) <= other.connections(without.at)
        assert one.suspended_for(with_restarts.at) >= other.suspended_for(without.at)
        if other.pace_allowed is not None:
            assert one.pace_allowed is not None
            assert one.pace_allowed <= other.pace_allowed + 1e-9


@settings(max_examples=200)
@given(rate=rates, plan=steps)
def test_replies_never_make_it_faster_than_the_limit(rate: float, plan: list[Step]) -> None:
    run = Run(LaneLimits(rate=rate, connections=4), restarts=True)
    run.take_all()
    for step in plan:
        if step.what != "limit":
            run.do(step)
    for seconds in (1.0, MINUTE, HOUR):
        assert most_in(run.admitted, seconds) <= rounded_up(rate * seconds)


@settings(max_examples=200)
@given(limits=LIMITS.filter(lambda limits: limits.rate is not None), plan=steps)
def test_connections_stay_within_one_and_the_limit_and_waiting_pays(
    limits: LaneLimits, plan: list[Step]
) -> None:
    run = Run(limits, restarts=True)
    for step in plan:
        run.do(step)
        suspended = run.governor.suspended_for(run.at)
        low = 0 if suspended else 1
        assert low <= run.governor.connections(run.at) <= (0 if suspended else 6)
        assert (run.governor.pace_allowed or 1.0) > 0
    waited = 0
    while (wait := run.governor.admit(run.at)) > 0:
        run.at += wait
        waited += 1
        # a suspension, the count and the bucket may each be in the way once, and parts of the count
        assert waited < 12


@settings(max_examples=100)
@given(
    rate=rates,
    jumps=st.lists(st.sampled_from([-9 * HOUR, -61.0, -5.0, 0.5, 1.0, HOUR, 12 * HOUR]), max_size=30),
)
def test_a_clock_that_jumps_gives_what_an_idle_lane_has(rate: float, jumps: list[float]) -> None:
    governor = Governor(LaneLimits(rate=rate), memory=None, at=DAY, now=NOW)
    at = DAY
    for jump in jumps:
        at += jump
        burst = 0
        while governor.admit(at) == 0.0:
            burst += 1
        assert burst <= 1
    assert governor.wait(at + 3 * DAY) == 0.0


def test_memory_of_a_moment_ago_is_the_same_lane() -> None:
    limits = LaneLimits(rate=2.0, per_hour=100)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    sent_by(governor, [0.01], 1000.0, 500)
    governor.learn(SLOW, 1000.0)
    memory = governor.memory(1000.0, moment(1000.0))
    again = Governor(limits, memory=memory, at=77.0, now=moment(1000.0))
    kept = again.memory(77.0, moment(1000.0))
    assert (kept.pace, kept.window, kept.suspension) == pytest.approx(
        (memory.pace, memory.window, memory.suspension)
    )
    assert [number for _, number in kept.hour] == [number for _, number in memory.hour]


# -- the closed loop


class Carrier:
    """Takes ``capacity`` messages a second with some patience, and complains about the others."""

    def __init__(self, capacity: float, patience: float) -> None:
        self.capacity, self.patience = capacity, patience
        self._tokens, self._at = patience, 0.0

    def takes(self, at: float) -> bool:
        self._tokens = min(self.patience, self._tokens + (at - self._at) * self.capacity)
        self._at = at
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


@settings(max_examples=25)
@given(capacity=st.floats(0.3, 4.0), times_too_fast=st.floats(1.1, 6.0), patience=st.floats(1.0, 60.0))
def test_a_lane_finds_what_the_other_side_takes_and_stays_there(
    capacity: float, times_too_fast: float, patience: float
) -> None:
    carrier = Carrier(capacity, patience)
    limits = LaneLimits(rate=capacity * times_too_fast)
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    taken, refused, at = [0] * 8, [0] * 8, 0.0
    while at < 8 * HOUR:
        wait = governor.admit(at)
        if wait == 0.0:
            took = carrier.takes(at)
            (taken if took else refused)[int(at // HOUR)] += 1
            governor.learn(SUCCESS if took else SLOW, at)
        at += wait
    # complaints become rare, and little of what could go is left lying
    assert sum(refused[1:]) <= 40
    assert sum(refused[4:]) <= 25
    assert sum(taken) >= 0.85 * 8 * HOUR * capacity
