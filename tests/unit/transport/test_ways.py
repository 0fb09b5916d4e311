"""Ways: which host is tried when, what speaks for a domain that takes nothing, and no silent downgrade."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.transport.attempts import ADDRESS_LIMIT, HOST_LIMIT
from desktop_relay.transport.direct import DirectWay
from desktop_relay.transport.resolver import Endpoint, MxRecord
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.ways import SmarthostWay, way_of_route
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue
from tests.fakes.table_resolver import TableResolver

MAIL = Outgoing(
    Envelope("news@shop.example", "anna@test.example"), b"Subject: x\r\n\r\nx\r\n", "<1@shop.example>"
)
SHORT = Timeouts(connect=0.5, banner=0.5, ehlo=0.5, starttls=0.5, quit=0.3)
ACCOUNT = Route("mine", RouteKind.SMARTHOST, host="127.0.0.1", tls=TlsMode.STARTTLS, user="anna@shop.example")


def in_order(hosts: list[str]) -> None:
    """Leave the order alone."""


def way(resolver: TableResolver, port: int = 9) -> DirectWay:
    return DirectWay(resolver, port=port, ehlo_name="pc.example", timeouts=SHORT, shuffle=in_order)


def exchange_of(result: Session | Exchange) -> Exchange:
    assert isinstance(result, Exchange), result
    return result


async def hosts_playing(
    stack: AsyncExitStack, names: Sequence[str]
) -> tuple[TableResolver, list[ScriptedSmtpServer]]:
    """A domain whose hosts, in preference order, play these dialogues."""
    servers = [await stack.enter_async_context(ScriptedSmtpServer(load_dialogue(name))) for name in names]
    mx = [MxRecord(10 * number, f"mx{number}.test.example") for number in range(len(servers))]
    hosts = {
        record.host: [Endpoint("127.0.0.1", server.port)] for record, server in zip(mx, servers, strict=True)
    }
    return TableResolver({"test.example": mx}, hosts), servers


@pytest.mark.parametrize(
    "first", ["banner_busy", "banner_refuses", "banner_closed", "banner_silent", "banner_garbled"]
)
async def test_a_host_that_does_not_want_us_gives_way_to_the_next(first: str) -> None:
    async with AsyncExitStack() as stack:
        resolver, servers = await hosts_playing(stack, [first, "no_starttls"])
        session = await way(resolver).open("test.example")
        assert isinstance(session, Session)
        assert session.host == f"mx1.test.example:{servers[1].port}"
        await session.close()
        assert [server.connections for server in servers] == [1, 1]


@pytest.mark.parametrize("order", [("banner_busy", "banner_refuses"), ("banner_refuses", "banner_busy")])
async def test_what_may_get_better_speaks_for_the_domain(order: tuple[str, str]) -> None:
    async with AsyncExitStack() as stack:
        resolver, _ = await hosts_playing(stack, order)
        exchange = exchange_of(await way(resolver).open("test.example"))
        assert exchange.reply is not None
        assert exchange.reply.code == 421


async def test_the_next_address_after_a_failed_connect() -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedSmtpServer(load_dialogue("no_starttls")))
        closed = await stack.enter_async_context(ScriptedSmtpServer(load_dialogue("banner_closed")))
        unused = closed.port
        await closed.__aexit__(None, None, None)
        table = [Endpoint("127.0.0.1", unused), Endpoint("127.0.0.1", server.port)]
        session = await way(TableResolver({"test.example": []}, {"test.example": table})).open("test.example")
        assert isinstance(session, Session)
        await session.close()


async def test_at_most_five_addresses() -> None:
    async with AsyncExitStack() as stack:
        resolver, servers = await hosts_playing(stack, ["banner_closed"] * (ADDRESS_LIMIT + 2))
        exchange = exchange_of(await way(resolver).open("test.example"))
        assert (exchange.stage, exchange.failure) == (Stage.BANNER, Failure.CLOSED)
        assert [server.connections for server in servers] == [1] * ADDRESS_LIMIT + [0, 0]


async def test_no_third_when_two_took_all_the_time() -> None:
    async with AsyncExitStack() as stack:
        resolver, servers = await hosts_playing(stack, ["banner_silent"] * 3)
        slow = DirectWay(resolver, timeouts=replace(SHORT, opening=0.6), shuffle=in_order)
        exchange = exchange_of(await slow.open("test.example"))
        assert (exchange.stage, exchange.failure) == (Stage.BANNER, Failure.TIMEOUT)
        assert [server.connections for server in servers] == [1, 1, 0]


@pytest.mark.parametrize(
    ("failure", "looked_up"),
    [(Failure.DNS_TEMPORARY, ADDRESS_LIMIT), (Failure.NO_ADDRESS, HOST_LIMIT)],
)
async def test_a_domain_with_hundreds_of_hosts_that_nobody_finds(failure: Failure, looked_up: int) -> None:
    mx = [MxRecord(10, f"mx{number}.test.example") for number in range(300)]
    resolver = TableResolver({"test.example": mx}, dict.fromkeys([record.host for record in mx], failure))
    assert exchange_of(await way(resolver).open("test.example")).failure is failure
    assert resolver.asked[1:] == [f"A mx{number}.test.example" for number in range(looked_up)]


async def test_implicit_mx() -> None:
    async with ScriptedSmtpServer(load_dialogue("no_starttls")) as server:
        resolver = TableResolver({"test.example": []}, {"test.example": [Endpoint("127.0.0.1")]})
        session = await way(resolver, server.port).open("test.example")
        assert isinstance(session, Session)
        await session.close()
    assert resolver.asked == ["MX test.example", "A test.example"]


async def test_address_literals_ask_nobody() -> None:
    async with ScriptedSmtpServer(load_dialogue("no_starttls")) as server:
        resolver = TableResolver({})
        session = await way(resolver, server.port).open("[127.0.0.1]")
        assert isinstance(session, Session)
        await session.close()
    assert resolver.asked == []


@pytest.mark.parametrize(
    ("mx", "hosts", "failure"),
    [
        (Failure.NO_SUCH_DOMAIN, {}, Failure.NO_SUCH_DOMAIN),
        (Failure.DNS_TEMPORARY, {}, Failure.DNS_TEMPORARY),
        ([MxRecord(0, "")], {}, Failure.NULL_MX),
        ([], {}, Failure.NO_ADDRESS),
        # no way back to the domain's own address when there are MX records (RFC 5321 5.1)
        ([MxRecord(1, "gone.example")], {"test.example": [Endpoint("127.0.0.1")]}, Failure.NO_ADDRESS),
        (
            [MxRecord(1, "gone.example"), MxRecord(2, "ill.example"), MxRecord(3, "gone.example")],
            {"ill.example": Failure.DNS_TEMPORARY},
            Failure.DNS_TEMPORARY,
        ),
    ],
)
async def test_domains_without_a_host(
    mx: list[MxRecord] | Failure, hosts: dict[str, list[Endpoint] | Failure], failure: Failure
) -> None:
    exchange = exchange_of(await way(TableResolver({"test.example": mx}, hosts)).open("test.example"))
    assert (exchange.stage, exchange.failure) == (Stage.RESOLVE, failure)


@pytest.mark.parametrize("ip", ["127.0.0.1", "0.0.0.0", "::1"])
async def test_a_host_that_is_said_to_be_this_machine_is_none(ip: str) -> None:
    resolver = TableResolver({"test.example": [MxRecord(1, "mx.example")]}, {"mx.example": [Endpoint(ip)]})
    exchange = exchange_of(await way(resolver, 25).open("test.example"))
    assert (exchange.stage, exchange.failure) == (Stage.RESOLVE, Failure.NO_ADDRESS)
    assert exchange.detail == f"mx.example [{ip}]"
    literal = exchange_of(await way(resolver, 25).open(f"[{ip}]"))
    assert literal.failure is Failure.NO_ADDRESS


async def test_failed_handshake_goes_on_in_the_clear_and_tells() -> None:
    async with AsyncExitStack() as stack:
        resolver, servers = await hosts_playing(stack, ["starttls_broken_then_plain"])
        direct = way(resolver)
        session = await direct.open("test.example")
        assert isinstance(session, Session)
        exchange = await session.send(MAIL)
        await session.close()
        assert exchange.reply is not None
        assert exchange.reply.code == 250
        assert exchange.tls is None
        assert "* TLS failed: plain text" in exchange.transcript
        again = await direct.open("test.example")
        assert isinstance(again, Session)
        assert again.peer.prelude[0] == "* TLS failed here before: plain text"
        await again.close()
        # the second time the broken handshake is not tried again
        assert servers[0].connections == 3


@pytest.mark.parametrize(
    ("name", "failure"),
    [("starttls_broken_then_plain", Failure.TLS_FAILED), ("no_starttls", Failure.TLS_NOT_OFFERED)],
)
async def test_required_tls_is_never_given_up(name: str, failure: Failure) -> None:
    async with AsyncExitStack() as stack:
        resolver, servers = await hosts_playing(stack, [name])
        exchange = exchange_of(await way(resolver).open("test.example", tls_required=True))
        assert (exchange.stage, exchange.failure) == (Stage.STARTTLS, failure)
        assert servers[0].connections == 1
        assert not any(line.startswith("MAIL") for line in servers[0].heard)


async def test_lookup_and_key() -> None:
    mx: dict[str, list[MxRecord] | Failure] = {
        "a.example": [MxRecord(2, "y.example"), MxRecord(1, "x.example")],
        "b.example": [MxRecord(1, "y.example"), MxRecord(1, "x.example")],
        "null.example": [MxRecord(0, ".")],
        "ill.example": Failure.DNS_TEMPORARY,
    }
    direct = way(TableResolver(mx))
    assert await direct.lookup_mx("a.example") == ("x.example", "y.example")
    assert await direct.key_of("a.example") == await direct.key_of("b.example")
    assert await direct.lookup_mx("null.example") == ()
    assert await direct.lookup_mx("gone.example") == ()
    assert await direct.lookup_mx("ill.example") is None
    assert await direct.key_of("ill.example") == "ill.example"


async def test_where_domains_are_hosted_behind_an_account() -> None:
    mx: dict[str, list[MxRecord] | Failure] = {
        "a.example": [MxRecord(1, "y.example"), MxRecord(1, "x.example"), MxRecord(0, "z.example")],
        "null.example": [MxRecord(0, ".")],
        "ill.example": Failure.DNS_TEMPORARY,
    }
    own, names = TableResolver({}), TableResolver(mx)
    account = SmarthostWay(ACCOUNT, None, resolver=own, mx_resolver=names)
    assert await account.lookup_mx("a.example") == ("z.example", "x.example", "y.example")
    assert await account.lookup_mx("null.example") == ()
    assert await account.lookup_mx("gone.example") == ()
    assert await account.lookup_mx("ill.example") is None
    assert own.asked == []


async def test_smarthost_with_checked_tls(server_tls: ssl.SSLContext, ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
        account = SmarthostWay(
            replace(ACCOUNT, port=server.port, user=""), None, ca_file=ca_file, ehlo_name="pc.example"
        )
        session = await account.open("anything.example")
        assert isinstance(session, Session), session
        assert str(session.tls).startswith("TLSv1.3 ")
        assert str(session.tls).endswith(" certificate")
        await session.close()
        assert await account.lookup_mx("anything.example") is None
        assert await account.key_of("a.example") == await account.key_of("b.example")


@pytest.mark.parametrize("host", ["[127.0.0.1]", "mx.example."])
async def test_a_smarthost_however_it_is_written(server_tls: ssl.SSLContext, ca_file: str, host: str) -> None:
    names = TableResolver({}, {"mx.example": [Endpoint("127.0.0.1")]})
    async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
        route = replace(ACCOUNT, host=host, port=server.port, user="")
        session = await SmarthostWay(route, None, resolver=names, ca_file=ca_file).open("anything.example")
        assert isinstance(session, Session), session
        await session.close()


@pytest.mark.parametrize("offered", [True, False])
async def test_smarthost_that_must_keep_mail_encrypted(
    server_tls: ssl.SSLContext, ca_file: str, offered: bool
) -> None:
    dialogue = load_dialogue("starttls_accepts")
    if offered:
        dialogue = dialogue.replace("S: 250 ENHANCED", "S: 250-REQUIRETLS\nS: 250 ENHANCED")
    async with ScriptedSmtpServer(dialogue, tls=server_tls) as server:
        route = replace(ACCOUNT, port=server.port, user="", requiretls=True)
        result = await SmarthostWay(route, None, ca_file=ca_file).open("anything.example")
        if not offered:
            assert exchange_of(result).failure is Failure.REQUIRETLS_NOT_OFFERED
            return
        assert isinstance(result, Session), result
        assert (await result.send(MAIL)).stage is Stage.DOT
        await result.close()
        assert next(line for line in server.heard if line.startswith("MAIL")).endswith(" REQUIRETLS")


async def test_smarthost_never_downgrades(ca_file: str) -> None:
    async with ScriptedSmtpServer(load_dialogue("login_plain")) as server:
        account = SmarthostWay(replace(ACCOUNT, port=server.port), "heimlich", ca_file=ca_file)
        exchange = exchange_of(await account.open("test.example"))
        assert exchange.failure is Failure.TLS_NOT_OFFERED
        assert not any("AUTH" in line for line in server.heard)


async def test_smarthost_with_an_unusable_authority_file() -> None:
    account = SmarthostWay(replace(ACCOUNT, port=9), "heimlich", ca_file="/nowhere/ca.pem")
    exchange = exchange_of(await account.open("test.example"))
    assert (exchange.stage, exchange.failure) == (Stage.STARTTLS, Failure.TLS_FAILED)
    assert "/nowhere/ca.pem" in exchange.detail


async def test_smarthost_by_a_name_of_the_system() -> None:
    async with ScriptedSmtpServer(load_dialogue("login_plain")) as server:
        route = replace(ACCOUNT, host="localhost", port=server.port, tls=TlsMode.NONE)
        account = SmarthostWay(route, "heimlich", resolver=TableResolver({}), ehlo_name="pc.example")
        session = await account.open("test.example")
        assert isinstance(session, Session), session
        await session.close()


async def test_smarthost_without_password() -> None:
    exchange = exchange_of(await SmarthostWay(replace(ACCOUNT, port=9, tls=TlsMode.NONE), None).open("x"))
    assert (exchange.stage, exchange.failure) == (Stage.AUTH, Failure.NO_PASSWORD)


def test_way_of_route() -> None:
    assert isinstance(way_of_route(ACCOUNT, password="x"), SmarthostWay)
    sandbox = Route("sandbox", RouteKind.SANDBOX)
    assert isinstance(way_of_route(sandbox, resolver=TableResolver({})), DirectWay)
    with pytest.raises(ValueError, match="resolver"):
        way_of_route(sandbox)
