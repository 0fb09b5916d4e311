"""A host that serves MTA-STS policies over HTTPS, well or badly."""

from __future__ import annotations

import asyncio
import ssl
from types import TracebackType
from typing import Self

import trustme

POLICY = "version: STSv1\nmode: {mode}\n{mx}max_age: 86400\n"


def policy(*mx: str, mode: str = "enforce") -> str:
    """A policy that names these hosts."""
    return POLICY.format(mode=mode, mx="".join(f"mx: {host}\n" for host in mx))


def answer(body: str, *, status: str = "200 OK", kind: str = "text/plain", head: str = "") -> bytes:
    """An HTTP answer."""
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{head}\r\n{body}"
    ).encode()


class PolicyServer:
    """Answers every request with ``reply``; ``seconds`` between its octets where that is above zero.

    ``requests`` are the request heads. ``hangs`` leaves the connection open behind the answer.
    """

    def __init__(self, certificate: trustme.LeafCert, reply: bytes = b"", *, seconds: float = 0.0) -> None:
        self.reply = reply
        self.requests: list[str] = []
        self.hangs = False
        self.port = 0
        self._seconds = seconds
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._context)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            for octet in [self.reply] if not self._seconds else [bytes([o]) for o in self.reply]:
                writer.write(octet)
                await writer.drain()
                await asyncio.sleep(self._seconds)
            if self.hangs:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client's right, or the block has ended
        finally:
            self._tasks.discard(task)
            writer.transport.abort()
