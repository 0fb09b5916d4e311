"""When a lane or campaign will be through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_FARTHEST = timedelta(days=3650)

USUAL_RETRY = timedelta(minutes=15)
"""What most first retries take; who is put off among the last makes a lane end so much later."""

PUT_OFF = 0.03
"""The share of first tries that are put off for a passing reason (estimate: 2 to 5 % are greylisted)."""

_NEAR = 0.8  # a measured pace is an average that wavers: from here on it is the allowed one that is reached


@dataclass(frozen=True, slots=True)
class Work:
    """What is left of a lane. ``fresh`` were never tried; ``retries_due`` is when the last retry is.

    ``stragglers`` wait for a mailbox to be cleared and are not counted in; ``gives_up_at`` is the end of
    the campaign's time.
    """

    fresh: int
    retries: int = 0
    retries_due: datetime | None = None
    stragglers: int = 0
    gives_up_at: datetime | None = None


def forecast(
    work: Work,
    pace_allowed: float | None,
    pace_actual: float,
    now: datetime,
    suspended_for: float,
    starts_at: datetime | None = None,
    *,
    speed: float = 1.0,
) -> datetime | None:
    """The time at which a lane will be through, or ``None`` where nobody can tell.

    Paces are messages per second, ``pace_allowed`` ``None`` without a limit; ``suspended_for`` seconds.
    ``starts_at`` is when the fresh ones may go, if not now. The pace that is really reached counts, but never
    more than is allowed; before anything was sent, and after a suspension, the allowed one. Somebody among
    many will be put off, which is waited for; ``speed`` divides that. With nobody but stragglers left it is
    the end of the campaign's time. Times in the past count as now.
    """
    ends = [now]
    if work.fresh > 0:
        end = _fresh_end(work.fresh, pace_allowed, pace_actual, now, suspended_for, starts_at)
        if end is None:
            return None
        ends.append(end + USUAL_RETRY / speed if work.fresh * PUT_OFF >= 1 else end)
    if work.retries > 0:
        due = max(work.retries_due or now, now + timedelta(seconds=max(suspended_for, 0.0)))
        ends.append(due)
    if work.stragglers > 0 and work.fresh <= 0 and work.retries <= 0 and work.gives_up_at is not None:
        ends.append(work.gives_up_at)
    return max(ends)


def _fresh_end(
    fresh: int,
    pace_allowed: float | None,
    pace_actual: float,
    now: datetime,
    suspended_for: float,
    starts_at: datetime | None,
) -> datetime | None:
    pace = pace_actual if suspended_for <= 0 else 0.0
    if pace_allowed is not None:
        pace = pace_allowed if pace >= _NEAR * pace_allowed or pace <= 0 else pace
    if pace <= 0:
        return None
    seconds = fresh / pace
    if not max(seconds, suspended_for) < _FARTHEST.total_seconds():
        return None
    start = now + timedelta(seconds=max(suspended_for, 0.0))
    if starts_at is not None and starts_at > start:
        start = starts_at
    return start + timedelta(seconds=seconds)
