"""One open connection as replies in and octets out, with deadlines and flow control."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.reply import ProtocolError, ReplyParser

_ABORT_SECONDS = 1.0


class WireError(Exception):
    """The connection is of no more use: ``failure`` says how it ended."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure.value, detail)
        self.failure = failure
        self.detail = detail


class Wire(asyncio.Protocol):
    """Takes a transport over with ``set_protocol`` and keeps its replies in the order they came.

    One task at a time reads or writes. Unasked replies close it: nothing could be paired after them.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parser = ReplyParser()
        self._replies: deque[Reply] = deque()
        self._owed = 0
        self._broken: WireError | None = None
        self._paused = False
        self._waiter: asyncio.Future[bool] | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        # with a high-water mark of nothing, "paused" means that octets of ours are still here
        transport.set_write_buffer_limits(high=0)
        transport.set_protocol(self)

    @property
    def usable(self) -> bool:
        """Nothing has gone wrong, nothing is owed, and the other side has not hung up."""
        return self._broken is None and self._owed == 0 and not self._transport.is_closing()

    @property
    def unsent(self) -> bool:
        """Octets of ours never left this machine; ``False`` also when nobody can tell."""
        return self._paused

    # asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        if self._broken is not None:
            return
        try:
            replies = self._parser.feed(data)
        except ProtocolError as error:
            self._break(WireError(Failure.GARBLED, str(error)))
            return
        self._replies.extend(replies)
        if len(self._replies) > self._owed:
            self._unasked()
        elif replies:
            self._wake()

    def eof_received(self) -> bool:
        """The other side has said all it will say."""
        self._end(WireError(Failure.CLOSED))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        reset = isinstance(exc, (ConnectionResetError, BrokenPipeError))
        self._end(WireError(Failure.RESET if reset else Failure.CLOSED, str(exc) if exc else ""))
        if not self._closed.done():
            self._closed.set_result(None)

    def pause_writing(self) -> None:
        """The kernel takes no more for now."""
        self._paused = True

    def resume_writing(self) -> None:
        """Everything written is in the kernel's hands."""
        self._paused = False
        self._wake()

    # the session's side

    def write(self, data: bytes, *, replies: int = 1) -> None:
        """Send ``data``, to which so many replies are owed; raises ``WireError``."""
        if self._broken is not None:
            raise self._broken
        self._owed += replies
        self._transport.write(data)

    async def flush(self, stall_seconds: float) -> None:
        """Wait until all is in the kernel's hands or a reply is there; raises ``WireError``.

        RFC 5321 4.5.3.2.5: the time is for each block, so it starts anew whenever some octets left.
        """
        left = self._transport.get_write_buffer_size()
        while self._paused and not self._replies and self._broken is None:
            woken = await self._woken_within(stall_seconds)
            now = self._transport.get_write_buffer_size()
            if not woken and now >= left:
                self._end(WireError(Failure.TIMEOUT))
            left = now
        self._raise_if_over()

    async def next_reply(self, seconds: float) -> Reply:
        """The next reply, all of which must be there within ``seconds``; raises ``WireError``."""
        if not self._replies:
            await self._wait_for_reply(seconds)
        self._owed -= 1
        return self._replies.popleft()

    async def close(self, seconds: float) -> None:
        """Hang up, and not wait for a hung transport longer than ``seconds``; never raises."""
        self._end(WireError(Failure.CLOSED, "closed by us"))
        self._transport.close()
        await asyncio.wait([self._closed], timeout=seconds)
        if not self._closed.done():
            self._transport.abort()
            await asyncio.wait([self._closed], timeout=_ABORT_SECONDS)

    def abort(self) -> None:
        """Drop the connection at once; whatever was under way has failed."""
        self._end(WireError(Failure.CLOSED, "closed by us"))
        self._transport.abort()

    async def _wait_for_reply(self, seconds: float) -> None:
        deadline = self._loop.time() + seconds
        while not self._replies:
            self._raise_if_over()
            if not await self._woken_within(deadline - self._loop.time()):
                self._end(WireError(Failure.TIMEOUT))

    async def _woken_within(self, seconds: float) -> bool:
        waiter: asyncio.Future[bool] = self._loop.create_future()
        self._waiter = waiter
        timer = self._loop.call_later(max(seconds, 0.0), _settle, waiter, False)
        try:
            return await waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _raise_if_over(self) -> None:
        if self._broken is not None and not self._replies:
            raise self._broken

    def _unasked(self) -> None:
        reply = self._replies[self._owed]
        while len(self._replies) > self._owed:
            self._replies.pop()
        # RFC 5321 3.8: 421 may come at any time, and says that the connection ends
        failure = Failure.CLOSED if reply.code == 421 else Failure.GARBLED
        self._break(WireError(failure, f"unasked: {reply}"))

    def _break(self, error: WireError) -> None:
        self._end(error)
        self._transport.abort()

    def _end(self, error: WireError) -> None:
        self._broken = self._broken or error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None:
            _settle(self._waiter, True)


def _settle(waiter: asyncio.Future[bool], woken: bool) -> None:
    if not waiter.done():
        waiter.set_result(woken)


def tls_version(transport: asyncio.BaseTransport) -> str | None:
    """The negotiated version, ``None`` for plain text."""
    ssl_object = transport.get_extra_info("ssl_object")
    return cast("str | None", ssl_object.version()) if ssl_object is not None else None
