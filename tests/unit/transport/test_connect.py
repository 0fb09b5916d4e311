"""Opening a session: greetings, TLS, logins, and an exchange that says why there is none."""

from __future__ import annotations

import asyncio
import socket
import ssl

import pytest

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.protection import Verified, parse_protection
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.encryption import Trust
from desktop_relay.transport.security import Security, encrypting_context, verifying_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from tests.fakes.patience import eventually
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

MAIL = Outgoing(
    Envelope("news@shop.example", "anna@test.example"), b"Subject: x\r\n\r\nx\r\n", "<1@shop.example>"
)
SHORT = Timeouts(connect=0.3, banner=0.3, ehlo=0.3, starttls=0.3, auth=0.3, quit=0.3)
USER, PASSWORD = "anna@shop.example", "heimlich"


async def opened(
    server: ScriptedSmtpServer,
    security: Security,
    *,
    context: ssl.SSLContext | None = None,
    login: bool = False,
    password: str | None = PASSWORD,
    timeouts: Timeouts | None = None,
    host: str = "mx.example",
) -> Session | Exchange:
    terms = Terms(
        security,
        context=context,
        trust=Trust(Verified.CERTIFICATE if context and context.check_hostname else Verified.OPPORTUNISTIC),
        ehlo_name="pc.example",
        user=USER if login else "",
        password=password if login else None,
        timeouts=timeouts or Timeouts(),
    )
    return await open_session(host, "127.0.0.1", server.port, terms)


GONE = frozenset({Failure.CLOSED, Failure.RESET})
SILENT = frozenset({Failure.TIMEOUT, Failure.RESET})
"""A handshake that takes too long is aborted from within, which looks like a reset."""


def refused(result: Session | Exchange) -> Exchange:
    assert isinstance(result, Exchange), result
    return result


def facts(tls: str | None) -> tuple[str, Verified] | None:
    protection = parse_protection(tls or "")
    return None if protection is None else (protection.version, protection.verified)


def session_of(result: Session | Exchange) -> Session:
    assert isinstance(result, Session), result
    return result


@pytest.mark.parametrize(
    ("name", "code", "failure"),
    [
        ("banner_busy", 421, None),
        ("banner_refuses", 554, None),
        ("banner_silent", None, Failure.TIMEOUT),
        ("banner_dripping", None, Failure.TIMEOUT),
        ("banner_endless", None, Failure.GARBLED),
        ("banner_garbled", None, Failure.GARBLED),
        ("banner_closed", None, Failure.CLOSED),
    ],
)
async def test_banners(name: str, code: int | None, failure: Failure | None) -> None:
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        exchange = refused(await opened(server, Security.NONE, timeouts=SHORT))
    assert exchange.stage is Stage.BANNER
    assert exchange.failure is failure
    assert (exchange.reply.code if exchange.reply else None) == code
    assert exchange.host == f"mx.example:{server.port}"


@pytest.mark.parametrize("name", ["banner_busy", "banner_refuses", "banner_silent", "banner_endless"])
async def test_a_greeting_inside_tls_that_is_none_ends_the_connection_at_once(
    name: str, server_tls: ssl.SSLContext
) -> None:
    script, context = load_dialogue(name), encrypting_context()
    async with (
        ScriptedSmtpServer(script, tls=server_tls, wrapped=True) as server,
        ScriptedSmtpServer(load_dialogue("no_starttls")) as other,
    ):
        exchange = refused(await opened(server, Security.WRAPPED, context=context, timeouts=SHORT))
        assert exchange.stage is Stage.BANNER
        # the number of the socket is free for the next one
        session_of(await opened(other, Security.NONE)).abort()
        await eventually(lambda: server.open_connections == 0)


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        terms = Terms(Security.NONE)
        exchange = refused(await open_session("mx.example", "127.0.0.1", port, terms))
    assert (exchange.stage, exchange.failure) == (Stage.CONNECT, Failure.REFUSED)


async def test_nobody_answers() -> None:
    # a listener whose backlog is full does not answer any more
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        await asyncio.sleep(0.05)
        terms = Terms(Security.NONE, timeouts=SHORT)
        exchange = refused(await open_session("mx.example", "127.0.0.1", listener.getsockname()[1], terms))
        for one in crowd:
            one.close()
    assert (exchange.stage, exchange.failure) == (Stage.CONNECT, Failure.TIMEOUT)


async def test_starttls_with_a_checked_certificate(server_tls: ssl.SSLContext, ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
        session = session_of(await opened(server, Security.VERIFIED, context=verifying_context(ca_file)))
        exchange = await session.send(MAIL)
        await session.close()
    assert exchange.reply is not None
    assert exchange.reply.code == 250
    assert facts(exchange.tls) == ("TLSv1.3", Verified.CERTIFICATE)
    assert f"* TLS {exchange.tls}" in exchange.transcript
    assert server.problems == []


async def test_tls_from_the_first_byte(server_tls: ssl.SSLContext, ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("no_starttls"), tls=server_tls, wrapped=True) as server:
        session = session_of(await opened(server, Security.WRAPPED, context=verifying_context(ca_file)))
        exchange = await session.send(MAIL)
        await session.close()
    assert facts(exchange.tls) == ("TLSv1.3", Verified.CERTIFICATE)
    assert len(server.bodies) == 1


async def test_injection_before_tls_is_dropped(server_tls: ssl.SSLContext, ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_injected"), tls=server_tls) as server:
        session = session_of(await opened(server, Security.VERIFIED, context=verifying_context(ca_file)))
        assert session.extensions.auth == frozenset()
        assert session.extensions.size == 100_000
        exchange = await session.send(MAIL)
        await session.close()
    assert exchange.reply is not None
    assert exchange.reply.text == "queued"
    assert server.problems == []


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_certificate_nobody_vouches_for(server_tls: ssl.SSLContext, wrapped: bool) -> None:
    name = "no_starttls" if wrapped else "starttls_accepts"
    security = Security.WRAPPED if wrapped else Security.VERIFIED
    async with ScriptedSmtpServer(load_dialogue(name), tls=server_tls, wrapped=wrapped) as server:
        exchange = refused(await opened(server, security, context=verifying_context(None), login=True))
    assert (exchange.stage, exchange.failure) == (Stage.STARTTLS, Failure.TLS_FAILED)
    assert "certificate" in exchange.detail.lower()
    assert not any("AUTH" in line for line in server.heard)


async def test_a_certificate_for_another_name(server_tls: ssl.SSLContext, ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
        context = verifying_context(ca_file)
        exchange = refused(await opened(server, Security.VERIFIED, context=context, host="other.example"))
    assert exchange.failure is Failure.TLS_FAILED


async def test_any_certificate_where_only_encryption_counts(server_tls: ssl.SSLContext) -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
        session = session_of(await opened(server, Security.ENCRYPTED, context=encrypting_context()))
        assert facts(session.tls) == ("TLSv1.3", Verified.OPPORTUNISTIC)
        await session.close()


@pytest.mark.parametrize("security", [Security.VERIFIED, Security.ENCRYPTED])
async def test_never_weaker_than_asked_for(security: Security) -> None:
    async with ScriptedSmtpServer(load_dialogue("no_starttls")) as server:
        exchange = refused(await opened(server, security, context=encrypting_context(), login=True))
    assert (exchange.stage, exchange.failure) == (Stage.STARTTLS, Failure.TLS_NOT_OFFERED)
    assert server.heard == ["EHLO pc.example"]


async def test_opportunistic_goes_on_without() -> None:
    async with ScriptedSmtpServer(load_dialogue("no_starttls")) as server:
        session = session_of(await opened(server, Security.OPPORTUNISTIC, context=encrypting_context()))
        assert session.tls is None
        await session.close()


async def test_a_handshake_that_fails_is_told() -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_broken_then_plain")) as server:
        exchange = refused(await opened(server, Security.OPPORTUNISTIC, context=encrypting_context()))
    assert (exchange.stage, exchange.failure) == (Stage.STARTTLS, Failure.TLS_FAILED)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(("end", "failures"), [("!close", GONE), ("!reset", GONE), ("!hang", SILENT)])
async def test_a_connection_that_ends_in_the_handshake_is_no_handshake_that_fails(
    wrapped: bool, end: str, failures: frozenset[Failure]
) -> None:
    opening = "" if wrapped else "S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n"
    security = Security.WRAPPED if wrapped else Security.VERIFIED
    async with ScriptedSmtpServer(f"{opening}!wait 0.1\n{end}") as server:
        context = verifying_context(None)
        timeouts = Timeouts(banner=0.5, starttls=0.5) if end == "!hang" else Timeouts()
        exchange = refused(await opened(server, security, context=context, timeouts=timeouts))
    assert exchange.stage is Stage.STARTTLS
    assert exchange.failure in failures


@pytest.mark.parametrize(
    "name",
    [
        "login_plain",
        "login_plain_asked_for",
        "login_plain_unknown_then_login",
        "login_asks_for_the_name_again",
        "login_cram_first_in_the_clear",
    ],
)
async def test_logins_in_the_clear_where_the_user_chose_that(name: str) -> None:
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        session = session_of(await opened(server, Security.NONE, login=True))
        prelude = "\n".join(session.peer.prelude)
        await session.close()
    assert server.problems == []
    assert "AUTH" in prelude
    for secret in (PASSWORD, "AGFubmFAc2hvcC5leGFtcGxlAGhlaW1saWNo", "aGVpbWxpY2g="):
        assert secret not in prelude


async def test_login_goes_inside_tls_with_plain_first(server_tls: ssl.SSLContext, ca_file: str) -> None:
    script = load_dialogue("login_plain")
    async with ScriptedSmtpServer(script, tls=server_tls, wrapped=True) as server:
        context = verifying_context(ca_file)
        session = session_of(await opened(server, Security.WRAPPED, context=context, login=True))
        await session.close()
    assert server.problems == []


async def test_a_refused_login_is_tried_once() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_refused")) as server:
        exchange = refused(await opened(server, Security.NONE, login=True))
    assert exchange.stage is Stage.AUTH
    assert str(exchange.reply) == "535 5.7.8 authentication failed"
    assert len([line for line in server.heard if line.startswith("AUTH")]) == 1
    assert "> AUTH PLAIN ********" in exchange.transcript


@pytest.mark.parametrize("name", ["login_repeated_plain", "login_repeated_login"])
async def test_a_server_that_repeats_the_password_does_not_get_it_into_the_records(name: str) -> None:
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        exchange = refused(await opened(server, Security.NONE, login=True))
    assert server.problems == []
    assert "********" in str(exchange.reply)
    for secret in (PASSWORD, "AGFubmFAc2hvcC5leGFtcGxlAGhlaW1saWNo", "aGVpbWxpY2g="):
        assert secret not in f"{exchange}"


async def test_a_challenge_that_is_none_is_called_off() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_cram_challenge_garbled")) as server:
        exchange = refused(await opened(server, Security.NONE, login=True))
    assert server.problems == []
    assert str(exchange.reply) == "501 5.7.0 authentication cancelled"


async def test_login_not_offered() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_not_offered")) as server:
        exchange = refused(await opened(server, Security.NONE, login=True))
    assert (exchange.stage, exchange.failure) == (Stage.AUTH, Failure.AUTH_NOT_OFFERED)


async def test_no_password_means_no_connection() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_plain")) as server:
        exchange = refused(await opened(server, Security.NONE, login=True, password=None))
        assert server.connections == 0
    assert (exchange.stage, exchange.failure) == (Stage.AUTH, Failure.NO_PASSWORD)


async def test_opportunistic_never_shows_a_password_in_the_clear() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_plain")) as server:
        context = encrypting_context()
        exchange = refused(await opened(server, Security.OPPORTUNISTIC, context=context, login=True))
    assert exchange.failure is Failure.TLS_NOT_OFFERED
    assert server.heard == ["EHLO pc.example"]


async def test_without_a_name_the_machine_says_its_own_or_its_address() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_not_offered")) as server:
        session = session_of(await open_session("mx.example", "127.0.0.1", server.port, Terms(Security.NONE)))
        await session.close()
    name = server.heard[0].removeprefix("EHLO ")
    assert name == "[127.0.0.1]" or "." in name


async def test_terms_do_not_show_the_password() -> None:
    assert PASSWORD not in repr(Terms(Security.NONE, user=USER, password=PASSWORD))


async def test_cancelled_opening_leaves_nothing_open() -> None:
    async with ScriptedSmtpServer(load_dialogue("banner_silent")) as server:
        task = asyncio.create_task(opened(server, Security.NONE))
        await eventually(lambda: server.connections == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await eventually(lambda: server.open_connections == 0)


async def test_connections_leave_from_the_address_of_the_route() -> None:
    came: list[str] = []

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("peername")[0])
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        exchange = refused(
            await open_session("mx.example", "127.0.0.1", port, Terms(Security.NONE, egress="127.0.0.2"))
        )
    assert came == ["127.0.0.2"]
    assert exchange.transcript[0] == f"* connect mx.example [127.0.0.1]:{port} from 127.0.0.2"


@pytest.mark.parametrize("egress", ["192.0.2.1", "::1"])
async def test_an_address_that_is_not_this_machines(egress: str) -> None:
    terms = Terms(Security.NONE, egress=egress)
    exchange = refused(await open_session("mx.example", "127.0.0.1", 9, terms))
    assert (exchange.stage, exchange.failure) == (Stage.CONNECT, Failure.UNREACHABLE)
