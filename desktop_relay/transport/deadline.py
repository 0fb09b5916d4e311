"""A moment by which something must have happened, moved with every octet at next to no cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf


class Deadline:
    """Calls ``late`` when the moment passes. The loop's timer is touched only when it would come too late."""

    __slots__ = ("_at", "_late", "_latest", "_loop", "_timer", "_timer_at")

    def __init__(self, loop: asyncio.AbstractEventLoop, late: Callable[[], None]) -> None:
        self._loop = loop
        self._late = late
        self._at = inf
        self._latest = inf
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = inf

    def start(self, seconds: float) -> None:
        """It is so many seconds from now."""
        self._latest = self._loop.time() + seconds
        self._set(self._latest)

    def hasten(self, seconds: float) -> None:
        """It is so many seconds from now, but no later than ``start`` made it."""
        self._set(min(self._loop.time() + seconds, self._latest))

    def lift(self) -> None:
        """There is none until it is started again."""
        self._at = inf

    def cancel(self) -> None:
        """There will be none any more."""
        self._at = self._timer_at = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set(self, at: float) -> None:
        self._at = at
        if at < self._timer_at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer_at = at
            self._timer = self._loop.call_at(at, self._look)

    def _look(self) -> None:
        self._timer = None
        self._timer_at = inf
        if self._at == inf:
            return
        if self._loop.time() < self._at:
            self._set(self._at)
        else:
            self._late()
