"""The learned ceiling: the pace at which the other side complained last, and how far it is believed."""

from __future__ import annotations

JUST_UNDER = 0.9
"""Of the ceiling: how far a lane comes back fast, and where it rests before it goes higher."""

_PROBE_STEP = 0.01  # of the ceiling, for a clean and proven minute near it
_PASSED = 1.25  # of the ceiling: going so fast without a complaint, it lies higher
_SAME = 0.8  # a complaint at this part of the ceiling or above confirms it
_REST = 600.0
_MOST_CONFIRMED = 5
_MOST_BOLD = 3
_DAY = 86400.0
_FORGOTTEN = 3 * _DAY


class Ceiling:
    """Paces are messages per second; ``pace`` is ``None`` while nothing is known. Times are the lane's."""

    __slots__ = ("at", "bold", "confirmed", "pace", "rest_until")

    def __init__(self, pace: float | None, at: float, confirmed: int, bold: int, rest_until: float) -> None:
        self.pace = pace
        self.at = at
        self.confirmed = confirmed
        self.bold = bold
        self.rest_until = rest_until

    @property
    def just_under(self) -> float:
        """Where to rest; infinite without a ceiling."""
        return float("inf") if self.pace is None else JUST_UNDER * self.pace

    def meet(self, pace: float, at: float) -> None:
        """A complaint came at ``pace``: near the old ceiling it confirms it; days without one weaken it."""
        confirms = self.pace is not None and _SAME <= pace / self.pace <= _PASSED
        days = int(min(_FORGOTTEN, at - self.at) // _DAY)
        self.confirmed = min(_MOST_CONFIRMED, max(0, self.confirmed - days) + 1) if confirms else 0
        self.pace, self.at, self.bold = pace, at, 0
        self.rest_until = at

    def rest(self, at: float) -> None:
        """The lane is just under it: ten minutes, twice as long for each time that it was confirmed."""
        self.rest_until = at + _REST * 2.0**self.confirmed

    def probe(self, pace: float) -> float:
        """The pace after ``pace`` for a lane that goes well; a ceiling that was passed is raised."""
        ceiling = pace if self.pace is None else self.pace
        if pace > _PASSED * ceiling:
            self.pace = pace
            self.confirmed = 0
            self.bold = min(_MOST_BOLD, self.bold + 1)
        return pace + _PROBE_STEP * 2.0**self.bold * ceiling

    def is_outdated(self, at: float) -> bool:
        """No complaint came for three days."""
        return self.pace is not None and at - self.at >= _FORGOTTEN

    def forget(self) -> None:
        """Nothing is known."""
        self.pace = None
        self.confirmed = self.bold = 0
