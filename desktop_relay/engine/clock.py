"""Where the engine's time comes from: the system's clock, one on which seconds pass faster, and its jumps."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desktop_relay.domain.clock import Clock

ASLEEP_SECONDS = 20.0
"""A wait that took so much longer than asked was no wait: the machine slept, or the process stood still."""

SET_SECONDS = 5.0
"""A clock that differs so much from what it should say was set; less is how clocks are kept right."""

_NO_SPAN = timedelta()


class SystemClock:
    """The machine's own time. ``monotonic`` goes on in the machine's sleep, wherever the system can tell."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return _since_boot()

    async def sleep(self, seconds: float) -> None:
        """Wait; the time that the machine sleeps does not count."""
        await asyncio.sleep(seconds)


class ScaledClock:
    """Pace and waits ``speed`` times as fast as ``base``; ``now`` stays real, the ledger tells no tales."""

    def __init__(self, base: Clock, speed: float) -> None:
        self._base = base
        self.speed = speed

    def now(self) -> datetime:
        """Aware UTC, unscaled."""
        return self._base.now()

    def monotonic(self) -> float:
        """Seconds of this clock: ``speed`` of them in a real one."""
        return self._base.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        await self._base.sleep(seconds / self.speed)


@dataclass(frozen=True, slots=True)
class Jump:
    """``slept``: seconds that passed unseen. ``was_set``: how far the clock was set, below 0 when back."""

    slept: float = 0.0
    was_set: timedelta = _NO_SPAN

    @property
    def was_set_back(self) -> bool:
        """What was to happen at a time of day would now happen later."""
        return self.was_set < _NO_SPAN


class TimeWatch:
    """Notices that time jumped. Ask it after every wait of a known length.

    Where the monotonic clock stands still in the machine's sleep, a sleep looks like a clock set forward:
    both are told, and what is to be done about them is the same.
    """

    def __init__(self, now: datetime, monotonic: float) -> None:
        self._now = now
        self._monotonic = monotonic

    def look(self, now: datetime, monotonic: float, waited: float) -> Jump | None:
        """What happened since the last look, ``waited`` seconds being meant to pass."""
        passed = monotonic - self._monotonic
        was_set = now - self._now - timedelta(seconds=passed)
        self._now, self._monotonic = now, monotonic
        slept = max(passed - waited, 0.0)
        is_set = abs(was_set.total_seconds()) >= SET_SECONDS
        if slept < ASLEEP_SECONDS and not is_set:
            return None
        return Jump(slept if slept >= ASLEEP_SECONDS else 0.0, was_set if is_set else _NO_SPAN)


if sys.platform == "win32":

    def follow_zone() -> None:
        """Another zone is known to a new process only."""

else:

    def follow_zone() -> None:
        """Days are those of the zone that the machine is set to now; a process keeps the one of its start."""
        time.tzset()


if sys.platform == "linux":

    def _since_boot() -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def _since_boot() -> float:
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # there, other than ``time.monotonic``, it goes on

else:
    _since_boot = time.monotonic
