"""Whose TLSA records speak for a host: its own, those behind its alias, or nobody's (RFC 7672 2.2)."""

from __future__ import annotations

import ssl

import pytest

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.protection import Verified
from desktop_relay.protocol.tlsa import parse_tlsa
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.dane import find_tlsa
from desktop_relay.transport.encryption import Trust
from desktop_relay.transport.resolver import Endpoint, ResolveError
from desktop_relay.transport.security import Security, encrypting_context
from desktop_relay.transport.session import Session
from tests.fakes.signed_names import SignedNames
from tests.fakes.smtp_server import ScriptedSmtpServer, load_dialogue

HOST, TARGET = "mx.test.example", "mx.host.example"
SIGNED = {"test.example"}
BOTH = {"test.example", "host.example"}
RECORD = bytes([3, 1, 1]) + b"x" * 32


def names(signed: set[str], *with_records: str, alias: bool) -> SignedNames:
    return SignedNames(
        {},
        {HOST: [Endpoint("127.0.0.1")]},
        records={(f"_25._tcp.{name}", "TLSA"): [RECORD] for name in with_records},
        signed=frozenset(signed),
        aliases={HOST: TARGET} if alias else {},
    )


@pytest.mark.parametrize(
    ("signed", "alias", "with_records", "base"),
    [
        (SIGNED, False, (HOST,), HOST),
        (SIGNED, False, (), None),
        (set[str](), False, (HOST,), None),
        # RFC 7672 2.2.3: behind a signed alias first, then the alias itself
        (BOTH, True, (HOST, TARGET), TARGET),
        (BOTH, True, (TARGET,), TARGET),
        (BOTH, True, (HOST,), HOST),
        (BOTH, True, (), None),
        # RFC 7672 2.2.2: a signed alias for a host in an unsigned zone has none but its own
        (SIGNED, True, (HOST, TARGET), HOST),
        (SIGNED, True, (TARGET,), None),
        (SIGNED, True, (), None),
        # an alias that anybody could have made proves nothing, however well its host is signed
        ({"host.example"}, True, (HOST, TARGET), None),
        (set[str](), True, (HOST, TARGET), None),
    ],
)
async def test_bases(signed: set[str], alias: bool, with_records: tuple[str, ...], base: str | None) -> None:
    found = await find_tlsa(names(signed, *with_records, alias=alias), HOST.upper() + ".", 25)
    assert (None if found is None else found.base) == base


@pytest.mark.parametrize("signed", [set[str](), {"host.example"}])
async def test_unsigned_zones_are_not_asked_for_records(signed: set[str]) -> None:
    """Name servers that balance load choke on questions they do not expect."""
    resolver = names(signed, alias=True)
    await find_tlsa(resolver, HOST, 25)
    assert not any(asked.startswith("TLSA") for asked in resolver.asked)


@pytest.mark.parametrize("question", [(HOST, "A"), (HOST, "CNAME"), (f"_25._tcp.{HOST}", "TLSA")])
async def test_what_cannot_be_told_is_not_taken_for_nothing(question: tuple[str, str]) -> None:
    resolver = names(SIGNED, HOST, alias=True)
    resolver.records[question] = Failure.DNS_TEMPORARY
    with pytest.raises(ResolveError):
        await find_tlsa(resolver, HOST, 25)


@pytest.mark.parametrize(
    ("trust", "name"),
    [
        (Trust(), HOST),
        # RFC 7672 8.1: a host with several certificates shows the one that the records are about
        (Trust(Verified.DANE, (parse_tlsa(RECORD),), (TARGET, HOST)), TARGET),
    ],
)
async def test_the_handshake_names_the_owner_of_the_records(
    server_tls: ssl.SSLContext, trust: Trust, name: str
) -> None:
    asked: list[str | None] = []
    server_tls.sni_callback = lambda _, server_name, __: asked.append(server_name)
    try:
        async with ScriptedSmtpServer(load_dialogue("starttls_accepts"), tls=server_tls) as server:
            terms = Terms(Security.ENCRYPTED, context=encrypting_context(), trust=trust)
            result = await open_session(HOST, "127.0.0.1", server.port, terms)
            if isinstance(result, Session):
                await result.close()
    finally:
        server_tls.sni_callback = None
    assert asked == [name]
