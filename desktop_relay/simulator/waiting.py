"""The recipients of one lane that wait: those never tried, and those whose retry is due later."""

from __future__ import annotations

import heapq


class Waiting:
    """What the spool is to the engine: leases what is due, the longest due first. Times are seconds."""

    def __init__(self, number: int) -> None:
        self._next = 0
        self._number = number
        self._returned: list[int] = []
        self._due: list[tuple[float, int, int]] = []

    @property
    def left(self) -> int:
        """How many wait, due or not."""
        return self.untried + len(self._due)

    @property
    def untried(self) -> int:
        """How many of them were never tried."""
        return self._number - self._next + len(self._returned)

    @property
    def next_due(self) -> float | None:
        """When the next retry is due."""
        return self._due[0][0] if self._due else None

    def lease(self, limit: int, at: float, kept: int = 0) -> list[tuple[int, int]]:
        """Up to ``limit`` places with their attempts so far; the untried are due from the start.

        ``kept`` of these stay behind.
        """
        fresh = limit if kept == 0 else min(limit, self.untried - kept)
        leased: list[tuple[int, int]] = []
        while len(leased) < fresh and self._returned:
            leased.append((self._returned.pop(), 0))
        while len(leased) < fresh and self._next < self._number:
            leased.append((self._next, 0))
            self._next += 1
        while len(leased) < limit and self._due and self._due[0][0] <= at:
            _, place, attempts = heapq.heappop(self._due)
            leased.append((place, attempts))
        return leased

    def defer(self, place: int, attempts: int, due: float) -> None:
        """Try it again at ``due``."""
        heapq.heappush(self._due, (due, place, attempts))

    def give_back(self, place: int, attempts: int, at: float) -> None:
        """A lease was not used."""
        if attempts == 0:
            self._returned.append(place)
        else:
            self.defer(place, attempts, at)

    def clear(self) -> int:
        """Nobody waits any longer; answers how many did."""
        number = self.left
        self._next = self._number
        self._returned.clear()
        self._due.clear()
        return number
