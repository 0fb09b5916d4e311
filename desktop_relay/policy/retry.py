"""When to try a deferred recipient again, by cause."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from desktop_relay.domain.outcome import Reason

_R = Reason


@dataclass(frozen=True, slots=True)
class Schedule:
    """Waits in minutes: ``first``, doubling up to ``longest``; spread over ``low`` to ``high`` times that."""

    first: float
    longest: float
    low: float = 0.9
    high: float = 1.1

    def bounds(self, attempts: int) -> tuple[timedelta, timedelta]:
        """The shortest and longest wait after this many attempts."""
        doublings = min(max(attempts, 1) - 1, 20)
        minutes = min(self.first * 2**doublings, self.longest)
        return timedelta(minutes=minutes * self.low), timedelta(minutes=minutes * self.high)


_STANDARD = Schedule(15, 480)
# Greylisting servers let a sender in who comes back after some five minutes.
_GREYLISTED = Schedule(10, 240, low=0.6, high=1.5)
_DNS = Schedule(10, 120, low=0.5, high=1.5)
# The mailbox's owner has to clear up first.
_MAILBOX = Schedule(120, 480)
# Carriers lift blocks by themselves after half a day to a day.
_BLOCK = Schedule(60, 480)
# A new connection is all that is wanted.
_SOON = Schedule(2, 120)
# The campaign stands still meanwhile; due again when somebody has mended it.
_MENDED_BY_A_PERSON = Schedule(1, 60)

_SCHEDULES: Mapping[Reason, Schedule] = {
    _R.GREYLISTED: _GREYLISTED,
    _R.DNS_TEMPORARY: _DNS,
    _R.MAILBOX_FULL: _MAILBOX,
    _R.BLOCKED: _BLOCK,
    _R.POSSIBLE_BLOCK: _BLOCK,
    _R.BAD_REPUTATION: _BLOCK,
    _R.NO_REVERSE_DNS: _BLOCK,
    _R.SESSION_LIMIT: _SOON,
    _R.CONNECTION_LIMIT: _SOON,
    _R.TOO_MANY_RECIPIENTS: _SOON,
    _R.CONNECTION_LOST: Schedule(5, 480),
    _R.LOGIN_FAILED: _MENDED_BY_A_PERSON,
    _R.PASSWORD_MISSING: _MENDED_BY_A_PERSON,
    _R.SIGN_IN_NEEDED: _MENDED_BY_A_PERSON,
    _R.TOKEN_UNAVAILABLE: _SOON,
    _R.AUTH_FAILURE: _MENDED_BY_A_PERSON,
    _R.SENDER_REFUSED: _MENDED_BY_A_PERSON,
}


_HINT = re.compile(r"\bin (\d{1,5}) ?(s|sec|m|min|h)\w*", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_HINT = timedelta(hours=4)
_AFTER_HINT = 1.2  # not everybody at once


def parse_hint(text: str) -> timedelta | None:
    """How long a server asks to stay away ("try again in 300 seconds"), at most four hours, or ``None``."""
    found = _HINT.search(text)
    if found is None:
        return None
    return min(timedelta(seconds=int(found[1]) * _UNITS[found[2][0].lower()]), _LONGEST_HINT)


def schedule_of(reason: Reason) -> Schedule:
    """The schedule of a cause."""
    return _SCHEDULES.get(reason, _STANDARD)


def plan_retry(reason: Reason, attempts: int, jitter: float, hint: timedelta | None = None) -> timedelta:
    """How long to wait after attempt number ``attempts``; ``jitter`` in [0, 1) spreads the retries.

    Never shorter than ``hint``, what the server asked for: before that it would only say the same again.
    Fifteen minutes doubling to eight hours for most causes (RFC 5321 4.5.4.1 allows less than thirty
    minutes where the cause is known).
    """
    shortest, longest = schedule_of(reason).bounds(attempts)
    if hint is not None and hint > shortest:
        shortest, longest = hint, max(longest, hint * _AFTER_HINT)
    return shortest + (longest - shortest) * min(max(jitter, 0.0), 1.0)
