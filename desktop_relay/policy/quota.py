"""An account's quota: how many messages it may still take today and within this hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo

BUCKET = timedelta(minutes=5)
"""What is remembered of the past is counted in steps of this; every zone's midnight is the start of one."""

HOUR = timedelta(hours=1)
REMEMBERED = timedelta(days=2)
"""Older counts are of no use: the longest day, when clocks go back, has twenty-five hours."""


def bucket_of(at: datetime) -> datetime:
    """The start of the step that ``at`` lies in, in UTC."""
    seconds = int(at.timestamp() // BUCKET.total_seconds() * BUCKET.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


def day_of(now: datetime, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """The first moment of the day of ``zone`` (``None``: the machine's own) and of the next one, in UTC."""
    today = now.astimezone(zone).date()
    first, last = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        for day in (today, today + timedelta(days=1))
    )
    return first, last


class Quota:
    """Counts what an account took and tells whether it may take more. A pure state machine.

    ``daily`` is for a calendar day of ``zone``, ``hourly`` for any sixty minutes, rounded up to whole
    steps. A message counts from the moment it is admitted (``take``) unless it was not taken after all
    (``give_back``). ``used`` is what earlier engines counted, by step. Times are aware.
    """

    def __init__(
        self,
        daily: int | None,
        hourly: int | None,
        *,
        zone: tzinfo | None = None,
        used: Iterable[tuple[datetime, int]] = (),
    ) -> None:
        self._daily, self._hourly, self._zone = daily, hourly, zone
        self._counts: dict[datetime, int] = {}
        for start, number in used:
            self._counts[start] = self._counts.get(start, 0) + number
        self._step_began = self._day_began = self._day_ends = datetime.min.replace(tzinfo=UTC)
        self._today = 0
        self._lately = 0

    @property
    def is_limited(self) -> bool:
        """Whether there is anything to hold to."""
        return self._daily is not None or self._hourly is not None

    def limit(self, daily: int | None, hourly: int | None) -> None:
        """Go on under other limits; what was counted stays counted."""
        self._daily, self._hourly = daily, hourly

    def left(self, now: datetime) -> int | None:
        """Messages that may still go now; ``None`` without a limit."""
        self._pass_time(now)
        rooms = [
            limit - used
            for limit, used in ((self._daily, self._today), (self._hourly, self._lately))
            if limit is not None
        ]
        return max(0, min(rooms)) if rooms else None

    def today(self, now: datetime) -> int:
        """Messages counted today."""
        self._pass_time(now)
        return self._today

    def free_at(self, now: datetime, keep: int = 0) -> datetime | None:
        """When the next message may go while ``keep`` of the day are left to others; ``None``: now."""
        self._pass_time(now)
        if self._daily is not None and self._today + keep >= self._daily:
            return self._day_ends
        if self._hourly is not None and self._lately >= self._hourly:
            over = self._lately - self._hourly
            for start in sorted(self._counts):
                if self._is_lately(start, now):
                    over -= self._counts[start]
                    if over < 0:
                        return start + HOUR + BUCKET
        return None

    def take(self, now: datetime) -> None:
        """One message was admitted."""
        self._pass_time(now)
        self._count(self._step_began, 1)

    def give_back(self, now: datetime) -> None:
        """One message that was admitted lately was not taken."""
        self._pass_time(now)
        newest = max((start for start, number in self._counts.items() if number), default=None)
        if newest is not None and self._is_lately(newest, now):
            self._count(newest, -1)

    def _count(self, start: datetime, number: int) -> None:
        self._counts[start] = self._counts.get(start, 0) + number
        self._lately += number
        if self._day_began <= start < self._day_ends:
            self._today += number

    def _pass_time(self, now: datetime) -> None:
        if self._step_began <= now < self._step_began + BUCKET:
            return
        self._step_began = bucket_of(now)
        self._day_began, self._day_ends = day_of(now, self._zone)
        # what lies far ahead was counted by a clock that has been set back since
        self._counts = {
            start: number for start, number in self._counts.items() if abs(start - now) <= REMEMBERED
        }
        self._today = sum(n for start, n in self._counts.items() if self._day_began <= start < self._day_ends)
        self._lately = sum(n for start, n in self._counts.items() if self._is_lately(start, now))

    @staticmethod
    def _is_lately(start: datetime, now: datetime) -> bool:
        return now - HOUR - BUCKET < start < now + HOUR
