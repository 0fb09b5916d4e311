"""Where commands come in: closed once the engine ends, and known to be empty when the last one is done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_relay.domain.command import Command, Shutdown, Status, Watch
from desktop_relay.domain.errors import ErrorCode, Refused

_HARMLESS = (Status, Watch, Shutdown)
"""These change nothing that the end could tear in two."""


class Door:
    """Counts commands at work. A command that came in is finished; one that comes too late is not begun."""

    def __init__(self) -> None:
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self.closed = False

    def close(self) -> None:
        """The engine ends: who comes now is told to ask the next one."""
        self.closed = True

    @contextmanager
    def enter(self, command: Command) -> Iterator[None]:
        """Around the work on a command; raises ``Refused`` (``engine_stopping``)."""
        if isinstance(command, _HARMLESS):
            yield
            return
        if self.closed:
            raise Refused(ErrorCode.ENGINE_STOPPING)
        self._inside += 1
        self._empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if self._inside == 0:
                self._empty.set()

    async def emptied(self, timeout_seconds: float) -> bool:
        """Wait until no command is at work; whether that was so in time."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True
