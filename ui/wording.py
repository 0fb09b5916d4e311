"""How numbers, times and rates are said: the way people say them, in the window's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

_PERCENT = "\N{NO-BREAK SPACE}%"  # no line ends before it
_HOUR = 3600
_DAY = 86400


def number(value: float) -> str:
    """A whole number with separators."""
    return f"{round(value):,}"


def percent(part: float, whole: float) -> str:
    """A share as a whole per cent; tenths where it would round to none or to all."""
    if whole <= 0:
        return "0" + _PERCENT
    share = 100 * part / whole
    if share == int(share) or 1 <= share <= 99:
        return f"{share:.0f}{_PERCENT}"
    return f"{min(share, 99.9) if share > 99 else max(share, 0.1):.1f}{_PERCENT}"


def share(value: float) -> str:
    """A share from 0 to 1 with the decimals that make small ones readable."""
    shown = 100 * value
    decimals = 2 if 0 < shown < 0.1 else 1
    return f"{shown:.{decimals}f}".removesuffix(".0") + _PERCENT


def rate(per_second: float) -> str:
    """A pace in messages a second, or a minute when that is easier to read."""
    if per_second <= 0:
        return "—"
    if per_second >= 9.95:
        return QCoreApplication.translate("Wording", "{rate}/s").format(rate=f"{per_second:,.0f}")
    if per_second >= 0.995:
        return QCoreApplication.translate("Wording", "{rate}/s").format(rate=f"{per_second:.1f}")
    per_minute = per_second * 60
    shown = f"{per_minute:.0f}" if per_minute >= 10 else f"{per_minute:.1f}"
    return QCoreApplication.translate("Wording", "{rate}/min").format(rate=shown)


def _whole(at: datetime) -> datetime:
    """To the second: a wait that is reckoned comes out a little early or late."""
    return (at.astimezone() + timedelta(milliseconds=500)).replace(microsecond=0)


def clock_time(at: datetime, *, seconds: bool = False) -> str:
    """Local time of day; the moment before midnight is midnight."""
    return _whole(at).strftime("%H:%M:%S" if seconds else "%H:%M")


def day_and_time(at: datetime, now: datetime) -> str:
    """Local time; with the day when it is not today's."""
    there, here = _whole(at), now.astimezone()
    if there.date() == here.date():
        return clock_time(at)
    if there.date() == here.date() + timedelta(days=1):
        return QCoreApplication.translate("Wording", "tomorrow {time}").format(time=clock_time(at))
    if there.year == here.year:
        return f"{there.month}/{there.day} {clock_time(at)}"
    return f"{there.year}-{there.month:02}-{there.day:02} {clock_time(at)}"


def told_apart(names: Sequence[str], times: Sequence[datetime | None], now: datetime) -> list[str]:
    """The names; a name that comes more than once with its time."""
    often = Counter(names)
    return [
        f"{name} · {day_and_time(at, now)}" if often[name] > 1 and at is not None else name
        for name, at in zip(names, times, strict=True)
    ]


def until(at: datetime, now: datetime) -> str:
    """How long it still takes, as people say it."""
    seconds = (at - now).total_seconds()
    if seconds <= 0:
        return QCoreApplication.translate("Wording", "now")
    if seconds < 60:
        return QCoreApplication.translate("Wording", "in {n} s").format(n=round(seconds) or 1)
    if seconds < 2 * _HOUR:
        return QCoreApplication.translate("Wording", "in {n} min").format(n=round(seconds / 60))
    if seconds < 2 * _DAY:
        return QCoreApplication.translate("Wording", "in {n} h").format(n=round(seconds / _HOUR))
    return QCoreApplication.translate("Wording", "in {n} days").format(n=round(seconds / _DAY))


def left_out(names: Iterable[str]) -> str:
    """Which attachments a backup does not hold."""
    return QCoreApplication.translate(
        "Wording",
        "These attachments are not in it, since they were not found or are larger than 50 MB: {names}",
    ).format(names=", ".join(names))
