"""Fetches a domain's MTA-STS policy from its policy host (RFC 8461 3.3)."""

from __future__ import annotations

import asyncio
import http.client
import io
import ssl
from collections.abc import Callable

from desktop_relay.protocol.mta_sts import POLICY_LIMIT_BYTES, StsError, StsPolicy, parse_sts_policy
from desktop_relay.transport.attempts import plan_attempts
from desktop_relay.transport.resolver import ResolveError, Resolver

FETCH_SECONDS = 30.0
"""For everything together; RFC 8461 3.3 suggests a minute, nobody who is well takes that."""

_HEAD_LIMIT_BYTES = 16 * 1024
_REQUEST = (
    "GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: {host}\r\nAccept: text/plain\r\nConnection: close\r\n\r\n"
)
_ADDRESSES = 2
_HTTPS = 443


class PolicyUnavailable(Exception):
    """There is no policy to be had; the text says why."""


class PolicyHost:
    """Asks ``mta-sts.<domain>`` over HTTPS, whose certificate ``context`` checks; no redirect is followed.

    ``context`` is made at the first fetch, and may raise ``OSError`` then.
    """

    def __init__(
        self,
        resolver: Resolver,
        context: Callable[[], ssl.SSLContext],
        *,
        port: int = _HTTPS,
        seconds: float = FETCH_SECONDS,
    ) -> None:
        self._resolver = resolver
        self._context = context
        self._port = port
        self._seconds = seconds

    async def fetch(self, domain: str) -> StsPolicy:
        """The policy; raises ``PolicyUnavailable``."""
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._get(f"mta-sts.{domain}")
            return parse_sts_policy(body)
        except TimeoutError as error:
            raise PolicyUnavailable("no answer in time") from error
        except ResolveError as error:
            raise PolicyUnavailable(f"{error.failure} {error.detail}") from error
        except (OSError, EOFError, ValueError, http.client.HTTPException) as error:
            # ssl's errors are OSErrors, StsError and LimitOverrun are of the others
            raise PolicyUnavailable(str(error) or type(error).__name__) from error

    async def _get(self, host: str) -> bytes:
        endpoints = plan_attempts(await self._resolver.addresses(host))
        error: OSError | None = None
        for endpoint in endpoints[:_ADDRESSES]:
            try:
                reader, writer = await asyncio.open_connection(
                    endpoint.ip,
                    endpoint.port or self._port,
                    ssl=self._context(),
                    server_hostname=host,
                    limit=_HEAD_LIMIT_BYTES,
                )
            except OSError as failed:
                error = failed
                continue
            try:
                return await _ask(reader, writer, host)
            finally:
                # not waited for: a host that does not answer the TLS goodbye must not hold us
                writer.transport.abort()
        raise error or OSError("no address")


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> bytes:
    lines = (
        "GET /.well-known/mta-sts.txt HTTP/1.1",
        f"Host: {host}",
        "Accept: text/plain",
        "Connection: close",
    )
    writer.write("\r\n".join([*lines, "", ""]).encode("ascii"))
    await writer.drain()
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise StsError("endless head") from error
    declared = _response(head).length
    if declared is not None and declared <= POLICY_LIMIT_BYTES:
        body = await reader.readexactly(declared)
    else:
        body = await _read_all(reader)
    response = _response(head + body)
    return response.read(POLICY_LIMIT_BYTES + 1)


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    """All there is to its end, as much as chunks of a longest policy come to."""
    found = bytearray()
    while part := await reader.read(_HEAD_LIMIT_BYTES):
        found += part
        if len(found) > 2 * POLICY_LIMIT_BYTES:
            raise StsError("too long")
    return bytes(found)


def _response(octets: bytes) -> http.client.HTTPResponse:
    """The answer, whose status and type are what they must be; raises ``StsError``, ``HTTPException``."""
    response = http.client.HTTPResponse(_Octets(octets), method="GET")  # type: ignore[arg-type]
    response.begin()
    # RFC 8461 3.3: redirects are not followed, and nothing but 200 is an answer
    if response.status != http.client.OK:
        raise StsError(f"HTTP status {response.status}")
    # RFC 8461 3.2: a host that lets strangers store pages must not be taken for one that publishes
    if response.headers.get_content_type() != "text/plain":
        raise StsError("not text/plain")
    return response


class _Octets:
    """What ``HTTPResponse`` reads from in place of a socket."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._octets)
