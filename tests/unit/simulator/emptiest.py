"""How few messages lie in a stretch of time, wherever it begins."""

from __future__ import annotations

from collections.abc import Sequence

_TOLERANCE = 1e-6  # seconds that sums of many waits may be off


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
