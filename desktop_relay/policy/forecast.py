"""When a lane or campaign will be through."""

from __future__ import annotations

from datetime import datetime, timedelta

_FARTHEST = timedelta(days=3650)


def forecast(
    remaining: int,
    pace_allowed: float | None,
    pace_actual: float,
    now: datetime,
    suspended_for: float,
    next_due: datetime | None,
) -> datetime | None:
    """The time at which ``remaining`` messages will have been sent, or ``None`` where nobody can tell.

    Paces are messages per second, ``pace_allowed`` ``None`` without a limit; ``suspended_for`` seconds.
    ``next_due`` is when the first of them may be tried, if not now. The pace that is really reached counts,
    but never more than is allowed; before anything was sent, and after a suspension, the allowed one.
    """
    if remaining <= 0:
        return now
    pace = pace_actual if suspended_for <= 0 else 0.0
    if pace_allowed is not None:
        pace = min(pace, pace_allowed) if pace > 0 else pace_allowed
    if pace <= 0:
        return None
    seconds = remaining / pace
    if not max(seconds, suspended_for) < _FARTHEST.total_seconds():
        return None
    start = now + timedelta(seconds=max(suspended_for, 0.0))
    if next_due is not None and next_due > start:
        start = next_due
    return start + timedelta(seconds=seconds)
