"""Times as people type them: ``18:30``, ``2026-12-01 09:00``, ISO 8601 with offset; spans like ``90m``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from desktop_relay.domain.errors import BadInput, ErrorCode

_JUST_NOW = timedelta(minutes=1)
_SHORT_HOUR = re.compile(r"(?:^|(?<=[ T]))(?=\d:)")
_SPAN = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_time(text: str, now: datetime) -> datetime:
    """Aware UTC; a time of day means its next occurrence here.

    Raises ``BadInput`` (``value_invalid``), also for a moment that is over: nobody means "at once" by it.
    """
    given = _SHORT_HOUR.sub("0", text)
    try:
        if len(given) <= len("HH:MM:SS") and ":" in given:
            # without a zone a time is this machine's on that very day, whatever its clocks do in the night
            today = datetime.combine(now.astimezone().date(), time.fromisoformat(given))
            return (today if today.astimezone() > now else today + timedelta(days=1)).astimezone(UTC)
        moment = datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInput(ErrorCode.VALUE_INVALID, field="time", value=text) from error
    if moment < now - _JUST_NOW:
        raise BadInput(ErrorCode.VALUE_INVALID, field="time", value=text)
    return moment


def parse_span(text: str) -> timedelta:
    """A number with ``s``, ``m``, ``h`` or ``d``; raises ``BadInput`` (``value_invalid``)."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise BadInput(ErrorCode.VALUE_INVALID, field="time", value=text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
