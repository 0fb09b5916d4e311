"""One connection to a practice carrier: aiosmtpd's dialogue with the carrier's words and moods."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from typing import NoReturn

from aiosmtpd.smtp import SMTP

from desktop_relay.transport.sandbox.carriers import RESET
from desktop_relay.transport.sandbox.clerk import Clerk
from desktop_relay.transport.sandbox.desk import Treatment
from desktop_relay.transport.sandbox.post import Post

_IDLE_SECONDS = 300.0  # real ones: a client's own timeouts are not sped up either
_PATH = re.compile(r"\s*<((?:\"(?:[^\"\\]|\\.)*\"|[^<>@\s\"]+)@[^<>@\s]+|)>(.*)", re.DOTALL)
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class CarrierServer(SMTP):
    """Speaks for one carrier on one connection."""

    def __init__(self, post: Post, loop: asyncio.AbstractEventLoop) -> None:
        self.post = post
        self.treatments: list[Treatment] = []
        self.sent = 0
        self._let_in = False
        super().__init__(
            Clerk(post),
            data_size_limit=post.carrier.size,
            enable_SMTPUTF8="SMTPUTF8" in post.carrier.extensions,
            hostname=post.carrier.host,
            ident=post.carrier.banner,
            tls_context=post.tls,
            timeout=_IDLE_SECONDS,
            loop=loop,
        )

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, and once more by STARTTLS."""
        self.post.connections.add(self)
        super().connection_made(transport)
        if self._handler_coroutine is not None:
            self._handler_coroutine.add_done_callback(_look_at)

    def connection_lost(self, error: Exception | None) -> None:
        """Called by asyncio, and once more after a failed STARTTLS."""
        self.post.connections.discard(self)
        if self._let_in and self.post.gate is not None:
            self._let_in = False
            self.post.gate.leave()
        super().connection_lost(error)

    # aiosmtpd

    async def _handle_client(self) -> None:
        gate = self.post.gate
        refusal = gate.connect(self.post.clock()) if gate is not None else None
        if refusal is None:
            self._let_in = gate is not None
            await super()._handle_client()
        elif refusal == RESET:
            self._reset_transport()
        else:
            await self._say_last(refusal)

    def _set_post_data_state(self) -> None:
        self.treatments = []
        super()._set_post_data_state()  # type: ignore[no-untyped-call]

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The path without brackets, a quoted local part still quoted (RFC 5321 4.1.2), and the rest.

        aiosmtpd's own reads header syntax: slower than all the rest of a transaction.
        """
        found = _PATH.fullmatch(arg)
        if found is None:
            return None, None
        return found[1] or "<>", found[2]

    async def smtp_EHLO(self, hostname: str) -> None:
        """Everything the carrier offers, in one write."""
        if not hostname:
            await self.push("501 Syntax: EHLO hostname")
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        assert self.session is not None
        self.session.extended_smtp = True
        self.session.host_name = hostname
        carrier = self.post.carrier
        offers = [carrier.host, f"SIZE {carrier.size}", *carrier.extensions]
        if self.tls_context is not None and self._tls_protocol is None:
            offers.append("STARTTLS")
        lines = [f"250-{offer}" for offer in offers[:-1]]
        await self.push("\r\n".join([*lines, f"250 {offers[-1]}"]))

    async def smtp_DATA(self, arg: str) -> None:
        """DATA, also after every recipient was refused (RFC 2920 3.1)."""
        assert self.envelope is not None
        if self.envelope.mail_from and not self.envelope.rcpt_tos:
            await self.push(self.post.compose(self.post.carrier.no_recipients))
            return
        await super().smtp_DATA(arg)

    # the clerk's means

    async def refuse(self, reply: str, *, close: bool = False) -> str:
        """Answer a refusal of the gate: reset, hang up after 421, or the reply to be pushed."""
        if reply == RESET:
            await self.reset()
        if close or reply.startswith("421"):
            await self._say_last(reply)
            await self._end()
        return self.post.compose(reply)

    async def reset(self) -> NoReturn:
        """Reset the connection: the other side sees ECONNRESET and never a reply."""
        self._reset_transport()
        await self._end()

    async def hang_up(self) -> NoReturn:
        """Close the connection without a word."""
        if self.transport is not None:
            self.transport.close()
        await self._end()

    async def _say_last(self, reply: str) -> None:
        await self.push(self.post.compose(reply))
        if self.transport is not None:
            self.transport.close()

    def _reset_transport(self) -> None:
        if self.transport is None:
            return
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()

    async def _end(self) -> NoReturn:
        """Leave aiosmtpd's loop, which would go on with pipelined commands."""
        raise asyncio.CancelledError


def _look_at(task: asyncio.Task[None]) -> None:
    """Clients may vanish at any moment: that the task ended in an error is looked at, not reported."""
    if not task.cancelled():
        task.exception()
