"""A receiving server that answers as a scenario says and remembers what it really got."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Self

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8")


class Act(Enum):
    """What a server does instead of answering."""

    RESET = auto()
    CLOSE = auto()
    SILENCE = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """A command: ``verb`` is CONNECT, EHLO, MAIL, RCPT, DATA, DOT … ``recipient`` the envelope's, if known.

    ``connection`` counts from 1, ``seen`` are the messages that were whole before this command.
    """

    verb: str
    line: str
    recipient: str
    connection: int
    seen: int


Answer = Callable[[Said], str | Act | None]

_USUAL = {"CONNECT": "220 mx.example ESMTP", "DATA": "354 go on", "QUIT": "221 2.0.0 bye"}


def usual(said: Said) -> None:
    """Take everything."""


class Receiver:
    """Listens while the ``async with`` block runs; ``None`` from ``answer`` is the usual.

    ``seen`` counts whole messages by Message-ID, whatever was said to them; ``taken`` those said yes to.
    ``heard`` are all command lines, ``announced`` how many envelopes came with the content before them.
    ``stop`` and ``start`` take it off the network and back, on one port.
    """

    def __init__(
        self,
        answer: Answer = usual,
        *,
        tls: ssl.SSLContext | None = None,
        extensions: Sequence[str] = _EXTENSIONS,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.answer = answer
        self.seconds = 0.0
        self.seen: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.heard: list[str] = []
        self.connections = 0
        self.announced = 0
        self.host = host
        self.port = port
        self.frozen = asyncio.Event()
        self._tls = tls
        self._extensions = extensions
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def open_connections(self) -> int:
        """Connections that nobody has hung up on."""
        return len(self._open)

    async def start(self) -> None:
        """Be there; on the same port as before."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port, limit=2**20)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Be gone, and reset what is open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.drop(with_reset=True)

    async def drop(self, *, with_reset: bool) -> None:
        """Every open connection dies; told to the other side or not."""
        tasks = list(self._open)
        for task, writer in list(self._open.items()):
            if with_reset:
                reset(writer)
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def go_deaf(self) -> None:
        """The connections that are open now lead nowhere any more: no answer, and no end either."""
        self.frozen.set()
        self.frozen = asyncio.Event()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        self.connections += 1
        try:
            await _Conversation(self, reader, writer, self.connections, self.frozen).hold()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client's right
        except asyncio.CancelledError:
            pass  # the block has ended
        finally:
            self._open.pop(task, None)
            writer.transport.abort()


class _Conversation:
    """One connection."""

    def __init__(
        self,
        owner: Receiver,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        number: int,
        frozen: asyncio.Event,
    ) -> None:
        self._owner, self._reader, self._writer = owner, reader, writer
        self._number, self._frozen = number, frozen
        self._recipient = ""
        self._refused = False

    async def hold(self) -> None:
        going = await self._reply("CONNECT", "")
        while going and (line := await self._reader.readline()):
            if self._frozen.is_set():
                await asyncio.Event().wait()
            text = line.decode("utf-8").strip()
            self._owner.heard.append(text)
            verb = text.split(" ", 1)[0].upper()
            if verb == "RCPT":
                self._recipient = text.partition("<")[2].partition(">")[0]
            going = await self._reply(verb, text)

    async def _reply(self, verb: str, line: str) -> bool:
        owner = self._owner
        said = Said(verb, line, self._recipient, self._number, owner.seen.total())
        answer = owner.answer(said)
        if verb == "DOT" and not isinstance(answer, Act):
            await asyncio.sleep(owner.seconds)
        if answer is Act.SILENCE:
            await asyncio.Event().wait()
        if isinstance(answer, Act):
            if answer is Act.RESET:
                reset(self._writer)
            return False
        text = self._usual(verb) if answer is None else answer
        if verb in ("MAIL", "RCPT"):
            self._refused = not text.startswith("2")
        if verb == "DOT" and text.startswith("2"):
            owner.taken[line] += 1
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()
        if verb == "STARTTLS" and text.startswith("220") and owner._tls is not None:
            await self._writer.start_tls(owner._tls)
        if verb == "DATA" and text.startswith("354"):
            return await self._body()
        return verb != "QUIT" and not text.startswith("421")

    async def _body(self) -> bool:
        content = await self._reader.readuntil(b"\r\n.\r\n")
        await asyncio.sleep(0)  # what was written with the content has arrived with it
        owner_buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]
        self._owner.announced += owner_buffer.startswith(b"MAIL")
        found = _MESSAGE_ID.search(content)
        number = found[1].decode() if found else "?"
        self._owner.seen[number] += 1
        return await self._reply("DOT", number)

    def _usual(self, verb: str) -> str:
        if verb == "EHLO":
            offers = [*self._owner._extensions]
            if self._owner._tls is not None and self._writer.get_extra_info("ssl_object") is None:
                offers.append("STARTTLS")
            lines = ["mx.example", *offers]
            return "\r\n".join(
                f"250{' ' if index == len(lines) - 1 else '-'}{line}" for index, line in enumerate(lines)
            )
        if verb == "DATA" and self._refused:
            return "554 5.5.1 no valid recipients"
        if verb == "STARTTLS":
            return "220 2.0.0 go on"
        if verb == "AUTH":
            return "235 2.7.0 welcome"
        return _USUAL.get(verb, "250 2.0.0 fine")


def reset(writer: asyncio.StreamWriter) -> None:
    """Hang up with RST."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
