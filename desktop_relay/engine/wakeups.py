"""Callbacks that are due later, all on one clock and one task."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Callable
from itertools import count

from desktop_relay.domain.clock import Clock

log = logging.getLogger(__name__)

_EARLY_SECONDS = 0.001
"""Timers may come a little early; waiting again for less than this costs more than it tells."""


class Wakeup:
    """One callback that is due at ``at`` seconds of the clock."""

    __slots__ = ("at", "callback", "cancelled")

    def __init__(self, at: float, callback: Callable[[], None]) -> None:
        self.at = at
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        """It is not wanted any more, and holds nobody until its time comes."""
        self.cancelled = True
        self.callback = _nothing


def _nothing() -> None:
    """What a cancelled one would do."""


class Wakeups:
    """The engine's alarm clock. Times are seconds of ``clock.monotonic``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Wakeup]] = []
        self._numbers = count()
        self._sooner = asyncio.Event()

    def after(self, seconds: float, callback: Callable[[], None]) -> Wakeup:
        """Call back in so many seconds, or as soon as the loop comes to it."""
        wakeup = Wakeup(self._clock.monotonic() + max(seconds, 0.0), callback)
        if not self._heap or wakeup.at < self._heap[0][0]:
            self._sooner.set()
        heapq.heappush(self._heap, (wakeup.at, next(self._numbers), wakeup))
        return wakeup

    def look_again(self) -> None:
        """Time jumped: what is due now was to be waited for much longer."""
        self._sooner.set()

    async def run(self) -> None:
        """Call back for ever; a callback that fails is told in the log and does not stop the others."""
        while True:
            self._sooner.clear()
            self._call_due()
            await self._rest()

    def _call_due(self) -> None:
        now = self._clock.monotonic() + _EARLY_SECONDS
        while self._heap and (self._heap[0][0] <= now or self._heap[0][2].cancelled):
            wakeup = heapq.heappop(self._heap)[2]
            if wakeup.cancelled:
                continue
            try:
                wakeup.callback()
            except Exception:  # process boundary: one bad callback must not silence all timers
                log.exception("a wake-up failed")

    async def _rest(self) -> None:
        """Until the next one is due, or one comes that is due sooner."""
        if not self._heap:
            await self._sooner.wait()
            return
        sleeping = asyncio.ensure_future(self._clock.sleep(self._heap[0][0] - self._clock.monotonic()))
        sooner = asyncio.ensure_future(self._sooner.wait())
        try:
            await asyncio.wait((sleeping, sooner), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            sooner.cancel()
