"""Where the engine's time comes from: the system's clock, and one on which seconds pass faster."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from desktop_relay.domain.clock import Clock


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
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
