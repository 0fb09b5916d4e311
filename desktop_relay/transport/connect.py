"""Opens sessions: aiosmtplib greets, protects and logs in, then our own session takes the connection over."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from typing import cast

import aiosmtplib

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.ehlo import Extensions, parse_ehlo, parse_seen_address
from desktop_relay.protocol.reply import ProtocolError, parse_reply_text
from desktop_relay.transport.encryption import Trust, dane_problem, protection_of
from desktop_relay.transport.failures import BROKEN_OFF, failure_of
from desktop_relay.transport.hosts import own_name
from desktop_relay.transport.login import Login
from desktop_relay.transport.peer import Peer
from desktop_relay.transport.security import Security
from desktop_relay.transport.session import Session
from desktop_relay.transport.terms import Terms as Terms
from desktop_relay.transport.transcript import Transcript
from desktop_relay.transport.wire import Wire


async def open_session(host: str, ip: str, port: int, terms: Terms) -> Session | Exchange:
    """A session with ``host`` at that address, or the exchange that says why there is none.

    Never raises for what a network or a server can do, only ``CancelledError``.
    """
    task = asyncio.create_task(_Opening(host, ip, port, terms).run())
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        await _give_up(task)
        raise
    return task.result()


async def _give_up(task: asyncio.Task[Session | Exchange]) -> None:
    # aiosmtplib waits by wait_for, which before Python 3.12 may swallow a cancellation: ask until it is heard
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.1)
    if not task.cancelled() and isinstance(result := task.result(), Session):
        result.abort()


class _Stopped(Exception):
    """We go no further: the reply or failure at this stage."""

    def __init__(
        self, stage: Stage, reply: Reply | None = None, failure: Failure | None = None, detail: str = ""
    ) -> None:
        super().__init__(stage, reply, failure, detail)
        self.stage = stage
        self.reply = reply
        self.failure = failure
        self.detail = detail


class _Client(aiosmtplib.SMTP):
    """Hangs up at once: inside TLS a goodbye would hold the socket until the server answers it."""

    def close(self) -> None:
        """The connection is of no more use."""
        transport = _transport_of(self)
        super().close()
        if transport is not None:
            transport.abort()


class _Opening:
    """The phases of one opening, in order."""

    def __init__(self, host: str, ip: str, port: int, terms: Terms) -> None:
        self._host, self._ip, self._port, self._terms = host, ip, port, terms
        self._stage = Stage.CONNECT
        self._transcript = Transcript(start=terms.history)
        self._banner = ""
        self._tls: str | None = None
        self._extensions = Extensions()
        self._seen_address = ""
        self._smtp: aiosmtplib.SMTP | None = None

    async def run(self) -> Session | Exchange:
        transport: asyncio.Transport | None = None
        try:
            self._check_password()
            smtp = await self._greet(await self._connect())
            transport = _transport_of(smtp)
            await self._say_hello(smtp)
            await self._protect(smtp)
            transport = _transport_of(smtp)
            self._check_requiretls()
            await self._login(smtp)
            session = self._hand_over(smtp)
            transport = None
        except _Stopped as stop:
            return self._ended(stop.stage, reply=stop.reply, failure=stop.failure, detail=stop.detail)
        except aiosmtplib.SMTPResponseException as error:
            return self._answered(error)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return self._failed(error)
        else:
            return session
        finally:
            if transport is not None:
                transport.abort()

    def _check_password(self) -> None:
        if self._terms.user and self._terms.password is None and self._terms.tokens is None:
            raise _Stopped(Stage.AUTH, failure=Failure.NO_PASSWORD)

    async def _connect(self) -> socket.socket:
        """A connected socket. Not left to aiosmtplib, so that connect and banner have times of their own."""
        leaving = f" from {self._terms.egress}" if self._terms.egress else ""
        self._transcript.noted(f"connect {self._host} [{self._ip}]:{self._port}{leaving}")
        sock = socket.socket(socket.AF_INET6 if ":" in self._ip else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._terms.egress:
                sock.bind((self._terms.egress, 0))
            async with asyncio.timeout(self._terms.timeouts.connect):
                await asyncio.get_running_loop().sock_connect(sock, (self._ip, self._port))
        except BaseException:
            sock.close()
            raise
        return sock

    async def _greet(self, sock: socket.socket) -> aiosmtplib.SMTP:
        self._stage = Stage.BANNER
        wrapped = self._terms.security is Security.WRAPPED
        smtp = _Client(
            hostname=self._host,
            sock=sock,
            local_hostname=self._terms.ehlo_name or own_name(sock),
            use_tls=wrapped,
            start_tls=False,
            tls_context=self._terms.context,
            timeout=self._terms.timeouts.banner,
        )
        try:
            banner = self._reply(await smtp.connect())
        except BaseException:
            sock.close()
            raise
        if wrapped:
            self._note_tls(smtp)
        self._transcript.heard(banner)
        self._banner = banner.text
        return smtp

    async def _say_hello(self, smtp: aiosmtplib.SMTP) -> None:
        self._stage = Stage.EHLO
        seconds = self._terms.timeouts.ehlo
        name = str(smtp.local_hostname).encode()
        self._transcript.said(b"EHLO " + name)
        try:
            reply = self._reply(await smtp.ehlo(timeout=seconds))
        except aiosmtplib.SMTPHeloError as error:
            # RFC 5321 3.2: a server that does not know EHLO is asked again with HELO
            if not (500 <= error.code < 600 and smtp.is_connected):
                raise
            self._transcript.heard(parse_reply_text(error.code, error.message))
            self._transcript.said(b"HELO " + name)
            self._transcript.heard(self._reply(await smtp.helo(timeout=seconds)))
            self._extensions = Extensions()
        else:
            self._transcript.heard(reply)
            self._extensions = parse_ehlo(reply)
            self._seen_address = parse_seen_address(reply)

    async def _protect(self, smtp: aiosmtplib.SMTP) -> None:
        security = self._terms.security
        if security in (Security.NONE, Security.WRAPPED):
            return
        self._stage = Stage.STARTTLS
        if not self._extensions.starttls:
            if security is Security.OPPORTUNISTIC:
                return
            raise _Stopped(Stage.STARTTLS, failure=Failure.TLS_NOT_OFFERED)
        self._transcript.said(b"STARTTLS")
        # RFC 3207 4.2: aiosmtplib drops whatever came in the clear behind the 220, and all it knew
        response = await smtp.starttls(
            tls_context=self._terms.context,
            server_hostname=self._terms.trust.name_to_ask_for(self._host),
            timeout=self._terms.timeouts.starttls,
        )
        self._transcript.heard(self._reply(response))
        self._note_tls(smtp)
        await self._say_hello(smtp)

    def _check_requiretls(self) -> None:
        # RFC 8689 4.2.1: offered inside TLS, or it means nothing
        offered = self._tls is not None and "REQUIRETLS" in self._extensions.names
        if self._terms.requiretls and not offered:
            raise _Stopped(Stage.STARTTLS, failure=Failure.REQUIRETLS_NOT_OFFERED)

    async def _login(self, smtp: aiosmtplib.SMTP) -> None:
        terms = self._terms
        if not terms.user:
            return
        encrypted = self._tls is not None
        if not encrypted and terms.security is not Security.NONE:
            # never a password in the clear, unless the user chose to have no TLS
            raise _Stopped(Stage.STARTTLS, failure=Failure.TLS_NOT_OFFERED)
        self._stage = Stage.AUTH
        login = Login(smtp, terms, self._transcript, offered=self._extensions.auth, encrypted=encrypted)
        refused = await login.run(self._host, self._port)
        if refused is not None:
            raise _Stopped(Stage.AUTH, refused.reply, refused.failure, refused.detail)

    def _hand_over(self, smtp: aiosmtplib.SMTP) -> Session:
        transport = _transport_of(smtp)
        if transport is None or transport.is_closing():
            raise _Stopped(self._stage, failure=Failure.CLOSED)
        wire = Wire(transport)
        smtp.transport = smtp.protocol = None
        peer = Peer(
            self._peer_name(),
            self._tls,
            self._extensions,
            self._transcript.lines(),
            self._banner,
            requiretls=self._terms.requiretls,
            seen_address=self._seen_address,
        )
        return Session(wire, peer, self._terms.timeouts, self._terms.notifications)

    def _note_tls(self, smtp: aiosmtplib.SMTP) -> None:
        transport, trust = _transport_of(smtp), self._terms.trust
        if transport is None:
            return
        problem = dane_problem(transport, trust, datetime.now(UTC)) if trust.tlsa else None
        # what the records do not prove must not be told as proven
        trust = trust if problem is None else Trust()
        protection = protection_of(transport, trust, fails_testing=self._terms.fails_testing)
        self._tls = None if protection is None else str(protection)
        self._transcript.noted(f"TLS {self._tls}")
        if problem is not None:
            raise _Stopped(Stage.STARTTLS, failure=Failure.TLS_FAILED, detail=problem)

    def _reply(self, response: aiosmtplib.SMTPResponse) -> Reply:
        return parse_reply_text(response.code, response.message)

    def _answered(self, error: aiosmtplib.SMTPResponseException) -> Exchange:
        """The server said no, or something that is no reply."""
        try:
            reply = parse_reply_text(error.code, error.message)
        except ProtocolError:
            return self._ended(self._stage, failure=Failure.GARBLED, detail=error.message[:200])
        self._transcript.heard(reply)
        if not (reply.temporary or reply.permanent):
            return self._ended(self._stage, failure=Failure.GARBLED, detail=str(reply))
        return self._ended(self._stage, reply=reply)

    def _failed(self, error: Exception) -> Exchange:
        failure = failure_of(error)
        stage = self._stage
        # with TLS from the first byte the handshake is inside aiosmtplib's connect, before the banner
        handshake = self._terms.security is Security.WRAPPED and stage is Stage.BANNER
        if handshake and not isinstance(error.__cause__, aiosmtplib.SMTPException):
            stage = Stage.STARTTLS
        if stage is Stage.STARTTLS and failure not in BROKEN_OFF:
            failure = Failure.TLS_FAILED
        return self._ended(stage, failure=failure, detail=str(error.__cause__ or error))

    def _ended(
        self, stage: Stage, *, reply: Reply | None = None, failure: Failure | None = None, detail: str = ""
    ) -> Exchange:
        if failure is not None:
            self._transcript.noted(f"{failure} {detail}".rstrip())
        lines = self._transcript.lines()
        return Exchange(stage, reply, failure, detail, self._peer_name(), self._tls, lines)

    def _peer_name(self) -> str:
        return f"{self._host}:{self._port}"


def _transport_of(smtp: aiosmtplib.SMTP) -> asyncio.Transport | None:
    # uvloop's transports are none of asyncio's classes, but behave like them
    return cast("asyncio.Transport | None", smtp.transport)
