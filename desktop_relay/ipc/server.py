"""The engine's end of the local socket: commands in, answers and pushes out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from desktop_relay.domain.command import Command, Watch
from desktop_relay.domain.errors import ErrorCode, RelayError
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.ipc import messages
from desktop_relay.ipc.codec import Undecodable, encode
from desktop_relay.ipc.endpoint import forget_endpoint, inode_of, prepare_endpoint

log = logging.getLogger(__name__)

Handler = Callable[[Command], Awaitable[Mapping[str, Any]]]
SLOW_CLIENT_OCTETS = 4 * 1024 * 1024
MOST_AT_ONCE = 64
"""Requests of one client that are worked on at a time; the next ones wait in its socket."""

_LAST_ANSWER_SECONDS = 2.0
_FLUSH_SECONDS = 1.0


class Server:
    """Listens on an endpoint, answers commands through ``handler``, pushes to those who watch."""

    def __init__(self, endpoint: str, handler: Handler, *, version: str) -> None:
        self._endpoint = endpoint
        self._inode = 0
        self._handler = handler
        self._version = version
        self._server: Any = None
        self._clients: set[_Client] = set()

    @property
    def clients(self) -> int:
        """Open connections."""
        return len(self._clients)

    @property
    def watched(self) -> bool:
        """Whether anybody asked for pushes."""
        return any(client.watching for client in self._clients)

    async def start(self) -> None:
        """Begin to listen."""
        prepare_endpoint(self._endpoint)
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            self._server = (await loop.start_serving_pipe(self._protocol, self._endpoint))[0]  # type: ignore[attr-defined,unused-ignore]
            return
        previous = os.umask(0o177)
        try:
            self._server = await loop.create_unix_server(self._protocol, self._endpoint)
        finally:
            os.umask(previous)
        self._inode = inode_of(self._endpoint)

    def push(self, news: Progress | Changed) -> None:
        """Tell everybody who watches; a client that does not read is left out until it does."""
        name = "progress" if isinstance(news, Progress) else "changed"
        line = messages.compose_line({name: encode(news)})
        for client in self._clients:
            if isinstance(news, Progress):  # with what it says changed, however long it is itself
                client.left_out = client.backlog >= SLOW_CLIENT_OCTETS
            if client.watching and not client.left_out:
                client.write(line)

    async def close(self) -> None:
        """Stop listening, answer what is being worked on, and hang up."""
        if self._server is None:
            return
        self._server.close()
        forget_endpoint(self._endpoint, self._inode)
        self._server = None
        await asyncio.gather(*(client.close() for client in list(self._clients)))

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = asyncio.StreamReader(limit=messages.MAX_REQUEST)
        return asyncio.StreamReaderProtocol(reader, self._serve)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(reader, writer, self._handler)
        self._clients.add(client)
        try:
            await client.converse(self._version)
        except (OSError, ValueError) as error:  # gone, or no peer of ours: garbage, a line without end
            log.info("a client was hung up on: %s", error)
        finally:
            await client.close()
            self._clients.discard(client)


class _Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._answers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self.watching = False
        self.left_out = False

    @property
    def backlog(self) -> int:
        """Octets written and not taken yet."""
        return self._writer.transport.get_write_buffer_size()

    def write(self, line: bytes) -> None:
        """Queue a line."""
        if not self._writer.is_closing():
            self._writer.write(line)

    async def converse(self, version: str) -> None:
        """Hello, then requests until the other side is done."""
        hello = messages.parse_line(await self._reader.readline())
        self.write(messages.compose_hello(version=version, pid=os.getpid()))
        if hello.get("hello") != messages.PROTOCOL:
            return
        while line := await self._reader.readline():
            document = messages.parse_line(line)
            number = messages.parse_number(document)
            await self._room.acquire()
            task = asyncio.create_task(self._answer(number, document))
            self._answers.add(task)
            task.add_done_callback(self._is_answered)
            await self._writer.drain()  # who does not read the answers is not read from

    def _is_answered(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        self._room.release()

    async def _answer(self, number: int, document: Mapping[str, Any]) -> None:
        try:
            command = messages.parse_command(document)
            if isinstance(command, Watch):
                self.watching = True
            self.write(messages.compose_answer(number, await self._handler(command)))
        except RelayError as error:
            self.write(messages.compose_error(number, error))
        except Undecodable as error:
            self.write(
                messages.compose_error(number, RelayError(ErrorCode.COMMAND_INVALID, detail=str(error)))
            )
        except Exception as error:  # process boundary: the client must hear of a bug, too
            log.exception("a command failed")
            self.write(messages.compose_error(number, RelayError(ErrorCode.INTERNAL, detail=repr(error))))

    async def close(self) -> None:
        """Answer what is being worked on, flush, hang up."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=_LAST_ANSWER_SECONDS)
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_FLUSH_SECONDS):
                await self._writer.wait_closed()
        if self._writer.transport.get_write_buffer_size():
            self._writer.transport.abort()  # it will never read what is left
