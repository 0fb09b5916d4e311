"""A lane's suspension: until when nothing goes, why, and how the pauses grow while it happens again."""

from __future__ import annotations

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.lane_memory import SuspensionMemory

FIRST_PAUSE = 3600.0
DEAD_PAUSE = 300.0
"""Seconds when more than a whole cohort failed: the host may just be restarting."""

_STREAK = 5  # connect failures in a row that look like a block
_LONGEST_PAUSE = 86400.0
_MOST_DOUBLINGS = 10
_PRESSED = 2.5  # failures, less a tenth for each success since
_RELIEF = 0.1
_FORGOTTEN = 3 * 86400.0  # seconds after the last pause, as with a ceiling: what was then says nothing now


class Suspension:
    """``until`` is in the lane's seconds. Pauses of blocks double, up to a day, until ``forgive``.

    Three days without a pause forgive them as well.

    A reply that comes during a suspension was on its way before it: it only stretches the pause.
    """

    __slots__ = ("_pressure", "_proven", "cause", "streak", "strikes", "until")

    def __init__(self, memory: SuspensionMemory, at: float) -> None:
        self.until = at + memory.left if memory.left > 0 else at - memory.over_for
        self.cause = memory.cause
        self.strikes = memory.strikes
        self.streak = memory.streak
        self._proven = memory.proven
        self._pressure = memory.pressure

    def succeed(self) -> None:
        """A message went through."""
        self.streak = 0
        self._proven = True
        self._pressure = max(0.0, self._pressure - _RELIEF)

    def forgive(self) -> None:
        """The lane came back for good: the next block is a first one."""
        self.strikes = 0

    def fail(self, at: float) -> bool:
        """A connection failed; whether that looks like a block: a streak, or nothing went since the last."""
        self._forget(at)
        self.streak += 1
        self._pressure += 1.0
        return self.streak >= _STREAK or (self.strikes > 0 and not self._proven)

    @property
    def is_pressed(self) -> bool:
        """Whether connections fail in the midst of those that do not: some carriers reset what is too much.

        Two may be chance: of a hundred thousand messages so many pairs fail together that they would hold a
        lane down for ever. The third within a few messages is taken for a complaint.
        """
        return self._pressure >= _PRESSED

    def relieve(self) -> None:
        """The pace was changed for it."""
        self._pressure = 0.0

    def block(self, pause: float | None, cause: LaneReason, at: float) -> None:
        """Suspend for ``pause`` seconds, or longer when it is not the first time."""
        self._forget(at)
        seconds = FIRST_PAUSE if pause is None else pause
        if self.until <= at:
            doubled = seconds * 2.0 ** min(self.strikes, _MOST_DOUBLINGS)
            seconds = min(max(seconds, _LONGEST_PAUSE), doubled)
            self.strikes += 1
        self.begin(seconds, cause if cause is not LaneReason.NONE else LaneReason.BLOCKED, at)

    def begin(self, seconds: float, cause: LaneReason, at: float) -> None:
        """Suspend for so many seconds from now at least."""
        self.cause = cause
        self.until = max(self.until, at + seconds)
        self._proven = False
        self._pressure = 0.0

    def memory(self, at: float) -> SuspensionMemory:
        """What the next one must know."""
        return SuspensionMemory(
            left=max(0.0, self.until - at),
            cause=self.cause,
            strikes=self.strikes,
            streak=self.streak,
            proven=self._proven,
            pressure=self._pressure,
            over_for=max(0.0, at - self.until),
        )

    def _forget(self, at: float) -> None:
        if at - self.until >= _FORGOTTEN:
            self.strikes = 0
