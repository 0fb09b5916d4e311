"""How many messages lie in a stretch of time at most, wherever it begins."""

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
