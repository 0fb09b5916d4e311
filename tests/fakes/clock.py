"""A clock that only moves when a test turns it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
_TURNS = 5


class FakeClock:
    """``advance`` moves time and lets everybody whose sleep is over run."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._seconds = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        """Aware UTC."""
        return self._start + timedelta(seconds=self._seconds - 1000.0)

    def monotonic(self) -> float:
        """Seconds."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Until a test has moved time that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._numbers), future))
        await future

    async def advance(self, seconds: float) -> None:
        """Move time, stopping at each moment that somebody waits for."""
        end = self._seconds + seconds
        await _let_run()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, future = heapq.heappop(self._sleepers)
            self._seconds = max(self._seconds, at)
            if not future.done():
                future.set_result(None)
                await _let_run()
        self._seconds = end
        await _let_run()


async def _let_run() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
