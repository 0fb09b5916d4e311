"""The connection test: how far one gets and what stands in the way, in a reason."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.own_address import AddressDoubt, OwnAddress
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.transport.probe import probe_route
from desktop_relay.transport.timeouts import Timeouts
from tests.fakes.name_server import NameServer
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

OPEN = Route("mine", RouteKind.SMARTHOST, host="127.0.0.1", tls=TlsMode.NONE, ehlo_name="pc.example")
ACCOUNT = replace(OPEN, user="anna@shop.example")
SEEN = "203.0.113.7"
FINE = OwnAddress(SEEN, "mail.shop.example")
SHORT = Timeouts(connect=0.5, banner=0.5, ehlo=0.5, starttls=0.5, quit=0.3)


async def probe(name: str, route: Route, *, password: str | None = "heimlich") -> ProbeResult:
    async with ScriptedSmtpServer(load_dialogue(name)) as server:
        at = replace(route, port=server.port)
        return await probe_route(at, password=password, ca_file=None, timeouts=SHORT)


async def test_login_works() -> None:
    result = await probe("login_plain", ACCOUNT)
    assert result == ProbeResult(
        ok=True,
        tls=None,
        auth=True,
        banner="mx.example ESMTP ready",
        extensions=("PIPELINING", "AUTH"),
    )


@pytest.mark.parametrize(
    ("name", "route", "problem"),
    [
        ("login_refused", ACCOUNT, Reason.LOGIN_FAILED),
        ("login_not_offered", ACCOUNT, Reason.LOGIN_FAILED),
        ("banner_busy", OPEN, Reason.SERVER_BUSY),
        ("banner_refuses", OPEN, Reason.BLOCKED),
        ("banner_silent", OPEN, Reason.CONNECT_TIMEOUT),
        ("banner_closed", OPEN, Reason.CONNECTION_LOST),
        ("banner_garbled", OPEN, Reason.PROTOCOL),
        ("no_starttls", replace(OPEN, tls=TlsMode.STARTTLS), Reason.TLS_NOT_OFFERED),
        ("starttls_broken_then_plain", replace(OPEN, tls=TlsMode.STARTTLS), Reason.TLS_FAILED),
        ("banner_garbled", replace(OPEN, tls=TlsMode.TLS), Reason.TLS_FAILED),
        ("banner_closed", replace(OPEN, tls=TlsMode.TLS), Reason.TLS_FAILED),
    ],
)
async def test_what_stands_in_the_way(name: str, route: Route, problem: Reason) -> None:
    result = await probe(name, route)
    assert not result.ok
    assert result.problem is problem
    assert result.auth is (False if problem is Reason.LOGIN_FAILED else None)


async def test_words_of_the_server() -> None:
    assert (await probe("login_refused", ACCOUNT)).detail == "535 5.7.8 authentication failed"


async def test_no_password() -> None:
    result = await probe("login_plain", ACCOUNT, password=None)
    assert (result.ok, result.auth, result.problem) == (False, False, Reason.PASSWORD_MISSING)


async def test_asking_for_a_recipient() -> None:
    async with ScriptedSmtpServer(load_dialogue("asks_only")) as server:
        result = await probe_route(
            replace(OPEN, port=server.port),
            password=None,
            ca_file=None,
            to="anna@test.example",
            sender="me@shop.example",
        )
        assert server.problems == []
        assert server.bodies == []
    assert (result.ok, result.problem) == (False, Reason.RELAY_DENIED)
    assert result.detail == "554 5.7.1 Relay access denied"


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("ａｎｎａ＠ｔｅｓｔ．ｅｘａｍｐｌｅ", "anna@test.example"),
        ("anna@日本.example", "anna@xn--wgv71a.example"),
    ],
)
async def test_a_recipient_is_asked_about_as_mail_would_go_to_it(to: str, said: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("asks_anybody")) as server:
        result = await probe_route(replace(OPEN, port=server.port), password=None, ca_file=None, to=to)
        assert server.problems == []
    assert result.ok
    assert f"RCPT TO:<{said}>" in server.heard


@pytest.mark.parametrize("to", ["anna", "anna@", "ぽち@test.example", "a@test.example>\r\nDATA"])
@pytest.mark.parametrize("kind", [RouteKind.SMARTHOST, RouteKind.DIRECT])
async def test_what_is_no_address_is_asked_of_nobody(to: str, kind: RouteKind) -> None:
    async with ScriptedSmtpServer(load_dialogue("asks_anybody")) as server:
        route = replace(OPEN, kind=kind, port=server.port)
        result = await probe_route(route, password=None, ca_file=None, to=to, reachable=("test.example",))
        assert server.connections == 0
    assert (result.ok, result.problem, result.detail) == (False, Reason.BAD_ADDRESS, to)


async def test_certificates_are_checked(server_tls: ssl.SSLContext, ca_file: str) -> None:
    for file, ok in ((ca_file, True), (None, False)):
        async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
            route = replace(OPEN, port=server.port, tls=TlsMode.STARTTLS)
            result = await probe_route(route, password=None, ca_file=file, timeouts=SHORT)
        assert result.ok is ok
        assert result.tls == ("TLSv1.3" if ok else None)


async def test_direct_routes_are_tested_towards_an_address() -> None:
    direct = Route("direct", RouteKind.DIRECT, ehlo_name="pc.example")
    assert (await probe_route(direct, password=None, ca_file=None)).problem is Reason.BAD_ADDRESS
    zone: dict[tuple[str, str], list[str] | str] = {
        ("test.example", "MX"): ["300 MX 10 mx1.test.example."],
        ("mx1.test.example", "A"): ["60 A 127.0.0.1"],
    }
    async with NameServer(zone) as names, ScriptedSmtpServer(load_dialogue("asks_only")) as server:
        result = await probe_route(
            direct,
            password=None,
            ca_file=None,
            to="anna@test.example",
            sender="me@shop.example",
            nameservers=[names.address],
            direct_port=server.port,
        )
        gone = await probe_route(
            direct, password=None, ca_file=None, to="x@gone.example", nameservers=[names.address]
        )
    assert result.problem is Reason.RELAY_DENIED
    assert gone.problem is Reason.NO_SUCH_DOMAIN


REVERSE = "7.113.0.203.in-addr.arpa"


@pytest.mark.parametrize("to", [None, "anna@one.example"])
@pytest.mark.parametrize(
    ("names", "address"),
    [
        ({}, OwnAddress(SEEN, "", AddressDoubt.NO_NAME)),
        (
            {(REVERSE, "PTR"): ["300 PTR mail.shop.example."], ("mail.shop.example", "A"): [f"300 A {SEEN}"]},
            FINE,
        ),
        (
            {(REVERSE, "PTR"): ["300 PTR mail.shop.example."]},
            OwnAddress(SEEN, "mail.shop.example", AddressDoubt.LEADS_ELSEWHERE),
        ),
        ({(REVERSE, "PTR"): "SERVFAIL"}, None),
    ],
)
async def test_a_direct_line_is_told_what_receivers_see_of_it(
    names: dict[tuple[str, str], list[str] | str], address: OwnAddress | None, to: str | None
) -> None:
    zone = {
        ("one.example", "MX"): ["300 MX 10 mx.one.example."],
        ("mx.one.example", "A"): ["60 A 127.0.0.1"],
        **names,
    }
    dialogue = "greets_with_address" if to is None else "asks_with_address"
    async with NameServer(zone) as server, ScriptedSmtpServer(load_dialogue(dialogue)) as mx:
        found = await probe_route(
            Route("direct", RouteKind.DIRECT, ehlo_name="pc.example"),
            password=None,
            ca_file=None,
            to=to,
            sender="me@shop.example",
            nameservers=[server.address],
            direct_port=mx.port,
            timeouts=SHORT,
            reachable=("one.example",),
        )
    assert (found.ok, found.address) == (True, address)


async def test_an_account_has_the_address_of_its_provider() -> None:
    assert (await probe("greets_with_address", OPEN)).address is None


async def test_a_server_that_does_not_tell_leaves_it_open() -> None:
    zone: dict[tuple[str, str], list[str] | str] = {
        ("one.example", "MX"): ["300 MX 10 mx.one.example."],
        ("mx.one.example", "A"): ["60 A 127.0.0.1"],
    }
    async with NameServer(zone) as names, ScriptedSmtpServer(load_dialogue("asks_only")) as mx:
        found = await probe_route(
            Route("direct", RouteKind.DIRECT, ehlo_name="pc.example"),
            password=None,
            ca_file=None,
            nameservers=[names.address],
            direct_port=mx.port,
            reachable=("one.example",),
        )
    assert (found.ok, found.address) == (True, None), "127.0.0.1 is nobody's address out there"


@contextlib.contextmanager
def silent_port(ip: str, port: int = 0) -> Iterator[int]:
    """A port that answers no connect: its queue is full, so the kernel drops what else comes."""
    with socket.socket() as listening, contextlib.ExitStack() as stack:
        listening.bind((ip, port))
        listening.listen(0)
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield int(listening.getsockname()[1])


REACHABLE = ("one.example", "two.example", "three.example")


async def test_a_line_that_blocks_port_25(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_relay.transport.probe._HASTE", SHORT)
    direct = Route("direct", RouteKind.DIRECT, ehlo_name="pc.example")
    zone: dict[tuple[str, str], list[str] | str] = {("four.example", "A"): ["60 A 127.0.0.4"]}
    for number, domain in enumerate(REACHABLE, 1):
        zone[domain, "MX"] = [f"300 MX 10 mx.{domain}."]
        zone[f"mx.{domain}", "A"] = [f"60 A 127.0.0.{number}"]
    async with NameServer(zone) as names:
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(silent_port("127.0.0.1"))
            for number in (2, 3, 4):
                stack.enter_context(silent_port(f"127.0.0.{number}", port))

            async def test(to: str | None = None) -> ProbeResult:
                return await probe_route(
                    direct,
                    password=None,
                    ca_file=None,
                    to=to,
                    nameservers=[names.address],
                    direct_port=port,
                    timeouts=SHORT,
                    reachable=REACHABLE,
                )

            for found in (await test(), await test("anna@four.example")):
                assert (found.ok, found.problem) == (False, Reason.PORT25_BLOCKED)
        refused = await test()
        assert refused.problem is Reason.CONNECT_REFUSED, "who refuses was reached"


async def test_the_practice_route_is_always_there() -> None:
    assert (await probe_route(Route("sandbox", RouteKind.SANDBOX), password=None, ca_file=None)).ok
