"""Coroutines and worker threads of the window: kept alive, failures told, results back on the UI thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop_relay.domain.errors import ErrorCode, RelayError

from ui.collector import Collector
from ui.logs import write_crash_report

T = TypeVar("T")
P = ParamSpec("P")

MAX_THREADS = 4


class Tasks(QObject):
    """Starts coroutines on the loop of the UI thread and blocking calls on at most four threads.

    ``failed(RelayError)`` tells of every coroutine that ended with an exception; an exception that is
    no ``RelayError`` is a bug, is written to ``crash_directory`` and told as ``internal``.
    """

    failed = Signal(object)
    _handed_over = Signal(object, object)

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        crash_directory: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._loop = loop
        self._crash_directory = crash_directory
        self._running: set[asyncio.Task[Any]] = set()
        self._threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="worker")
        self._collector = Collector(self)  # no thread may destroy widgets but this one
        self._closed = False
        self._handed_over.connect(self._run_handed_over, Qt.ConnectionType.QueuedConnection)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a coroutine; it is held until it ends, and its failure is told."""
        task = self._loop.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def in_worker(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a blocking call made on a worker thread; raises what it raises."""
        return await asyncio.wrap_future(self._threads.submit(call, *args, **kwargs), loop=self._loop)

    def on_ui_thread(self, callback: Callable[..., None]) -> Callable[..., None]:
        """``callback`` as something a worker thread may call; it runs on the UI thread a little later."""

        def hand_over(*args: object) -> None:
            if not self._closed:
                self._handed_over.emit(callback, args)

        return hand_over

    @property
    def running(self) -> int:
        """Coroutines that have not ended."""
        return len(self._running)

    async def idle(self) -> None:
        """Wait until no coroutine runs."""
        while self._running:
            await asyncio.wait(list(self._running))

    async def close(self) -> None:
        """Cancel what runs and let the threads end."""
        self._closed = True
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled() or self._closed:
            return
        error = task.exception()
        if isinstance(error, RelayError):
            self.failed.emit(error)
        elif error is not None:
            self._tell_of_bug(error)

    def _tell_of_bug(self, error: BaseException) -> None:
        write_crash_report(self._crash_directory, error)
        self.failed.emit(RelayError(ErrorCode.INTERNAL, detail=f"{type(error).__name__}: {error}"))

    def _run_handed_over(self, callback: Callable[..., None], args: tuple[object, ...]) -> None:
        callback(*args)
