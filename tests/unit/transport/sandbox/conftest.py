"""A sandbox with its log, and plain dialogues with its carriers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from desktop_relay.transport.sandbox import Sandbox

MESSAGE = b"From: shop@example.jp\r\nMessage-ID: <1@example.jp>\r\nSubject: hi\r\n\r\nhello\r\n"


class Dialogue:
    """One connection, spoken to line by line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def reply(self) -> str:
        """The next reply, its lines joined; empty when the other side closed."""
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            line = (await asyncio.wait_for(self.reader.readline(), 10)).decode().rstrip("\r\n")
            if not line:
                break
            lines.append(line)
        return "\n".join(lines)

    async def say(self, line: str) -> str:
        """A command and its reply."""
        self.writer.write(line.encode() + b"\r\n")
        return await self.reply()

    async def greet(self) -> str:
        """Banner and EHLO; answers the reply to EHLO."""
        await self.reply()
        return await self.say("EHLO client.example")

    async def to(self, recipient: str) -> str:
        """MAIL and RCPT; answers the reply to RCPT."""
        await self.say("RSET")
        assert (await self.say("MAIL FROM:<shop@example.jp>")).startswith("250")
        return await self.say(f"RCPT TO:<{recipient}>")

    async def send(self, recipient: str, content: bytes = MESSAGE) -> str:
        """A whole transaction; answers the reply that decides."""
        answer = await self.to(recipient)
        if not answer.startswith("250"):
            return answer
        assert (await self.say("DATA")).startswith("354")
        self.writer.write(content + b".\r\n")
        return await self.reply()

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


Open = Callable[..., Awaitable[Sandbox]]
Dial = Callable[[Sandbox, str], Awaitable[Dialogue]]


@pytest.fixture
async def open_sandbox(tmp_path: Path) -> AsyncIterator[Open]:
    """Start sandboxes that are stopped after the test; the log is ``sandbox.jsonl`` unless said otherwise."""
    opened: list[Sandbox] = []

    async def open_one(speed: float = 20.0, *, seed: int = 1, faults: bool = True, **more: object) -> Sandbox:
        sandbox = Sandbox(seed, speed, tmp_path / "sandbox.jsonl", faults, **more)  # type: ignore[arg-type]
        opened.append(sandbox)
        await sandbox.start()
        return sandbox

    yield open_one
    for sandbox in opened:
        await sandbox.stop()


@pytest.fixture
async def dial() -> AsyncIterator[Dial]:
    """Connections to a carrier, not yet greeted; closed after the test."""
    opened: list[Dialogue] = []

    async def connect(sandbox: Sandbox, carrier: str) -> Dialogue:
        reader, writer = await asyncio.open_connection("127.0.0.1", sandbox.ports[carrier])
        opened.append(Dialogue(reader, writer))
        return opened[-1]

    yield connect
    for dialogue in opened:
        await dialogue.close()
