"""Virtual time: a clock that stands still between events, and the agenda that moves it."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from desktop_relay.engine.wakeups import Wakeup


class VirtualClock:
    """Seconds since the start; ``now`` is the same moment as aware UTC."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._now = start
        self._told_at = 0.0
        self.seconds = 0.0

    def now(self) -> datetime:
        """Aware UTC."""
        if self._told_at != self.seconds:
            self._told_at = self.seconds
            self._now = self._start + timedelta(seconds=self.seconds)
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Nobody can wait for virtual time; the agenda calls back instead."""
        raise NotImplementedError


class Agenda:
    """What is going to happen, soonest first; in the order of asking where it is the same moment."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Wakeup]] = []
        self._numbers = count()

    def after(self, seconds: float, callback: Callable[[], None]) -> Wakeup:
        """Call back in so many seconds."""
        wakeup = Wakeup(self._clock.seconds + max(seconds, 0.0), callback)
        heapq.heappush(self._heap, (wakeup.at, next(self._numbers), wakeup))
        return wakeup

    def run(self, until: float) -> None:
        """Let everything happen that is due by ``until`` seconds; time stands at the last of it."""
        heap = self._heap
        while heap and heap[0][0] <= until:
            at, _, wakeup = heapq.heappop(heap)
            if not wakeup.cancelled:
                self._clock.seconds = at
                wakeup.callback()
