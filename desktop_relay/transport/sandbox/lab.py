"""The sandbox: all practice carriers on loopback, in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from desktop_relay.transport.sandbox.carriers import Carrier, Carriers
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from desktop_relay.transport.sandbox.certificate import server_context
from desktop_relay.transport.sandbox.desk import Desk
from desktop_relay.transport.sandbox.gate import Gate
from desktop_relay.transport.sandbox.log import SandboxLog
from desktop_relay.transport.sandbox.post import Post
from desktop_relay.transport.sandbox.resolver import SandboxResolver
from desktop_relay.transport.sandbox.server import CarrierServer

_LOOPBACK = "127.0.0.1"
_BACKLOG = 512
_STOP_SECONDS = 5.0


class Sandbox:
    """Practice carriers whose behaviour depends on ``seed`` and the recipient alone.

    Their paces and waits run ``speed`` times as fast as time. Without ``faults`` everything is accepted.
    ``log`` gets a line for each message really taken and is continued when it exists. ``ports`` fixes
    listeners by carrier name. ``keep_messages`` is a directory for the newest messages themselves.
    """

    def __init__(
        self,
        seed: int,
        speed: float,
        log: Path,
        faults: bool = True,
        *,
        ports: Mapping[str, int] | None = None,
        keep_messages: Path | None = None,
        carriers: Carriers | None = None,
    ) -> None:
        if speed <= 0.0:
            raise ValueError("speed must be more than 0")
        self._seed = seed
        self._speed = speed
        self._log_path = log
        self._faults = faults
        self._fixed_ports = dict(ports or {})
        self._keep_messages = keep_messages
        self._carriers = carriers or load_carriers()
        self._ports: dict[str, int] = {}
        self._log: SandboxLog | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self.resolver = SandboxResolver(self._carriers, self._ports)

    @property
    def received(self) -> int:
        """Messages taken since the log began, one for each recipient."""
        return self._log.count if self._log is not None else 0

    @property
    def ports(self) -> Mapping[str, int]:
        """Carrier name to loopback port, once started."""
        return self._ports

    async def start(self) -> None:
        """Listen; raises ``OSError`` when a port or the log cannot be had. Starts once only."""
        # a cancelled waiter must not cancel what the thread is going to tell
        self._ready.set_running_or_notify_cancel()
        self._thread.start()
        await asyncio.wrap_future(self._ready)

    async def stop(self) -> None:
        """Close all connections and wait for the thread; also before ``start`` and more than once."""
        if self._loop is not None and self._stopping is not None:
            with contextlib.suppress(RuntimeError):  # its loop is closed already
                self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join, _STOP_SECONDS * 2)

    # the sandbox's own thread

    def _run(self) -> None:
        # aiosmtpd tells every line at INFO and the weather at WARNING; it wraps STARTTLS itself,
        # which the plain loop alone can do
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            try:
                runner.run(self._serve())
            except Exception as error:  # process boundary: told to whoever starts it
                if not self._ready.done():
                    self._ready.set_exception(error)
                else:
                    logging.getLogger(__name__).exception("the sandbox stopped")

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            self._log = SandboxLog(self._log_path, keep_messages=self._keep_messages)
            stack.callback(self._log.close)
            tls = server_context(sorted({carrier.host for carrier in self._carriers.all if carrier.starttls}))
            for carrier in self._carriers.all:
                post = self._post(carrier, self._log)
                if carrier.starttls:
                    post.tls = tls
                server = await self._listen(post)
                stack.push_async_callback(_close, server, post)
            self._ready.set_result(None)
            await self._stopping.wait()

    def _post(self, carrier: Carrier, log: SandboxLog) -> Post:
        return Post(
            carrier=carrier,
            carriers=self._carriers,
            gate=Gate(carrier.limits) if self._faults else None,
            desk=Desk(carrier, self._seed) if self._faults else None,
            log=log,
            clock=self._carrier_seconds,
            speed=self._speed,
        )

    async def _listen(self, post: Post) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        port = self._fixed_ports.get(post.carrier.name, 0)
        server = await loop.create_server(
            partial(CarrierServer, post, loop), _LOOPBACK, port, backlog=_BACKLOG
        )
        self._ports[post.carrier.name] = server.sockets[0].getsockname()[1]
        return server

    def _carrier_seconds(self) -> float:
        return time.monotonic() * self._speed


async def _close(server: asyncio.Server, post: Post) -> None:
    """Stop listening, drop the connections, and wait until all of them are gone."""
    server.close()
    deadline = time.monotonic() + _STOP_SECONDS
    while post.connections and time.monotonic() < deadline:
        for connection in tuple(post.connections):
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()
        await asyncio.sleep(0.001)
    await server.wait_closed()
