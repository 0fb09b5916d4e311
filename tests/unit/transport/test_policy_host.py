"""The policy host: what it may answer, and every way it can fail, each in bounded time (RFC 8461 3.3)."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from desktop_relay.domain.exchange import Failure
from desktop_relay.protocol.mta_sts import POLICY_LIMIT_BYTES, StsMode
from desktop_relay.transport.policy_host import PolicyHost, PolicyUnavailable
from desktop_relay.transport.resolver import Endpoint
from desktop_relay.transport.security import public_context
from tests.fakes.policy_server import PolicyServer, answer, policy
from tests.fakes.table_resolver import TableResolver

GOOD = policy("mx.test.example")
NAME = "mta-sts.test.example"


def host(port: int, ca_file: str, *, seconds: float = 2.0) -> PolicyHost:
    resolver = TableResolver({}, {NAME: [Endpoint("127.0.0.1", port)]})
    return PolicyHost(resolver, lambda: public_context(ca_file), seconds=seconds)


def chunked(body: str) -> bytes:
    parts = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (body[:20], body[20:]))
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    return f"{head}{parts}0\r\n\r\n".encode()


@pytest.mark.parametrize(
    "reply",
    [
        answer(GOOD),
        answer(GOOD, kind="text/plain; charset=utf-8"),
        answer(GOOD.replace("\n", "\r\n")),
        chunked(GOOD),
        f"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n{GOOD}".encode(),
    ],
)
async def test_policies(authority: trustme.CA, ca_file: str, reply: bytes) -> None:
    async with PolicyServer(authority.issue_cert(NAME), reply) as server:
        found = await host(server.port, ca_file).fetch("test.example")
        assert (found.mode, found.mx) == (StsMode.ENFORCE, ("mx.test.example",))
        assert server.requests[0].startswith("GET /.well-known/mta-sts.txt HTTP/1.1\r\n")
        assert f"\r\nHost: {NAME}\r\n" in server.requests[0]


async def test_a_wildcard_stands_for_one_label(authority: trustme.CA, ca_file: str) -> None:
    async with PolicyServer(authority.issue_cert("*.test.example"), answer(GOOD)) as server:
        assert (await host(server.port, ca_file).fetch("test.example")).mode is StsMode.ENFORCE


async def test_a_host_that_keeps_the_connection_is_not_waited_for(
    authority: trustme.CA, ca_file: str
) -> None:
    async with PolicyServer(authority.issue_cert(NAME), answer(GOOD)) as server:
        server.hangs = True
        assert (await host(server.port, ca_file).fetch("test.example")).mode is StsMode.ENFORCE


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer("", status="301 Moved", head="Location: https://127.0.0.1/\r\n"), "301"),
        (answer(GOOD, status="404 Not Found"), "404"),
        (answer(GOOD, status="204 No Content"), "204"),
        (answer(GOOD, kind="text/html"), "text/plain"),
        (answer("<html>"), "field"),
        (answer(GOOD.replace("enforce", "perhaps")), "mode"),
        (answer(GOOD)[:-5], "bytes read"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", "endless"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "headers"),
        (answer(GOOD + "x" * POLICY_LIMIT_BYTES), "long"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + b"x" * 300_000, "long"),
        (b"220 mx.example ESMTP\r\n\r\n", "220"),
        (b"", "bytes read"),
    ],
)
async def test_answers_that_are_no_policy(
    authority: trustme.CA, ca_file: str, reply: bytes, words: str
) -> None:
    async with PolicyServer(authority.issue_cert(NAME), reply) as server:
        with pytest.raises(PolicyUnavailable, match=words):
            await host(server.port, ca_file).fetch("test.example")
        assert len(server.requests) == 1, "no redirect is followed"


async def test_certificates_must_be_good(authority: trustme.CA, ca_file: str) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for certificate in (
        authority.issue_cert("www.test.example"),
        # RFC 8461 3.3: the name must be an alternative one, and a wildcard stands for one label
        authority.issue_cert("anna@test.example", common_name=NAME),
        authority.issue_cert("*.mta-sts.test.example"),
        authority.issue_cert("*.example"),
        authority.issue_cert(NAME, not_after=yesterday),
        trustme.CA().issue_cert(NAME),
    ):
        async with PolicyServer(certificate, answer(GOOD)) as server:
            with pytest.raises(PolicyUnavailable, match="certificate verify failed"):
                await host(server.port, ca_file).fetch("test.example")
            assert server.requests == []


@pytest.mark.parametrize("seconds", [0.0, 0.02])
async def test_slow_hosts_have_their_time_and_no_more(
    authority: trustme.CA, ca_file: str, seconds: float
) -> None:
    # the whole answer at this pace would take far longer, and every octet of it comes soon
    reply = answer(GOOD) if seconds else b"HTTP/1.1 200 OK\r\n"
    async with PolicyServer(authority.issue_cert(NAME), reply, seconds=seconds) as server:
        server.hangs = True
        with pytest.raises(PolicyUnavailable, match="in time"):
            await host(server.port, ca_file, seconds=0.3).fetch("test.example")


async def test_hosts_that_are_not_there(ca_file: str) -> None:
    with pytest.raises(PolicyUnavailable):
        await host(9, ca_file).fetch("test.example")
    nowhere = PolicyHost(TableResolver({}, {NAME: Failure.NO_ADDRESS}), ssl.create_default_context)
    with pytest.raises(PolicyUnavailable, match="no_address"):
        await nowhere.fetch("test.example")


async def test_an_authority_file_that_cannot_be_read(authority: trustme.CA) -> None:
    async with PolicyServer(authority.issue_cert(NAME), answer(GOOD)) as server:
        with pytest.raises(PolicyUnavailable):
            await host(server.port, "/nowhere/ca.pem").fetch("test.example")
