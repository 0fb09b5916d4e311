"""A sliding count: how many happened in any time of a given length, and when one more may."""

from __future__ import annotations

from array import array

from desktop_relay.domain.lane_memory import Counted

_FLOAT_GRAIN = 1e-6


class SlidingCount:
    """Never says that there is room when the last ``seconds`` are full, whichever ``seconds`` they are.

    What happens within one part (``seconds / parts``, from the first of it on) is counted together and
    forgotten ``seconds`` after the part's end: never too early, at most one part too late. A lane that is
    always at its limit so reaches ``parts / (parts + 1)`` of it. At most ``parts + 2`` pairs of numbers are
    kept (16 octets each), none for a lane that sends nothing.
    """

    __slots__ = ("_end", "_ends", "_number", "_numbers", "_part", "_seconds", "total")

    def __init__(self, seconds: float, parts: int, counted: Counted = (), at: float = 0.0) -> None:
        """``counted`` is what ``counted(at)`` of an earlier one answered."""
        self._seconds = seconds
        self._part = seconds / parts
        self._ends = array("d", (at - ago for ago, _ in counted))
        self._numbers = array("Q", (number for _, number in counted))
        self.total = sum(self._numbers)
        self._end = float("-inf")
        self._number = 0
        if self._ends:  # the newest part may still be open
            self._end, self._number = self._ends.pop(), self._numbers.pop()

    def add(self, at: float) -> None:
        """One more, now; ``at`` never goes back."""
        if at >= self._end:
            self._turn(at)
        self._number += 1
        self.total += 1

    def take_back(self, at: float | None = None) -> None:
        """The newest did not happen after all, or the one ``at``, if it is still counted with the newest.

        What is counted with older ones stays: taken from the newest, a window could hold more than it says.
        """
        if self._number > 0 and (at is None or at >= self._end - self._part):
            self._number -= 1
            self.total -= 1

    def wait(self, limit: int, at: float) -> float:
        """Seconds until one more makes no more than ``limit`` (at least 1), as far as is known now."""
        if self.total < limit:
            return 0.0
        self._forget(at)
        over = self.total - limit
        if over < 0:
            return 0.0
        for end, number in zip(self._ends, self._numbers, strict=True):
            over -= number
            if over < 0:
                return max(0.0, end + self._seconds - at) + _FLOAT_GRAIN
        return max(0.0, self._end + self._seconds - at) + _FLOAT_GRAIN

    def counted(self, at: float) -> Counted:
        """What must be remembered; the seconds of a part that is still open are negative."""
        self._forget(at)
        pairs = [*zip(self._ends, self._numbers, strict=True)]
        if self._number:
            pairs.append((self._end, self._number))
        return tuple((at - end, number) for end, number in pairs)

    def _turn(self, at: float) -> None:
        if self._number:
            self._ends.append(self._end)
            self._numbers.append(self._number)
        self._end, self._number = at + self._part, 0
        self._forget(at)

    def _forget(self, at: float) -> None:
        gone = 0
        for end in self._ends:
            if end + self._seconds >= at:
                break
            gone += 1
        if gone:
            self.total -= sum(self._numbers[:gone])
            del self._ends[:gone], self._numbers[:gone]
        if self._number and self._end + self._seconds < at:
            self.total -= self._number
            self._number = 0
