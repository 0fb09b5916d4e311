"""The concurrency window: how many connections at once, by feedback from those that were tried."""

from __future__ import annotations

from desktop_relay.domain.lane_memory import WindowMemory

_COHORTS = 1.0
_QUIET = 600.0  # seconds without growth after "too many connections", doubled each time it is said again
_MOST_DOUBLINGS = 5
_SAME_REFUSAL = 5.0  # seconds in which connections opened together are refused together
_TOLERANCE = 1e-9


class ConcurrencyWindow:
    """Between 1 and ``limit``: up for a full round of successes, down at the start of a bad streak.

    Postfix's feedback with g(N) = f(N) = 1/N (its SCHEDULER_README): with N connections a success is worth
    1/N of a step up; the first failure after good times costs one connection at once and the next one only
    after N more ("reverse hysteresis"); more than a cohort of failures in a row means that the destination
    is dead for now. Beyond that, "too many connections" is listened to, which Postfix does not: one fewer,
    and no growth for a time that doubles while the same number is refused again. Said to a single one, it is
    about the pace.
    """

    __slots__ = (
        "_cohorts",
        "_failure",
        "_limit",
        "_quiet_until",
        "_refusals",
        "_refused",
        "_refused_at",
        "_single_at",
        "_success",
        "connections",
    )

    def __init__(self, limit: int, memory: WindowMemory, at: float) -> None:
        self._limit = max(1, limit)
        self.connections = min(max(1, memory.connections), self._limit)
        self._success = memory.success
        self._failure = memory.failure
        self._cohorts = memory.cohorts
        self._quiet_until = at + memory.quiet_left
        self._refusals = memory.refusals
        self._refused = memory.refused
        self._refused_at = at - memory.refused_ago
        self._single_at = float("-inf")

    def succeed(self, at: float) -> None:
        """A message went through."""
        self._cohorts = 0.0
        if at < self._quiet_until or self.connections >= self._limit:
            return
        self._success += 1.0 / self.connections
        if self._success >= 1.0 - _TOLERANCE:
            self._success = self._failure = 0.0
            self.connections += 1
            if self.connections > self._refused:
                self._refusals = 0

    def fail(self) -> bool:
        """A connection failed; true when more than a cohort in a row did."""
        share = 1.0 / self.connections
        self._cohorts += share
        self._failure -= share
        if self._failure < -_TOLERANCE:
            self._failure += 1.0
            self._success = 0.0
            self.connections = max(1, self.connections - 1)
        return self._cohorts > _COHORTS + _TOLERANCE

    def shrink(self, at: float) -> bool:
        """The other side said that there are too many: one fewer, and longer than last time.

        True when there has been a single one for a while: nothing is left to take away but the pace.
        """
        if at - self._refused_at >= _SAME_REFUSAL:
            self._refused = self.connections
            self._quiet_until = max(self._quiet_until, at + _QUIET * 2.0**self._refusals)
            self._refusals = min(_MOST_DOUBLINGS, self._refusals + 1)
        self._refused_at = at
        self._success = 0.0
        if self.connections == 1:
            return at - self._single_at >= _SAME_REFUSAL
        self.connections -= 1
        self._single_at = at
        return False

    def restart(self) -> None:
        """Feel the way with a single connection."""
        self.connections = 1
        self._success = self._failure = self._cohorts = 0.0

    def change(self, limit: int) -> None:
        """Another ceiling."""
        self._limit = max(1, limit)
        self.connections = min(self.connections, self._limit)

    def memory(self, at: float) -> WindowMemory:
        """What the next one must know."""
        return WindowMemory(
            connections=self.connections,
            success=self._success,
            failure=self._failure,
            cohorts=self._cohorts,
            quiet_left=max(0.0, self._quiet_until - at),
            refusals=self._refusals,
            refused=self._refused,
            refused_ago=at - self._refused_at,
        )
