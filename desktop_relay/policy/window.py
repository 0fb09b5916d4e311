"""The concurrency window: how many connections at once, after Postfix's feedback."""

from __future__ import annotations

INITIAL = 2.0
_COHORTS = 1.0
_TOLERANCE = 1e-9


class ConcurrencyWindow:
    """Between 1 and ``limit``: one more for a full round of successes, one fewer for a round of failures.

    With N connections, a success is worth 1/N and so is a failure; more than one whole cohort of failures in
    a row means that the destination is dead for now.
    """

    __slots__ = ("_cohorts", "_limit", "_quiet_until", "_size")

    def __init__(self, limit: int, size: float = INITIAL) -> None:
        self._limit = max(1, limit)
        self._size = min(max(size, 1.0), float(self._limit))
        self._cohorts = 0.0
        self._quiet_until = float("-inf")

    @property
    def size(self) -> float:
        """The window with its fraction."""
        return self._size

    @property
    def connections(self) -> int:
        """Whole connections."""
        return int(self._size + _TOLERANCE)

    def succeed(self, at: float) -> None:
        """A message went through."""
        self._cohorts = 0.0
        if not self.held(at):
            self._size = min(float(self._limit), self._size + 1.0 / self.connections)

    def fail(self) -> bool:
        """A connection failed; true when more than a cohort in a row did."""
        share = 1.0 / self.connections
        self._cohorts += share
        self._size = max(1.0, self._size - share)
        return self._cohorts > _COHORTS + _TOLERANCE

    def shrink(self) -> None:
        """The other side said that there are too many: one fewer."""
        self._size = max(1.0, float(self.connections - 1))

    def hold_growth(self, until: float) -> None:
        """Do not grow before ``until``, lest the refusal is asked for again at once."""
        self._quiet_until = max(until, self._quiet_until)

    def held(self, at: float) -> bool:
        """Whether growth is being held."""
        return at < self._quiet_until

    def restart(self) -> None:
        """Feel the way with a single connection."""
        self._size = 1.0
        self._cohorts = 0.0

    def change(self, limit: int) -> None:
        """Another ceiling."""
        self._limit = max(1, limit)
        self._size = min(self._size, float(self._limit))
