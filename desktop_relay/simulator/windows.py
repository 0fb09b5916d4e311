"""How many messages lie in a stretch of time, at most and at least, wherever it begins."""

from __future__ import annotations

from collections.abc import Sequence

WINDOWS = (1.0, 60.0, 600.0, 3600.0, 86400.0)
"""Seconds: the lengths over which paces are told."""

_TOLERANCE = 1e-6  # seconds that sums of many waits may be off


def most_in(times: Sequence[float], seconds: float) -> int:
    """The most that any half-open stretch of so many seconds holds; ``times`` ascend."""
    most = first = 0
    span = seconds - _TOLERANCE
    for place, at in enumerate(times):
        while at - times[first] >= span:
            first += 1
        most = max(most, place - first + 1)
    return most


def least_in(times: Sequence[float], seconds: float) -> int | None:
    """The fewest in a stretch between the first and the last of them; ``None`` when that is shorter."""
    if not times or times[-1] - times[0] < seconds:
        return None
    least = len(times)
    last = 0
    for place, at in enumerate(times):
        # the emptiest stretches begin just after a message
        if times[-1] - at < seconds:
            break
        while last < len(times) and times[last] - at <= seconds - _TOLERANCE:
            last += 1
        least = min(least, last - place - 1)
    return least
