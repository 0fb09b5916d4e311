"""A deadline: past it is told once, before it nothing is, however it was moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.transport.deadline import Deadline


@dataclass
class Timer:
    """What ``call_at`` gives."""

    at: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Loop:
    """The timers of a loop whose time is turned by hand."""

    now: float = 100.0
    timers: list[Timer] = field(default_factory=list)
    set_count: int = 0

    def time(self) -> float:
        return self.now

    def call_at(self, at: float, call: Callable[[], None]) -> Timer:
        self.set_count += 1
        self.timers.append(Timer(at, call))
        return self.timers[-1]

    def turn(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if not timer.cancelled and timer.at <= end]:
            timer = min(due, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            timer.call()
        self.now = end


class Lab:
    """A deadline, and when it was late."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.late: list[float] = []
        self.deadline = Deadline(cast("asyncio.AbstractEventLoop", self.loop), self._note)

    def _note(self) -> None:
        self.late.append(self.loop.now)
        self.deadline.lift()


SECONDS = st.integers(1, 20).map(float)
STEP = st.one_of(
    st.tuples(st.sampled_from(["start", "hasten", "turn"]), SECONDS),
    st.tuples(st.sampled_from(["lift", "cancel"]), st.just(0.0)),
)


@given(st.lists(STEP, max_size=30))
def test_late_at_the_moment_and_never_before(steps: list[tuple[str, float]]) -> None:
    lab, at, latest = Lab(), inf, inf
    expected: list[float] = []
    for action, seconds in steps:
        now = lab.loop.now
        match action:
            case "start":
                at = latest = now + seconds
                lab.deadline.start(seconds)
            case "hasten":
                at = min(now + seconds, latest)
                lab.deadline.hasten(seconds)
                if at <= now:  # hastened after its moment: it is over at once
                    lab.loop.turn(0.0)
                    expected, at = [*expected, now], inf
            case "turn":
                lab.loop.turn(seconds)
                if at <= now + seconds:
                    expected, at = [*expected, at], inf
            case "lift":
                lab.deadline.lift()
                at = inf
            case "cancel":
                lab.deadline.cancel()
                at = inf
        assert lab.late == expected


def test_a_deadline_that_moves_away_costs_no_timer() -> None:
    lab = Lab()
    for _ in range(1000):
        lab.deadline.start(60.0)
        lab.loop.turn(0.01)
    assert lab.loop.set_count == 1
    lab.loop.turn(59.0)
    assert lab.late == []
    lab.loop.turn(1.0)
    assert len(lab.late) == 1
