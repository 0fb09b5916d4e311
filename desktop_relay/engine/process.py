"""The engine's process: the lock, the log, the loop, the local socket, and the end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from desktop_relay import __version__
from desktop_relay.engine.engine import Engine
from desktop_relay.engine.logs import close_log, open_log
from desktop_relay.ipc.endpoint import endpoint_of
from desktop_relay.ipc.server import Server
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.handover import refuse_moved
from desktop_relay.store.lock import EngineLock
from desktop_relay.store.private_files import make_data_directory
from desktop_relay.store.swapping import finish_restore

if sys.platform != "win32":
    import uvloop

log = logging.getLogger(__name__)

IDLE_SECONDS = 600.0
_LOOK_SECONDS = 1.0


def run_engine(directory: Path, *, foreground: bool) -> int:
    """Run the engine of ``directory`` until it is told to stop; answers the exit code.

    Raises ``StoreUnusable``: ``data_locked`` when another one runs there, ``data_moved`` when another
    computer sends the mail now, or what is wrong with the data.
    """
    make_data_directory(directory)
    lock = EngineLock(directory)
    lock.acquire()
    try:
        finish_restore(directory)
        refuse_moved(directory)
        handler = open_log(directory, foreground=foreground)
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(serve(directory))
        finally:
            close_log(handler)
    finally:
        lock.release()
    return 0


async def serve(directory: Path, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Run an engine and its socket; the caller holds the lock.

    Raises ``StoreUnusable``: ``data_gone`` when the data directory was deleted or moved meanwhile, or what
    keeps it from listening.
    """
    engine = Engine(directory)
    endpoint = endpoint_of(directory)
    server = Server(endpoint, engine.handle, version=__version__)
    engine.reporter.audience = server
    _listen_to_signals(engine)
    try:
        await engine.start()
        try:
            await server.start()
        except OSError as error:
            raise_told_by_system(error, Path(endpoint))
        log.info("the engine runs, version %s", __version__)
        idle = asyncio.create_task(_end_when_idle(engine, server, idle_seconds))
        drain = await engine.shutdown
        idle.cancel()
    except BaseException:
        await engine.stop(drain=False)
        raise
    log.info("the engine ends")
    await engine.stop(drain=drain)
    await server.close()
    if engine.failure is not None:
        raise engine.failure


async def _end_when_idle(engine: Engine, server: Server, idle_seconds: float) -> None:
    """Nobody asks and nothing is left to do: an engine that a command started does not stay for ever."""
    since = engine.clock.monotonic()
    while True:
        await engine.clock.sleep(_LOOK_SECONDS)
        now = engine.clock.monotonic()
        if server.clients or not engine.is_idle:
            since = now
        elif now - since >= idle_seconds and not engine.shutdown.done():
            log.info("idle for %.0f seconds", now - since)
            engine.end()


def _listen_to_signals(engine: Engine) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows, or not the main thread
            loop.add_signal_handler(number, engine.end)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    return None if sys.platform == "win32" else uvloop.new_event_loop
