"""A clock on which machines sleep and people set the time."""

from __future__ import annotations

import asyncio
import heapq
from datetime import datetime, timedelta

from tests.fakes.clock import FakeClock


class JumpingClock(FakeClock):
    """Time that jumps; waits begun before a jump take as long as was asked, in time awake."""

    def __init__(self) -> None:
        super().__init__()
        self._offset = timedelta()

    def now(self) -> datetime:
        """Aware UTC."""
        return super().now() + self._offset

    def set(self, by: timedelta) -> None:
        """Somebody sets the clock on the wall."""
        self._offset += by

    def sleep_machine(self, seconds: float, *, counted: bool) -> None:
        """The machine sleeps; ``counted``: the monotonic clock goes on, as on Windows and with boot time."""
        if not counted:
            self._offset += timedelta(seconds=seconds)
            return
        self._seconds += seconds
        self._sleepers = [(at + seconds, number, future) for at, number, future in self._sleepers]
        heapq.heapify(self._sleepers)

    async def awake(self, seconds: float) -> None:
        """Time passes, in steps, with a moment of real time for threads and connections at each."""
        end = self.monotonic() + seconds
        while self.monotonic() < end:
            await self.advance(min(0.5, end - self.monotonic()))
            await asyncio.sleep(0.002)
