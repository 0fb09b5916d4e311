"""An account's quota: how many messages it may still take today and within this hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.policy.warmup import WarmupWatch

BUCKET = timedelta(minutes=5)
"""What is remembered of the past is counted in steps of this; every zone's midnight is the start of one."""

HOUR = timedelta(hours=1)
REMEMBERED = timedelta(days=2)
"""Older counts are of no use: the longest day, when clocks go back, has twenty-five hours."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit: ``most`` messages, each of which counts for ``lasts``.

    ``used`` are those that count now, by when they are forgotten; with ``resets_at`` all are at once.
    ``later`` is what the limit is after each reset that had enough of them, the last for ever.
    """

    reason: LaneReason
    most: int
    lasts: timedelta
    used: tuple[tuple[datetime, int], ...]
    resets_at: datetime | None = None
    later: tuple[int, ...] = ()


def bucket_of(at: datetime) -> datetime:
    """The start of the step that ``at`` lies in, in UTC."""
    seconds = int(at.timestamp() // BUCKET.total_seconds() * BUCKET.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


def day_of(now: datetime, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """The first moment of the day of ``zone`` (``None``: the machine's own) and of the next one, in UTC."""
    today = now.astimezone(zone).date()
    return _beginning(today, zone), _beginning(today + timedelta(days=1), zone)


def _beginning(day: date, zone: tzinfo | None) -> datetime:
    """Its midnight; the first of two, and where clocks leap over it the moment after."""
    readings = (datetime.combine(day, time(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return min(moment for moment in readings if moment.astimezone(zone).date() >= day)


class Quota:
    """Counts what an account took and tells whether it may take more. A pure state machine.

    ``daily`` is for a calendar day of ``zone``, ``hourly`` for any sixty minutes, rounded up to whole
    steps. A message counts from the moment it is admitted (``take``); while nobody knows what becomes of it,
    whatever day and hour it is, and once it was taken (``end``) from that moment on, as the provider counts
    it. One that was not taken does not count (``give_back``). ``used`` is what earlier engines counted, by
    step; what went ``elsewhere`` counts for its day. A ``warmup`` is one more limit of the day, and hears of
    what was taken. Times are aware. A clock that is set makes nobody forget: what lies ahead of it, up to
    ``REMEMBERED``, counts for today, and what lies further off is forgotten once mail goes by that clock.
    """

    def __init__(
        self,
        daily: int | None,
        hourly: int | None,
        *,
        zone: tzinfo | None = None,
        used: Iterable[tuple[datetime, int]] = (),
        elsewhere: Elsewhere | None = None,
        warmup: WarmupWatch | None = None,
    ) -> None:
        self._daily, self._hourly, self._warmup, self._zone = daily, hourly, warmup, zone
        self._elsewhere = elsewhere
        self._counts: dict[datetime, int] = {}
        for start, number in used:
            self._counts[start] = self._counts.get(start, 0) + number
        self._open: dict[datetime, int] = {}
        self._step_began = self._day_began = self._day_ends = datetime.min.replace(tzinfo=UTC)
        self._today = 0
        self._lately = 0
        self._of_day: int | None = None

    def limit(self, daily: int | None, hourly: int | None, warmup: WarmupWatch | None = None) -> None:
        """Go on under other limits; what was counted stays counted."""
        self._daily, self._hourly, self._warmup = daily, hourly, warmup
        self._look_again()

    def count_elsewhere(self, elsewhere: Elsewhere | None) -> None:
        """So many went over the account by other programs, on that day; what was told before is forgotten."""
        self._elsewhere = elsewhere
        self._look_again()

    def left(self, now: datetime) -> int | None:
        """Messages that may still go now; ``None`` without a limit."""
        self._pass_time(now)
        rooms = [
            limit - used
            for limit, used in ((self._of_day, self._today), (self._hourly, self._lately))
            if limit is not None
        ]
        return max(0, min(rooms)) if rooms else None

    def today(self, now: datetime) -> int:
        """Messages counted today."""
        self._pass_time(now)
        return self._today

    def lately(self, now: datetime) -> int:
        """Messages counted within sixty minutes, rounded up to whole steps."""
        self._pass_time(now)
        return self._lately

    def why(self, now: datetime) -> LaneReason:
        """What holds, while something does: the plan of a warm-up, or the quota."""
        self._pass_time(now)
        of_plan = self._of_day is not None and self._of_day != self._daily
        full = of_plan and self._today >= (self._of_day or 0)
        return LaneReason.WARMING_UP if full else LaneReason.QUOTA_USED

    def counted(self, now: datetime) -> list[Counted]:
        """Each limit with what counts against it now."""
        self._pass_time(now)
        found: list[Counted] = []
        today, lasts = ((self._day_ends, self._today),), self._day_ends - self._day_began
        if self._daily is not None:
            found.append(Counted(LaneReason.QUOTA_USED, self._daily, lasts, today, self._day_ends))
        if self._warmup is not None:
            most, ahead = self._warmup.allowance(now), self._warmup.ahead(now)
            found.append(Counted(LaneReason.WARMING_UP, most, lasts, today, self._day_ends, ahead))
        if self._hourly is not None:
            lately = sorted(
                (start, n) for start, n in self._counts.items() if n and self._is_lately(start, now)
            )
            ends = tuple((start + HOUR + BUCKET, n) for start, n in lately)
            found.append(Counted(LaneReason.QUOTA_USED, self._hourly, HOUR + BUCKET, ends))
        return found

    def free_at(self, now: datetime, keep: int = 0) -> datetime | None:
        """When the next message may go while ``keep`` of the day are left to others; ``None``: now."""
        self._pass_time(now)
        if self._of_day is not None and self._today + keep >= self._of_day:
            return self._day_ends
        if self._hourly is not None and self._lately >= self._hourly:
            over = self._lately - self._hourly
            for start in sorted(self._counts):
                if self._is_lately(start, now):
                    over -= self._counts[start]
                    if over < 0:
                        return start + HOUR + BUCKET
            return self._step_began + BUCKET  # what is still open fills it
        return None

    def take(self, now: datetime) -> None:
        """One message was admitted."""
        self._pass_time(now)
        step = self._step_began
        if step not in self._counts:
            self._forget_far(now)
        self._counts[step] = self._counts.get(step, 0) + 1
        self._open[step] = self._open.get(step, 0) + 1
        self._today += 1
        self._lately += 1

    def end(self, now: datetime) -> None:
        """One message that was admitted was taken, or may have been."""
        self._pass_time(now)
        step = min(self._open, default=self._step_began)
        self._close(step)
        if self._warmup is not None:
            self._warmup.took(now)
        if step != self._step_began:
            self._counts[step] -= 1
            self._counts[self._step_began] = self._counts.get(self._step_began, 0) + 1
            self._recount(now)

    def give_back(self, now: datetime) -> None:
        """One message that was admitted was not taken."""
        self._pass_time(now)
        step = max(self._open, default=None)
        if step is not None:
            self._close(step)
            self._counts[step] -= 1
            self._recount(now)

    def _close(self, step: datetime) -> None:
        left = self._open.pop(step, 1) - 1
        if left:
            self._open[step] = left

    def _pass_time(self, now: datetime) -> None:
        if self._step_began <= now < self._step_began + BUCKET:
            return
        self._step_began = bucket_of(now)
        self._day_began, self._day_ends = day_of(now, self._zone)
        self._recount(now)
        self._of_day = self._plan_day(now)

    def _forget_far(self, now: datetime) -> None:
        """Counts too old to matter, and those of a clock that ran far ahead."""
        self._counts, self._open = (
            {start: number for start, number in counted.items() if abs(start - now) <= REMEMBERED}
            for counted in (self._counts, self._open)
        )

    def _look_again(self) -> None:
        """Whatever is asked for next is reckoned anew."""
        self._step_began = datetime.min.replace(tzinfo=UTC)

    def _plan_day(self, now: datetime) -> int | None:
        """Messages that the day may have: as the quota says, or the warm-up where that is less."""
        if self._warmup is None:
            return self._daily
        allowance = self._warmup.allowance(now)
        return allowance if self._daily is None else min(self._daily, allowance)

    def _count_others(self, now: datetime) -> int:
        """What other programs sent today."""
        told = self._elsewhere
        if told is None or told.day != now.astimezone(self._zone).date():
            return 0
        if self._warmup is not None:
            self._warmup.count_elsewhere(told.number, now)
        return told.number

    def _recount(self, now: datetime) -> None:
        """What is open counts also where it was admitted before the day or the hour."""
        counts = self._counts.items()
        still = [(start, n) for start, n in self._open.items() if abs(start - now) <= REMEMBERED]
        self._today = sum(n for start, n in counts if self._is_today(start, now))
        self._today += sum(n for start, n in still if not self._is_today(start, now))
        self._today += self._count_others(now)
        self._lately = sum(n for start, n in counts if self._is_lately(start, now))
        self._lately += sum(n for start, n in still if not self._is_lately(start, now))

    def _is_today(self, start: datetime, now: datetime) -> bool:
        return self._day_began <= start <= now + REMEMBERED

    @staticmethod
    def _is_lately(start: datetime, now: datetime) -> bool:
        return now - HOUR - BUCKET < start < now + HOUR
