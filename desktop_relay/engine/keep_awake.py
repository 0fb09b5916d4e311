"""Keeps the machine from falling asleep while mail is due, and only then."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from wakepy import keep

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import load_settings

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0

SOON = timedelta(minutes=1)
"""A lane whose next message goes by then is due, and one that was due is taken to be for so much longer."""

Hold = Callable[[], Callable[[], None]]
"""Asks the system to stay awake, and answers what takes that back."""


def hold_awake() -> Callable[[], None]:
    """Ask this system (``Hold``); never raises, and does nothing where it cannot be asked.

    wakepy asks each system in its own way and takes it back in the thread that asked. The screen may go dark.
    """
    over = threading.Event()
    threading.Thread(target=_hold, args=(over,), name="keep-awake", daemon=True).start()
    return over.set


def _hold(over: threading.Event) -> None:
    try:
        with keep.running(on_fail="pass") as asked:
            log.info("the machine is %s", "kept awake" if asked.active else "not kept awake")
            over.wait()
    except Exception:  # process boundary: what desktops answer must not reach the mail
        log.exception("the system could not be asked to stay awake")


def is_due(stream: Stream, now: datetime) -> bool:
    """Whether a message of it is on the wire, ready, or may go soon."""
    if stream.in_flight or stream.ready:
        return True
    line = stream.line
    if line is None or not stream.is_open(now):
        return False
    at = line.clock.monotonic()
    wait = max(stream.lane.delay(at), line.closed_for(stream.mail, at)) / line.speed
    if stream.drained:
        return stream.next_due is not None and stream.next_due - now < SOON
    return wait < SOON.total_seconds()


class KeepAwake:
    """Looks at all ``runs`` every few seconds; ``directory`` has the setting that allows it."""

    def __init__(self, clock: Clock, runs: Mapping[int, Run], directory: Path, hold: Hold) -> None:
        self._clock = clock
        self._runs = runs
        self._directory = directory
        self._hold = hold
        self._release: Callable[[], None] | None = None
        self._due_at: datetime | None = None

    async def run(self) -> None:
        """Hold and release for ever."""
        try:
            while True:
                await self._clock.sleep(_LOOK_SECONDS)
                await self._look()
        finally:
            self._let_go()

    async def _look(self) -> None:
        if not self._is_wanted() or not await asyncio.to_thread(self._is_allowed):
            self._let_go()
        elif self._release is None:
            self._release = self._hold()

    def _is_wanted(self) -> bool:
        now = self._clock.now()
        if any(is_due(stream, now) for run in self._runs.values() for stream in run.streams.values()):
            self._due_at = now
        # a clock that was set back must not keep it awake for as long as that
        return self._due_at is not None and abs(now - self._due_at) < SOON

    def _is_allowed(self) -> bool:
        try:
            with open_library(self._directory, read_only=True) as library:
                return bool(load_settings(library)["engine.keep_awake"])
        except StoreUnusable:
            return False

    def _let_go(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()
