"""Encryption against real servers: Postfix and OpenSMTPD behind names that a validating unbound signs for."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.engine.outlets import Outlets
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from desktop_relay.transport.direct import DirectWay
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.policy_host import PolicyHost
from desktop_relay.transport.resolver import DnsResolver, ResolveError, Trusted
from desktop_relay.transport.security import public_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.sts import StsPolicies
from desktop_relay.transport.tls_memory import TlsMemory
from tests.fakes.policy_server import PolicyServer, answer, policy
from tests.servers.opensmtpd import OpenSmtpd, open_opensmtpd
from tests.servers.postfix import Postfix, open_postfix
from tests.servers.unbound import open_validating_unbound

pytestmark = pytest.mark.real

NOW = partial(datetime.now, UTC)
USER = "news@shop.example"
MAIL = Outgoing(
    Envelope(USER, "anna@test.example"),
    f"From: <{USER}>\r\nMessage-ID: <1@shop.example>\r\nSubject: x\r\n\r\n.x\r\n".encode(),
    "<1@shop.example>",
)
FORGED = "ab" * 32


ALIASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "alias.example": ("mx.good.example", ("wrong",)),
    "own.example": ("mx.bare.example", ("good",)),
    "out.example": ("mx.unsigned.example", ("good",)),
    "out-wrong.example": ("mx.unsigned.example", ("wrong",)),
    "out-bare.example": ("mx.unsigned.example", ()),
}
"""Domains whose host is a signed alias: for which host, and which records the alias has itself."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def running_postfix(authority: trustme.CA) -> Iterator[Postfix]:
    with open_postfix(authority, None) as postfix:
        yield postfix


@pytest.fixture
def postfix(running_postfix: Postfix) -> Postfix:
    running_postfix.empty()
    return running_postfix


@pytest.fixture(scope="module")
def opensmtpd(authority: trustme.CA) -> Iterator[OpenSmtpd]:
    certificate = authority.issue_cert("mx.test.example", key_type=trustme.KeyType.RSA)
    with open_opensmtpd(certificate) as server:
        yield server


def key_digest(certificate: Path) -> str:
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


@pytest.fixture(scope="module")
def nameserver(running_postfix: Postfix) -> Iterator[str]:
    port = running_postfix.ports["starttls"]
    digest = key_digest(running_postfix.folder / "cert.pem")
    records = [
        "mx.test.example. 300 IN A 127.0.0.1",
        "mta-sts.sts.unsigned.example. 300 IN A 127.0.0.1",
        '_mta-sts.sts.unsigned.example. 300 IN TXT "v=STSv1; id=1;"',
        "sts.unsigned.example. 300 IN MX 10 mx.test.example.",
        "unsigned.example. 300 IN MX 10 mx.test.example.",
        "mx.unsigned.example. 300 IN A 127.0.0.1",
    ]
    forged = []
    for domain in ("good", "wrong", "forged", "bare"):
        records += [f"{domain}.example. 300 IN MX 10 mx.{domain}.example."]
        records += [f"mx.{domain}.example. 300 IN A 127.0.0.1"]
        if domain != "bare":
            data = FORGED if domain == "wrong" else digest
            records += [f"_{port}._tcp.mx.{domain}.example. 300 IN TLSA 3 1 1 {data}"]
    forged.append(f"_{port}._tcp.mx.forged.example. 300 IN TLSA 3 1 1 {FORGED}")
    for domain, (target, digests) in ALIASES.items():
        records += [f"{domain}. 300 IN MX 10 mx.{domain}.", f"mx.{domain}. 300 IN CNAME {target}."]
        known = {"good": digest, "wrong": FORGED}
        records += [f"_{port}._tcp.mx.{domain}. 300 IN TLSA 3 1 1 {known[data]}" for data in digests]
    with open_validating_unbound(records, forged) as address:
        yield address


def public(authority: trustme.CA) -> ssl.SSLContext:
    context = public_context(None)
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def straight(
    authority: trustme.CA,
    nameserver: str,
    port: int,
    *,
    trusted: Trusted = Trusted.LOCAL,
    policy_port: int | None = None,
    memory: TlsMemory | None = None,
) -> AsyncIterator[DirectWay]:
    """A direct way on that port, that fetches policies from ``policy_port`` where it is given."""
    resolver = DnsResolver([nameserver], trusted=trusted)
    memory = memory or TlsMemory()
    policies = None
    if policy_port is not None:
        host = PolicyHost(resolver, partial(public, authority), port=policy_port, seconds=2.0)
        policies = StsPolicies(resolver, host, memory, now=NOW)
    guard = Guard(memory, now=NOW, public=partial(public, authority), records=resolver, policies=policies)
    way = DirectWay(resolver, port=port, ehlo_name="pc.example", guard=guard)
    yield way
    await way.close()


async def delivered(result: Session | Exchange) -> Exchange:
    assert isinstance(result, Session), result
    exchange = await result.send(MAIL)
    await result.close()
    assert exchange.reply is not None
    assert (exchange.stage, exchange.reply.code) == (Stage.DOT, 250), exchange
    return exchange


def refusal(result: Session | Exchange) -> tuple[Stage, Failure | None]:
    assert isinstance(result, Exchange), result
    return result.stage, result.failure


async def test_names_are_signed_or_not_and_forgeries_are_found(nameserver: str, postfix: Postfix) -> None:
    port = postfix.ports["starttls"]
    for trusted, believed in ((Trusted.LOCAL, True), (Trusted.ALL, True), (Trusted.NOBODY, False)):
        names = DnsResolver([nameserver], trusted=trusted)
        assert (await names.lookup("good.example", "MX")).secure is believed
        assert (await names.lookup("mx.bare.example", "AAAA")).secure is believed, "nothing, and signed so"
        assert (await names.lookup(f"_{port}._tcp.mx.bare.example", "TLSA")).records == ()
        assert not (await names.lookup("unsigned.example", "MX")).secure
        with pytest.raises(ResolveError) as caught:
            await names.lookup(f"_{port}._tcp.mx.forged.example", "TLSA")
        assert caught.value.failure is Failure.DNS_TEMPORARY


@pytest.mark.parametrize(
    ("domain", "trusted", "outcome"),
    [
        ("good.example", Trusted.LOCAL, "dane"),
        ("good.example", Trusted.NOBODY, "opportunistic"),
        ("bare.example", Trusted.LOCAL, "opportunistic"),
        ("unsigned.example", Trusted.LOCAL, "opportunistic"),
        ("wrong.example", Trusted.LOCAL, (Stage.STARTTLS, Failure.DANE_FAILED)),
        ("forged.example", Trusted.LOCAL, (Stage.RESOLVE, Failure.DNS_TEMPORARY)),
    ],
)
async def test_dane(
    authority: trustme.CA,
    postfix: Postfix,
    nameserver: str,
    domain: str,
    trusted: Trusted,
    outcome: str | tuple[Stage, Failure],
) -> None:
    async with straight(authority, nameserver, postfix.ports["starttls"], trusted=trusted) as way:
        result = await way.open(domain)
        if isinstance(outcome, tuple):
            assert refusal(result) == outcome
            return
        exchange = await delivered(result)
        assert (exchange.tls or "").startswith("TLSv1.3 ")
        assert (exchange.tls or "").endswith(f" {outcome}")
    postfix.delivered(1)


@pytest.mark.parametrize(
    ("domain", "outcome"),
    [
        # RFC 7672 2.2.3: what stands behind the alias comes first, then the alias itself
        ("alias.example", "dane"),
        ("own.example", "dane"),
        # RFC 7672 2.2.2: behind an alias into an unsigned zone only the alias' own records hold
        ("out.example", "dane"),
        ("out-wrong.example", (Stage.STARTTLS, Failure.DANE_FAILED)),
        ("out-bare.example", "opportunistic"),
    ],
)
async def test_dane_behind_aliases(
    authority: trustme.CA,
    postfix: Postfix,
    nameserver: str,
    domain: str,
    outcome: str | tuple[Stage, Failure],
) -> None:
    async with straight(authority, nameserver, postfix.ports["starttls"]) as way:
        result = await way.open(domain)
        if isinstance(outcome, tuple):
            assert refusal(result) == outcome
            return
        assert ((await delivered(result)).tls or "").endswith(f" {outcome}")
    postfix.delivered(1)


async def test_mta_sts(authority: trustme.CA, postfix: Postfix, nameserver: str) -> None:
    port = postfix.ports["starttls"]
    certificate = authority.issue_cert("mta-sts.sts.unsigned.example")
    memory = TlsMemory()
    async with PolicyServer(certificate, answer(policy("*.test.example"))) as server:
        async with straight(authority, nameserver, port, policy_port=server.port, memory=memory) as way:
            exchange = await delivered(await way.open("sts.unsigned.example"))
            assert (exchange.tls or "").endswith(" mta-sts")
            postfix.delivered(1)
        # as an attacker would have it: STARTTLS is gone, and so is the policy's host
        plain = postfix.ports["plain"]
        server.reply = answer("", status="503 Busy")
        async with straight(authority, nameserver, plain, policy_port=server.port, memory=memory) as way:
            stripped = await way.open("sts.unsigned.example")
            assert refusal(stripped) == (Stage.STARTTLS, Failure.MTA_STS_FAILED)
    # nobody vouches for this certificate any more
    stranger = trustme.CA()
    async with straight(stranger, nameserver, port, policy_port=9, memory=memory) as way:
        result = await way.open("sts.unsigned.example")
        assert refusal(result) == (Stage.STARTTLS, Failure.MTA_STS_FAILED)
    # an address that never had a policy is another matter
    async with straight(authority, nameserver, port, policy_port=9) as way:
        exchange = await delivered(await way.open("sts.unsigned.example"))
        assert (exchange.tls or "").endswith(" opportunistic")


async def test_a_host_that_was_encrypted(authority: trustme.CA, postfix: Postfix, nameserver: str) -> None:
    memory = TlsMemory()
    async with straight(authority, nameserver, postfix.ports["starttls"], memory=memory) as way:
        await delivered(await way.open("unsigned.example"))
    async with straight(authority, nameserver, postfix.ports["plain"], memory=memory) as way:
        assert refusal(await way.open("unsigned.example")) == (Stage.STARTTLS, Failure.TLS_LOST)
    async with straight(authority, nameserver, postfix.ports["plain"]) as way:
        assert (await delivered(await way.open("unsigned.example"))).tls is None


async def test_a_direct_route_as_the_engine_opens_it(
    postfix: Postfix, nameserver: str, tmp_path: Path
) -> None:
    with open_library(tmp_path) as library:
        save_setting(library, "dns.nameservers", (nameserver,))
        save_setting(library, "direct.port", postfix.ports["starttls"])
    outlets = Outlets(tmp_path)
    outlet = await outlets.open(Route("straight", RouteKind.DIRECT), 1.0)
    exchange = await delivered(await outlet.way.open("good.example"))
    assert (exchange.tls or "").endswith(" dane"), "the name server is on this machine, so it is believed"
    assert set(outlets.tls.take_changes()[0]) == {"mx.good.example"}
    await outlet.way.close()
    with open_library(tmp_path) as library:
        save_setting(library, "tls.dane", "off")
    outlet = await outlets.open(Route("straight", RouteKind.DIRECT), 1.0)
    exchange = await delivered(await outlet.way.open("good.example"))
    assert (exchange.tls or "").endswith(" opportunistic")
    await outlet.way.close()
    await outlets.close()


async def test_opensmtpd_in_the_clear(authority: trustme.CA, opensmtpd: OpenSmtpd, nameserver: str) -> None:
    async with straight(authority, nameserver, opensmtpd.ports["plain"]) as way:
        session = await way.open("unsigned.example")
        assert isinstance(session, Session)
        assert not session.extensions.pipelining, "one command at a time"
        await delivered(session)
    letter = opensmtpd.delivered(1)[0]
    assert letter.replace(b"\r\n", b"\n").endswith(b"\n\n.x\n")


async def test_opensmtpd_encrypted_or_honest_about_it(
    authority: trustme.CA, opensmtpd: OpenSmtpd, nameserver: str
) -> None:
    """Debian 12's build offers STARTTLS and, with OpenSSL 3, fails every handshake: a fault of real life."""
    memory = TlsMemory()
    async with straight(authority, nameserver, opensmtpd.ports["starttls"], memory=memory) as way:
        exchange = await delivered(await way.open("unsigned.example"))
    broken = exchange.tls is None
    assert broken == ("* TLS failed: plain text" in exchange.transcript)
    memory.note_encrypted("mx.test.example", NOW())
    async with straight(authority, nameserver, opensmtpd.ports["starttls"], memory=memory) as way:
        again = await way.open("unsigned.example")
        if broken:
            assert refusal(again) == (Stage.STARTTLS, Failure.TLS_LOST)
        else:
            assert (await delivered(again)).tls is not None
