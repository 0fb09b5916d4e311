"""Gates at play: how a gate fills and empties while a steady flow passes it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from math import ceil, inf

from desktop_relay.domain.lane import LaneReason
from desktop_relay.policy.gate import Count, Gate
from desktop_relay.policy.warmup import WORTH_A_DAY

_GRAIN = 1e-6  # messages, or seconds: less is what numbers lose by being rounded


class CountPlay:
    """What is counted, and when how much of it is forgotten. ``leaving`` are stretches of time, in order."""

    __slots__ = ("_count", "_later", "_leaving", "_level", "_most")

    def __init__(self, count: Count) -> None:
        self._count = count
        self._most = count.most
        self._later = deque(count.later)
        self._leaving: deque[list[float]] = deque([at, at, float(number)] for at, number in count.used)
        self._level = float(sum(number for _, number in count.used))

    def allowed(self, at: float, keep: int = 0) -> float:
        """Messages a second: any number while there is room, then as many as are forgotten."""
        return inf if self.has_room(keep) else self._forgotten(at)

    def has_room(self, keep: int = 0) -> bool:
        """Whether more may be counted, where that leaves the last ``keep`` of a day to others."""
        return self._level < self._full(keep) - _GRAIN

    def _full(self, keep: int) -> int:
        return self._most - (0 if self._count.resets_in is None else keep)

    def changes_in(self, at: float, flow: float, keeps: Iterable[int] = (0,)) -> float:
        """Seconds until it is full or has room again under that flow, for any of those who ``keep``."""
        change = inf
        if self._leaving:
            begins, ends, _ = self._leaving[0]
            change = (begins if begins > at else ends) - at
        growth = flow - self._forgotten(at)
        if growth > 0.0:
            fulls = (self._full(keep) for keep in keeps if self.has_room(keep))
            change = min((change, *((full - self._level) / growth for full in fulls)))
        return max(change, 0.0)

    def advance(self, at: float, seconds: float, flow: float) -> None:
        """So much time passes."""
        gone = self._forgotten(at) * seconds
        self._level += flow * seconds - gone
        if gone:
            self._leaving[0][2] -= gone
            self._leaving[0][0] = at + seconds
        if flow > 0.0:
            self._remember(at, at + seconds, flow * seconds)
        while self._leaving and self._leaving[0][1] <= at + seconds + _GRAIN:
            gone = self._leaving.popleft()[2]
            self._level -= gone
            if self._later and gone >= WORTH_A_DAY * self._most:
                self._most = self._later.popleft()
        self._level = max(self._level, 0.0)

    def _forgotten(self, at: float) -> float:
        if not self._leaving:
            return 0.0
        begins, ends, number = self._leaving[0]
        return number / (ends - begins) if begins <= at < ends else 0.0

    def _remember(self, begins: float, ends: float, number: float) -> None:
        count = self._count
        if count.resets_in is not None:
            days = max(0, ceil((begins - count.resets_in + _GRAIN) / count.lasts))
            reset = count.resets_in + days * count.lasts
            begins = ends = reset
        else:
            begins, ends = begins + count.lasts, ends + count.lasts
        last = self._leaving[-1] if self._leaving else None
        if last is not None and _joins(last, begins, ends, number):
            last[1] = ends
            last[2] += number
        else:
            self._leaving.append([begins, ends, number])


class GatePlay:
    """One gate."""

    __slots__ = ("_counts", "_gate", "_place")

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._counts = [(count.reason, CountPlay(count)) for count in gate.counts]
        self._place = 0

    def is_open(self, at: float, keep: int = 0) -> bool:
        """Whether nothing but its pace holds it; ``keep`` as for a count."""
        closed = at < self._gate.closed_for - _GRAIN
        return not closed and all(count.has_room(keep) for _, count in self._counts)

    def allowed(self, at: float, keep: int = 0) -> tuple[float, LaneReason]:
        """Messages a second, and the rule that says so."""
        gate = self._gate
        if at < gate.closed_for - _GRAIN:
            return 0.0, gate.closed_by
        step = gate.steps[self._place]
        found, why = step.pace, step.reason
        for reason, count in self._counts:
            room = count.allowed(at, keep)
            if room < found:
                found, why = room, reason
        return found, why

    def changes_in(self, at: float, flow: float, keeps: Iterable[int] = (0,)) -> float:
        """Seconds until something is different, under that flow."""
        gate = self._gate
        changes = [count.changes_in(at, flow, keeps) for _, count in self._counts]
        if at < gate.closed_for - _GRAIN:
            changes.append(gate.closed_for - at)
        if self._place + 1 < len(gate.steps):
            changes.append(max(0.0, gate.steps[self._place + 1].after - at))
        return min(changes, default=inf)

    def advance(self, at: float, seconds: float, flow: float) -> None:
        """So much time passes."""
        steps = self._gate.steps
        while self._place + 1 < len(steps) and steps[self._place + 1].after <= at + seconds + _GRAIN:
            self._place += 1
        for _, count in self._counts:
            count.advance(at, seconds, flow)


def _joins(last: list[float], begins: float, ends: float, number: float) -> bool:
    """Whether a stretch goes on as ``last`` does; all that is forgotten at one moment is one."""
    if last[1] < begins - _GRAIN or last[1] > begins + _GRAIN:
        return False
    if last[0] == last[1] or begins == ends:
        return last[0] == last[1] and begins == ends
    pace = last[2] / (last[1] - last[0])
    return abs(pace - number / (ends - begins)) <= _GRAIN * pace
