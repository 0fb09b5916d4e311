"""An SMTP server that plays dialogues written as data.

A dialogue is text, one step per line (files in ``tests/dialogues/*.smtp``):

    S: 220 mx.example ESMTP     say this line
    R: 250 half\\r\\n250          say these octets as they are, escapes resolved, nothing added
    C: MAIL FROM:<*>*           expect a line that matches (``*`` and ``?`` wild)
    C? QUIT                     the same, but the client may also hang up here
    !body                       read a message up to its final dot and keep it
    !starttls                   shake hands now, with the context given to the server
    !drip 0.05 220 slow         say the line one octet at a time, so many seconds apart
    !flood 220-x                say the line again and again without end
    !stream x                   say the text again and again without ever ending the line
    !silent 0.05                nothing may come from the client for so many seconds
    !wait 0.05                  do nothing for so many seconds
    !deaf                       stop reading, and keep the connection
    !hang                       say nothing more; wait for the client to hang up
    !close                      hang up
    !reset                      hang up with RST
    ---                         what follows is for the next connection

Every connection plays its own part; the last part is played again for those after it.
A line that does not match is told in ``problems`` and ends the connection.
"""

from __future__ import annotations

import asyncio
import fnmatch
import socket
import ssl
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

DIALOGUES = Path(__file__).parent.parent / "dialogues"


def load_dialogue(name: str) -> str:
    """The text of ``tests/dialogues/<name>.smtp``."""
    return (DIALOGUES / f"{name}.smtp").read_text()


class ScriptedSmtpServer:
    """Listens on a free loopback port while the ``async with`` block runs.

    ``heard`` are all command lines, ``bodies`` the raw messages with their final dot,
    ``problems`` what did not go by the script, ``connections`` how many came, on ``port``.
    """

    def __init__(
        self,
        dialogue: str,
        *,
        tls: ssl.SSLContext | None = None,
        wrapped: bool = False,
        read_limit: int = 2**16,
    ) -> None:
        self.heard: list[str] = []
        self.bodies: list[bytes] = []
        self.problems: list[str] = []
        self.connections = 0
        self.port = 0
        self._parts = [_steps(part) for part in dialogue.split("\n---\n")]
        self._tls = tls
        self._wrapped = wrapped
        self._read_limit = read_limit
        self._server: asyncio.Server | None = None
        self._players: set[asyncio.Task[None]] = set()

    @property
    def open_connections(self) -> int:
        """Connections still being played."""
        return len(self._players)

    async def __aenter__(self) -> Self:
        listener = socket.socket()
        # small buffers, so that a server that does not read is felt at once
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._read_limit)
        listener.bind(("127.0.0.1", 0))
        self.port = int(listener.getsockname()[1])
        self._server = await asyncio.start_server(
            self._accept, sock=listener, ssl=self._tls if self._wrapped else None, limit=self._read_limit
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for player in self._players:
            player.cancel()
        if self._players:
            await asyncio.wait(self._players)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._players.add(task)
        steps = self._parts[min(self.connections, len(self._parts) - 1)]
        self.connections += 1
        player = _Player(self, reader, writer, self._tls)
        try:
            for kind, text in steps:
                if not await player.play(kind, text):
                    break
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # the client's right
        except asyncio.CancelledError:
            pass  # the block has ended
        finally:
            self._players.discard(task)
            writer.transport.abort()


class _Player:
    """Plays the steps of one connection; a step that returns false ends it."""

    def __init__(
        self,
        server: ScriptedSmtpServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._server, self._reader, self._writer, self._tls = server, reader, writer, tls

    async def play(self, kind: str, text: str) -> bool:
        match kind:
            case "S:":
                await self._write(text.encode() + b"\r\n")
            case "R:":
                await self._write(text.encode().decode("unicode_escape").encode("latin-1"))
            case "C:" | "C?":
                return await self._expect(text, optional=kind == "C?")
            case "!close" | "!reset":
                return self._hang_up(with_reset=kind == "!reset")
            case "!wait":
                await asyncio.sleep(float(text))
            case "!silent":
                return await self._silence(float(text))
            case _:
                await self._act(kind, text)
        return True

    async def _act(self, kind: str, text: str) -> None:
        match kind:
            case "!body":
                self._server.bodies.append(await _read_body(self._reader))
            case "!starttls":
                assert self._tls is not None
                await self._writer.start_tls(self._tls)
            case "!drip":
                pause, _, line = text.partition(" ")
                for octet in line.encode() + b"\r\n":
                    await self._write(bytes([octet]))
                    await asyncio.sleep(float(pause))
            case "!flood" | "!stream":
                ending = b"\r\n" if kind == "!flood" else b""
                while True:
                    await self._write((text.encode() + ending) * 100)
            case "!hang":
                while await self._reader.read(65536):
                    pass
            case "!deaf":
                await asyncio.Event().wait()
            case _:
                raise ValueError(f"no such step: {kind} {text}")

    async def _write(self, octets: bytes) -> None:
        self._writer.write(octets)
        await self._writer.drain()

    def _hang_up(self, *, with_reset: bool) -> bool:
        if with_reset:
            linger = struct.pack("ii", 1, 0)
            sock: socket.socket = self._writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        else:
            self._writer.close()
        return False

    async def _silence(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        early = bytes(self._reader._buffer)  # type: ignore[attr-defined]
        # in the middle of a message the client is meant to talk
        if early and self._server.heard[-1:] != ["DATA"]:
            self._server.problems.append(f"{early!r} before it was its turn")
            return False
        return True

    async def _expect(self, pattern: str, *, optional: bool) -> bool:
        line = await self._reader.readline()
        if not line:
            if not optional:
                self._server.problems.append(f"hung up instead of: {pattern}")
            return False
        text = line.decode("latin-1")
        said = text.removesuffix("\r\n")
        self._server.heard.append(said)
        if said == text or not fnmatch.fnmatchcase(said, _glob(pattern)):
            self._server.problems.append(f"{text!r} instead of: {pattern}")
            return False
        return True


def _glob(pattern: str) -> str:
    return pattern.replace("[", "[[]")


def _steps(part: str) -> list[tuple[str, str]]:
    lines = [line.strip() for line in part.splitlines()]
    pairs = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(kind, text) for kind, _, text in pairs]


async def _read_body(reader: asyncio.StreamReader) -> bytes:
    lines: list[bytes] = []
    while True:
        line = await reader.readuntil(b"\n")
        lines.append(line)
        if line == b".\r\n" and (len(lines) == 1 or lines[-2].endswith(b"\r\n")):
            return b"".join(lines)
