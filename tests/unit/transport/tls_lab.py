"""The TLS lab: a domain whose hosts have any kind of certificate, policy and past."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Envelope, Outgoing
from desktop_relay.domain.protection import Verified, parse_protection
from desktop_relay.protocol.mta_sts import StsPolicy
from desktop_relay.transport.direct import DirectWay
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.resolver import Endpoint, MxRecord
from desktop_relay.transport.security import public_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.tls_memory import TlsMemory
from tests.fakes.signed_names import SignedNames
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

MAIL = Outgoing(
    Envelope("news@shop.example", "anna@test.example"), b"Subject: x\r\n\r\nx\r\n", "<1@shop.example>"
)
SHORT = Timeouts(connect=2.0, banner=2.0, ehlo=2.0, starttls=2.0, quit=0.3)
DOMAIN, HOST = "test.example", "mx.example"


class Policies:
    """Policies by domain."""

    def __init__(self, **known: StsPolicy) -> None:
        self.known: dict[str, StsPolicy] = {f"{name}.example": policy for name, policy in known.items()}

    async def policy_of(self, domain: str) -> StsPolicy | None:
        return self.known.get(domain)

    async def close(self) -> None:
        """Nothing is looked for."""


@dataclass
class Lab:
    """A domain whose hosts, in order of preference, are these servers; the clock is turned by hand."""

    authority: trustme.CA
    memory: TlsMemory = field(default_factory=TlsMemory)
    policies: Policies = field(default_factory=Policies)
    tlsa: Sequence[bytes] | Failure = ()
    signed: frozenset[str] = frozenset()
    requiretls: bool = False
    unreadable: bool = False
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.names = SignedNames({})

    def way(self, servers: Sequence[ScriptedSmtpServer], hosts: Sequence[str] = (HOST,)) -> DirectWay:
        """A fresh way, as after a restart, to these servers under these names."""
        self.names = SignedNames(
            {DOMAIN: [MxRecord(number, host) for number, host in enumerate(hosts)]},
            {host: [Endpoint("127.0.0.1", server.port)] for host, server in zip(hosts, servers, strict=True)},
            records={(f"_25._tcp.{HOST}", "TLSA"): self.tlsa},
            signed=self.signed,
        )
        guard = Guard(
            self.memory,
            now=lambda: self.now,
            public=self.public,
            records=self.names,
            policies=self.policies,
            requiretls=self.requiretls,
        )
        return DirectWay(self.names, ehlo_name="pc.example", timeouts=SHORT, shuffle=list.sort, guard=guard)

    def public(self) -> ssl.SSLContext:
        """The lab's authority stands for the public ones, unless its file is ``unreadable``."""
        if self.unreadable:
            raise OSError("ca.pem")
        context = public_context(None)
        self.authority.configure_trust(context)
        return context

    async def opened(self, server: ScriptedSmtpServer, *, required: bool = False) -> Session | Exchange:
        """What comes of dialling the one host."""
        return await self.way([server]).open(DOMAIN, tls_required=required)


@asynccontextmanager
async def serving(
    certificate: trustme.LeafCert | None, dialogue: str = load_dialogue("starttls_accepts")
) -> AsyncIterator[ScriptedSmtpServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        certificate.configure_cert(context)
    async with ScriptedSmtpServer(dialogue, tls=context) as server:
        yield server


async def delivered(result: Session | Exchange) -> Exchange:
    assert isinstance(result, Session), result
    exchange = await result.send(MAIL)
    await result.close()
    assert exchange.reply is not None
    assert (exchange.stage, exchange.reply.code) == (Stage.DOT, 250)
    return exchange


def verified(exchange: Exchange) -> Verified | None:
    protection = parse_protection(exchange.tls or "")
    return None if protection is None else protection.verified


def fails_testing(exchange: Exchange) -> bool:
    protection = parse_protection(exchange.tls or "")
    return protection is not None and protection.fails_testing


def refused(result: Session | Exchange, server: ScriptedSmtpServer, failure: Failure) -> Exchange:
    assert isinstance(result, Exchange), result
    assert (result.stage, result.failure) == (Stage.STARTTLS, failure), result
    assert result.reply is None
    assert server.bodies == []
    assert not any(line.startswith("MAIL") for line in server.heard)
    return result


def tlsa(usage: int, selector: int, matching: int, certificate: x509.Certificate) -> bytes:
    if selector == 0:
        data = certificate.public_bytes(Encoding.DER)
    else:
        data = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = {0: data, 1: hashlib.sha256(data).digest(), 2: hashlib.sha512(data).digest()}
    return bytes([usage, selector, matching]) + digest[matching]


def certificates(leaf: trustme.LeafCert) -> list[x509.Certificate]:
    return [x509.load_pem_x509_certificate(blob.bytes()) for blob in leaf.cert_chain_pems]
