"""Against real servers: Postfix with Dovecot's SASL over every kind of TLS, and unbound for the names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.transport.direct import DirectWay
from desktop_relay.transport.probe import probe_route
from desktop_relay.transport.resolver import DnsResolver, MxRecord, ResolveError
from desktop_relay.transport.session import Session
from desktop_relay.transport.ways import SmarthostWay
from tests.servers.dovecot import open_dovecot
from tests.servers.postfix import Postfix, open_postfix
from tests.servers.unbound import open_unbound

pytestmark = pytest.mark.real

USER, PASSWORD = "anna@test.example", "heimlich ü 秘密"
ACCOUNT = Route("mine", RouteKind.SMARTHOST, host="127.0.0.1", user=USER, ehlo_name="pc.example")
RECORDS = (
    "test.example. 300 IN MX 20 127.0.0.1.example.",
    "test.example. 300 IN MX 10 mx1.test.example.",
    "mx1.test.example. 300 IN A 127.0.0.1",
    "null.example. 300 IN MX 0 .",
    "bare.example. 300 IN A 127.0.0.1",
    "six.example. 300 IN AAAA ::1",
    "alias.example. 300 IN CNAME mx1.test.example.",
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="module")
def running_postfix(authority: trustme.CA) -> Iterator[Postfix]:
    with open_dovecot({USER: PASSWORD}) as auth_socket, open_postfix(authority, auth_socket) as postfix:
        yield postfix


@pytest.fixture
def postfix(running_postfix: Postfix) -> Postfix:
    running_postfix.empty()
    return running_postfix


@pytest.fixture(scope="module")
def nameserver() -> Iterator[str]:
    with open_unbound(RECORDS) as address:
        yield address


def mail(number: int = 1, *, to: str = "anna@test.example", lines: int = 3) -> Outgoing:
    body = b".one\r\n..two\r\n.\r\n" + b"line of text\r\n" * lines
    head = f"From: <{USER}>\r\nMessage-ID: <{number}@shop.example>\r\nSubject: {number}\r\n\r\n".encode()
    return Outgoing(Envelope(USER, to), head + body, f"<{number}@shop.example>")


def session_of(result: Session | Exchange) -> Session:
    assert isinstance(result, Session), result
    return result


async def smarthost(
    postfix: Postfix,
    service: str,
    tls: TlsMode,
    ca_file: str | None,
    *,
    user: str = "",
    password: str | None = None,
) -> Session | Exchange:
    route = replace(ACCOUNT, port=postfix.ports[service], tls=tls, user=user)
    return await SmarthostWay(route, password, ca_file=ca_file).open("test.example")


@pytest.mark.parametrize(
    ("service", "tls", "verified"),
    [
        ("plain", TlsMode.NONE, None),
        ("starttls", TlsMode.STARTTLS, "certificate"),
        ("wrapped", TlsMode.TLS, "certificate"),
    ],
)
async def test_messages_arrive_octet_for_octet(
    postfix: Postfix, ca_file: str, service: str, tls: TlsMode, verified: str | None
) -> None:
    session = session_of(await smarthost(postfix, service, tls, ca_file, user=USER, password=PASSWORD))
    assert (session.tls or "").rpartition(" ")[2] == (verified or "")
    assert session.extensions.pipelining
    assert session.extensions.size == 200_000
    for number in range(3):
        exchange = await session.send(mail(number))
        assert (exchange.stage, exchange.reply and exchange.reply.code) == (Stage.DOT, 250), exchange
        assert exchange.tls == session.tls
    await session.close()
    bodies = {message.partition(b"\n\n")[2] for message in postfix.delivered(3)}
    assert bodies == {mail().content.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n")}


@pytest.mark.parametrize("service", ["auth_plain", "auth_login", "auth_cram"])
async def test_each_login(postfix: Postfix, ca_file: str, service: str) -> None:
    session = session_of(
        await smarthost(postfix, service, TlsMode.STARTTLS, ca_file, user=USER, password=PASSWORD)
    )
    assert session.extensions.auth == {{"auth_cram": "CRAM-MD5"}.get(service, service[5:].upper())}
    exchange = await session.send(mail(to="someone@elsewhere.example"))
    await session.close()
    # relaying is for those who are logged in
    assert exchange.reply is not None
    assert exchange.reply.code == 250
    wrong = await smarthost(postfix, service, TlsMode.STARTTLS, ca_file, user=USER, password="wrong")
    assert isinstance(wrong, Exchange)
    assert wrong.stage is Stage.AUTH
    assert wrong.reply is not None
    assert (wrong.reply.code, str(wrong.reply.enhanced)) == (535, "5.7.8")
    assert PASSWORD not in "\n".join(exchange.transcript + wrong.transcript)


async def test_relaying_without_login_is_refused_and_the_session_goes_on(postfix: Postfix) -> None:
    session = session_of(await smarthost(postfix, "plain", TlsMode.NONE, None))
    for to, code, stage in [
        ("someone@elsewhere.example", 554, Stage.RCPT),
        ("nobody@test.example", 550, Stage.RCPT),
        ("anna@test.example", 250, Stage.DOT),
        ('"a..b"@test.example', 250, Stage.DOT),
        ("nobody@test.example", 550, Stage.RCPT),
        ("anna@test.example", 250, Stage.DOT),
    ]:
        exchange = await session.send(mail(to=to))
        assert (exchange.stage, exchange.reply and exchange.reply.code) == (stage, code), exchange
    await session.close()
    assert len(postfix.delivered(3)) == 3


async def test_without_pipelining(postfix: Postfix, ca_file: str) -> None:
    session = session_of(await smarthost(postfix, "unpipelined", TlsMode.STARTTLS, ca_file))
    assert not session.extensions.pipelining
    refused = await session.send(mail(to="nobody@test.example"))
    assert refused.stage is Stage.RCPT
    for number in range(2):
        exchange = await session.send(mail(number))
        assert exchange.reply is not None
        assert exchange.reply.code == 250
    await session.close()
    postfix.delivered(2)


async def test_size_limits(postfix: Postfix, ca_file: str) -> None:
    session = session_of(await smarthost(postfix, "starttls", TlsMode.STARTTLS, ca_file))
    too_big = await session.send(mail(lines=20_000))
    assert (too_big.stage, too_big.failure) == (Stage.MAIL, Failure.TOO_BIG)
    large = await session.send(mail(lines=12_000))
    assert large.reply is not None
    assert large.reply.code == 250
    await session.close()
    assert postfix.delivered(1)[0].count(b"line of text\n") == 12_000


async def test_certificates_nobody_vouches_for(postfix: Postfix) -> None:
    for service, tls in (("starttls", TlsMode.STARTTLS), ("wrapped", TlsMode.TLS)):
        exchange = await smarthost(postfix, service, tls, None, user=USER, password=PASSWORD)
        assert isinstance(exchange, Exchange)
        assert exchange.failure is Failure.TLS_FAILED
    exchange = await smarthost(postfix, "plain", TlsMode.STARTTLS, None, user=USER, password=PASSWORD)
    assert isinstance(exchange, Exchange)
    assert exchange.failure is Failure.TLS_NOT_OFFERED


async def test_probe(postfix: Postfix, ca_file: str) -> None:
    route = replace(ACCOUNT, port=postfix.ports["starttls"], tls=TlsMode.STARTTLS)
    good = await probe_route(route, password=PASSWORD, ca_file=ca_file, to="someone@elsewhere.example")
    assert (good.ok, good.tls, good.auth, good.problem) == (True, "TLSv1.3", True, Reason.NONE)
    assert good.banner.startswith("mx.test.example ESMTP")
    assert "PIPELINING" in good.extensions
    wrong = await probe_route(route, password="wrong", ca_file=ca_file)
    assert (wrong.ok, wrong.auth, wrong.problem) == (False, False, Reason.LOGIN_FAILED)
    unknown = await probe_route(
        replace(route, user=""), password=None, ca_file=ca_file, to="nobody@test.example", sender=USER
    )
    assert (unknown.ok, unknown.problem) == (False, Reason.OTHER_PERMANENT)


async def test_names(nameserver: str) -> None:
    resolver = DnsResolver([nameserver], ipv6=True)
    assert MxRecord(10, "mx1.test.example") in await resolver.mx("test.example")
    assert await resolver.mx("null.example") == (MxRecord(0, ""),)
    assert await resolver.mx("bare.example") == ()
    assert [endpoint.ip for endpoint in await resolver.addresses("alias.example")] == ["127.0.0.1"]
    assert [endpoint.ip for endpoint in await resolver.addresses("six.example")] == ["::1"]


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("gone.example", Failure.NO_SUCH_DOMAIN),
        ("refused.example", Failure.DNS_TEMPORARY),
        ("dead.test", Failure.DNS_TEMPORARY),
    ],
)
async def test_names_without_an_answer(nameserver: str, name: str, failure: Failure) -> None:
    with pytest.raises(ResolveError) as caught:
        await DnsResolver([nameserver], timeout=2.0).mx(name)
    assert caught.value.failure is failure


async def test_straight_to_the_host_that_the_names_name(postfix: Postfix, nameserver: str) -> None:
    way = DirectWay(DnsResolver([nameserver]), port=postfix.ports["starttls"], ehlo_name="pc.example")
    session = session_of(await way.open("test.example", tls_required=True))
    assert session.host == f"mx1.test.example:{postfix.ports['starttls']}"
    assert str(session.tls).endswith(" opportunistic")
    exchange = await session.send(mail())
    await session.close()
    assert exchange.reply is not None
    assert exchange.reply.code == 250
    null = await way.open("null.example")
    assert isinstance(null, Exchange)
    assert null.failure is Failure.NULL_MX
    postfix.delivered(1)
