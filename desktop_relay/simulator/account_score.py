"""Keeps score of one account while it is simulated: what it took, when it was closed, and why."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Outcome, Reason
from desktop_relay.engine.egress import Egress
from desktop_relay.simulator.result import AccountResult, PaceStep

_WORTH_TELLING = 60.0
"""Seconds: an hour's quota that is nearly used up lets messages through one by one, each after a moment."""

_USED_UP = (LaneReason.QUOTA_USED, LaneReason.WARMING_UP)


class AccountScore:
    """Mutable; ``on_change`` hears of paces that changed, of rests and of quotas that are used up."""

    def __init__(self, egress: Egress, at: float, on_change: Callable[[PaceStep], None]) -> None:
        self._egress = egress
        self._on_change = on_change
        self._begun = array("d")
        self._taken = array("d")
        self._suspended = 0.0
        self._suspended_until = 0.0
        self._used_up: list[float] = []
        self._connections = 0
        self._pace, self._connections, _ = self._standing(at)
        self._closed_by = LaneReason.NONE

    def follow(self, egress: Egress) -> None:
        """The account as another engine has it."""
        self._egress = egress

    @property
    def taken(self) -> array[float]:
        """The seconds at which it took a message, or may have."""
        return self._taken

    def begin(self, at: float) -> None:
        """A message was admitted to it."""
        self._begun.append(at)

    def take(self, at: float) -> None:
        """A message counts there."""
        self._taken.append(at)

    def look(self, at: float, outcome: Outcome | None = None) -> None:
        """Note what changed; ``outcome`` is the attempt that may have done it."""
        pace, connections, closed_by = self._standing(at)
        if (pace, connections, closed_by) == (self._pace, self._connections, self._closed_by):
            return
        closed = self._egress.closed_for(at)
        if closed_by in _USED_UP and self._closed_by is not closed_by:
            self._used_up.append(at)
        elif closed > 0.0 and closed_by not in _USED_UP:
            until = at + closed
            self._suspended += until - max(at, self._suspended_until)
            self._suspended_until = until
        governor = self._egress.governor
        usual = LaneReason.NONE if governor is None else governor.reason
        blamed = outcome if closed_by not in _USED_UP and closed_by != self._closed_by else None
        self._on_change(
            PaceStep(
                at,
                self._egress.name,
                "",
                self._pace,
                pace,
                self._connections,
                connections,
                closed,
                closed_by or usual,
                Reason.NONE if blamed is None else blamed.reason,
                "" if blamed is None else blamed.text,
            )
        )
        self._pace, self._connections, self._closed_by = pace, connections, closed_by

    def result(self) -> AccountResult:
        """All of it."""
        return AccountResult(
            self._egress.name, self._begun, self._taken, self._suspended, tuple(self._used_up)
        )

    def _standing(self, at: float) -> tuple[float | None, int, LaneReason]:
        """Pace, connections and what closes it; an account that is closed keeps its connections in mind."""
        egress = self._egress
        pace = None if egress.governor is None else egress.governor.pace_allowed
        closed = egress.closed_for(at)
        why = egress.why_closed(at) if closed > 0.0 else LaneReason.NONE
        if closed > 0.0 and not (why in _USED_UP and closed < _WORTH_TELLING):
            return pace, 0, why
        connections = self._connections if closed > 0.0 else egress.connections(at)
        return pace, connections, LaneReason.NONE
