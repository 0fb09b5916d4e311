"""How many messages were accepted lately, by second and by minute."""

from __future__ import annotations

from collections import deque

MINUTE = 60
_HISTORY = 60


class Pace:
    """Counts accepted messages; times are real monotonic seconds. ``ended`` are all attempts so far."""

    __slots__ = ("_minutes", "_seconds", "_since", "ended")

    def __init__(self, at: float) -> None:
        self._since = at
        self.ended = 0
        self._seconds: deque[list[int]] = deque(maxlen=MINUTE + 1)
        self._minutes: deque[list[int]] = deque(maxlen=_HISTORY)

    def add(self, at: float) -> None:
        """One more."""
        _count(self._seconds, int(at))
        _count(self._minutes, int(at) // MINUTE)

    def rate(self, at: float, window_seconds: int) -> float:
        """Messages per second over the last ``window_seconds`` (at most 60), or since counting began."""
        first = int(at) - window_seconds
        number = sum(n for second, n in self._seconds if second > first)
        lasted = min(float(window_seconds), at - self._since)
        return number / max(lasted, 1.0)

    def history(self, at: float) -> tuple[float, ...]:
        """Messages per minute, oldest first, at most 60 values, the running minute last."""
        if not self._minutes:
            return ()
        counted = {bucket[0]: bucket[1] for bucket in self._minutes}
        now = int(at) // MINUTE
        first = max(self._minutes[0][0], now - _HISTORY + 1)
        return tuple(float(counted.get(minute, 0)) for minute in range(first, now + 1))


def _count(buckets: deque[list[int]], key: int) -> None:
    if buckets and buckets[-1][0] == key:
        buckets[-1][1] += 1
    else:
        buckets.append([key, 1])
