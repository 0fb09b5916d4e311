"""Keeps score of one lane while it is simulated: who was reached, when, and every change of pace."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from math import ceil

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.engine.lane import Lane
from desktop_relay.simulator.result import LaneResult, PaceStep, WindowPace
from desktop_relay.simulator.windows import WINDOWS, most_in


class Score:
    """Mutable; of one lane of one route. ``on_change`` hears of paces that changed."""

    def __init__(self, route: str, lane: Lane, at: float, on_change: Callable[[PaceStep], None]) -> None:
        self.recipients = 0
        self._route = route
        self._lane = lane
        self._on_change = on_change
        self._outcomes: Counter[Disposition] = Counter()
        self._reasons: Counter[Reason] = Counter()
        self._begun = array("d")
        self._accepted = array("d")
        self._ended_at: float | None = None
        self._suspended = 0.0
        self._suspended_until = 0.0
        self._pace, self._connections = self._standing(at)

    def follow(self, lane: Lane) -> None:
        """The lane as another engine has it."""
        self._lane = lane

    def begin(self, at: float) -> None:
        """An attempt begins."""
        self._begun.append(at)

    def end(self, outcome: Outcome, at: float) -> None:
        """An attempt ended, or a recipient was settled without one."""
        self._reasons[outcome.reason] += 1
        self._ended_at = at
        if outcome.disposition is Disposition.ACCEPTED:
            self._accepted.append(at)
        if outcome.disposition is not Disposition.DEFERRED:
            self._outcomes[outcome.disposition] += 1

    def look(self, at: float, outcome: Outcome | None = None) -> None:
        """Note a change of pace; ``outcome`` is the attempt that may have done it."""
        pace, connections = self._standing(at)
        if pace == self._pace and connections == self._connections:
            return
        governor = self._lane.governor
        suspended = governor.suspended_for(at)
        if suspended > 0.0:
            until = at + suspended
            self._suspended += until - max(at, self._suspended_until)
            self._suspended_until = until
        grew = (pace is None or (self._pace is not None and pace >= self._pace)) and suspended == 0.0
        blamed = None if outcome is None or (grew and connections >= self._connections) else outcome
        self._on_change(
            PaceStep(
                at,
                self._route,
                self._lane.key,
                self._pace,
                pace,
                self._connections,
                connections,
                suspended,
                self._lane.reason if blamed is None else _shown(self._lane.reason, blamed),
                blamed.reason if blamed is not None else Reason.NONE,
                blamed.text if blamed is not None else "",
            )
        )
        self._pace, self._connections = pace, connections

    def expire(self, number: int, at: float) -> None:
        """So many waited too long."""
        self._outcomes[Disposition.EXPIRED] += number
        self._reasons[Reason.EXPIRED] += number
        self._ended_at = at

    def result(self, waiting: int, braked: BrakeFinding | None) -> LaneResult:
        """All of it, with so many left waiting, perhaps behind a brake."""
        outcomes = dict(self._outcomes)
        if waiting:
            outcomes[Disposition.DEFERRED] = waiting
        return LaneResult(
            lane=self._lane.key,
            route=self._route,
            recipients=self.recipients,
            outcomes=outcomes,
            reasons=dict(self._reasons.most_common()),
            attempts=len(self._begun),
            started_at=self._begun[0] if self._begun else None,
            finished_at=None if waiting else self._ended_at,
            suspended=self._suspended,
            begun=self._begun,
            accepted=self._accepted,
            windows=tuple(self._window(seconds) for seconds in WINDOWS),
            braked=braked,
        )

    def _standing(self, at: float) -> tuple[float | None, int]:
        governor = self._lane.governor
        connections = governor.connections(at)
        return governor.pace_allowed, connections

    def _window(self, seconds: float) -> WindowPace:
        begun = self._begun
        lasted = max(begun[-1] - begun[0], seconds) if begun else seconds
        return WindowPace(
            seconds, most_in(begun, seconds), len(begun) * seconds / lasted, self._allowed(seconds)
        )

    def _allowed(self, seconds: float) -> float | None:
        """What the lane's limits come to over so many seconds."""
        limits = self._lane.limits
        bounds = [] if limits.rate is None else [limits.rate * seconds]
        for count, span in ((limits.per_hour, 3600.0), (limits.per_day, 86400.0)):
            if count is not None:
                bounds.append(float(count * max(1, ceil(seconds / span))))
        return min(bounds, default=None)


def _shown(reason: LaneReason, outcome: Outcome) -> LaneReason:
    """A lane that only lost a connection shows its profile; the trace tells that a reply did it."""
    if reason not in (LaneReason.PROFILE, LaneReason.UNLIMITED, LaneReason.USER_LIMIT):
        return reason
    return LaneReason.CONNECT_FAILURES if outcome.code is None else LaneReason.REPLIES
