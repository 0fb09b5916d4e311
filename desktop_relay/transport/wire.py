"""One open connection as replies in and octets out, with deadlines and flow control."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial
from math import inf

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.reply import ProtocolError, ReplyParser
from desktop_relay.transport.deadline import Deadline

_ABORT_SECONDS = 1.0
_CLOSING = 421
_BLOCK_BYTES = 65_536


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

    __slots__ = (
        "_broken",
        "_closed",
        "_deadline",
        "_loop",
        "_octet_seconds",
        "_owed",
        "_parser",
        "_patience",
        "_paused",
        "_replies",
        "_transport",
        "_waiter",
        "_wanted",
        "_withheld",
    )

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parser = ReplyParser()
        self._replies: deque[Reply] = deque()
        self._owed = 0
        self._wanted = 0
        self._patience: Sequence[float] = ()
        self._octet_seconds = inf
        self._deadline = Deadline(self._loop, partial(self._end, WireError(Failure.TIMEOUT)))
        self._broken: WireError | None = None
        self._paused = False
        self._withheld = False
        self._waiter: asyncio.Future[None] | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        # with the lowest high-water mark, "paused" means that octets of ours are still here. A TLS transport
        # pauses at its mark and others above it: with nothing it would pause and go on by turns, though empty
        transport.set_write_buffer_limits(high=0 if transport.get_extra_info("ssl_object") is None else 1)
        transport.set_protocol(self)

    @property
    def usable(self) -> bool:
        """Nothing has gone wrong, nothing is owed, and the other side has not hung up."""
        return self._owed == 0 and self.alive

    @property
    def alive(self) -> bool:
        """Nothing has gone wrong, and the other side has not hung up."""
        return self._broken is None and not self._transport.is_closing()

    @property
    def own_address(self) -> str:
        """The address of this machine, empty when nobody can tell."""
        name = self._transport.get_extra_info("sockname")
        return str(name[0]) if name else ""

    @property
    def unsent(self) -> bool:
        """Octets of ours never left this machine; ``False`` also when nobody can tell."""
        return self._paused or self._withheld

    @property
    def withheld(self) -> bool:
        """The end of the content that was last poured was never given to the connection."""
        return self._withheld

    # asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        if self._broken is not None:
            return
        heard = len(self._replies)
        try:
            self._replies.extend(self._parser.feed(data))
        except ProtocolError as error:
            self._replies.extend(error.replies)
            self._break(WireError(Failure.GARBLED, str(error)))
        if len(self._replies) > self._owed:
            self._unasked()
        elif self._broken is None:
            self._notice(heard)

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
        if not self._wanted:
            self._wake()

    # the session's side

    def write(self, data: bytes, *, replies: int = 1) -> None:
        """Send ``data``, to which so many replies are owed; raises ``WireError``."""
        if self._broken is not None:
            raise self._broken
        self._owed += replies
        self._transport.write(data)

    async def pour(self, content: bytes, behind: bytes, stall_seconds: float, *, replies: int) -> None:
        """Send ``content`` and what stands ``behind`` it as they leave, until a reply is there; as ``flush``.

        Block by block, for a TLS transport takes all it is given and does not tell what has left.
        """
        last = max(len(content) - 1, 0) // _BLOCK_BYTES * _BLOCK_BYTES
        self._withheld = True
        for start in range(0, last, _BLOCK_BYTES):
            self.write(content[start : start + _BLOCK_BYTES], replies=0 if start else replies)
            await self.flush(stall_seconds)
            if self._replies:
                return
        self.write(content[last:] + behind, replies=0 if last else replies)
        self._withheld = False
        await self.flush(stall_seconds)

    async def flush(self, stall_seconds: float) -> None:
        """Wait until all is in the kernel's hands or a reply is there; raises ``WireError``.

        RFC 5321 4.5.3.2.5: the time is for each block, so it starts anew whenever some octets left.
        """
        left = self._transport.get_write_buffer_size()
        while self._paused and not self._replies and self._broken is None:
            waiter = self._waiter = self._loop.create_future()
            await asyncio.wait([waiter], timeout=stall_seconds)
            self._waiter = None
            now = self._transport.get_write_buffer_size()
            if not waiter.done() and now >= left:
                self._end(WireError(Failure.TIMEOUT))
            left = now
        if self._broken is not None and not self._replies:
            raise self._broken

    async def hear(self, patience: Sequence[float], octet_seconds: float) -> list[Reply]:
        """As many replies as ``patience`` has times in seconds, each for a whole reply after the one before.

        A reply that has begun may not pause longer than ``octet_seconds``. Fewer come back when the
        connection ended or a 421 says that it will; none of them at all raises ``WireError``.
        """
        count = len(patience)
        self._patience, self._octet_seconds = patience, octet_seconds
        try:
            while self._lacks(count):
                self._wanted = count
                self._deadline.start(patience[len(self._replies)])
                self._waiter = self._loop.create_future()
                await self._waiter
        finally:
            self._waiter = None
            self._wanted = 0
            self._deadline.lift()
        heard = [self._replies.popleft() for _ in range(min(count, len(self._replies)))]
        self._owed -= len(heard)
        if not heard and self._broken is not None:
            raise self._broken
        return heard

    def ending(self) -> WireError:
        """Why fewer replies came than were asked for."""
        return self._broken or WireError(Failure.CLOSED)

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

    def _lacks(self, count: int) -> bool:
        replies = self._replies
        if len(replies) >= count or self._broken is not None:
            return False
        # RFC 5321 3.8: after a 421 nothing else is certain to come
        return not (replies and replies[-1].code == _CLOSING)

    def _notice(self, heard: int) -> None:
        """Octets came while ``heard`` replies were there: who waits hears of it, or gets another deadline."""
        if not self._wanted or not self._lacks(self._wanted):
            self._wake()
            return
        if len(self._replies) > heard:
            self._deadline.start(self._patience[len(self._replies)])
        if not self._parser.idle:
            self._deadline.hasten(self._octet_seconds)

    def _unasked(self) -> None:
        reply = self._replies[self._owed]
        while len(self._replies) > self._owed:
            self._replies.pop()
        # RFC 5321 3.8: 421 may come at any time, and says that the connection ends
        failure = Failure.CLOSED if reply.code == _CLOSING else Failure.GARBLED
        self._break(WireError(failure, f"unasked: {reply}"))

    def _break(self, error: WireError) -> None:
        self._end(error)
        self._transport.abort()

    def _end(self, error: WireError) -> None:
        self._broken = self._broken or error
        self._deadline.cancel()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
