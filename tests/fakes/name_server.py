"""A name server on a loopback port, or where it is told, that answers from a table."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self, cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """``zone`` maps ``(name, type)`` to lines of ``TTL TYPE DATA``, or an rcode such as ``SERVFAIL``.

    Names in the zone without that type answer with nothing; other names do not exist. ``asked`` counts
    questions; ``silent`` names are never answered.
    """

    def __init__(
        self,
        zone: Mapping[tuple[str, str], list[str] | str],
        silent: frozenset[str] = frozenset(),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.zone = zone
        self.asked: Counter[tuple[str, str]] = Counter()
        self.host = host
        self.port = port
        self._silent = silent
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> str:
        """As the setting ``dns.nameservers`` has it."""
        return f"{self.host}:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Listener(self), local_addr=(self.host, self.port)
        )
        self.port = int(self._transport.get_extra_info("sockname")[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._transport is not None
        self._transport.close()

    def answer(self, wire: bytes) -> bytes | None:
        """The answer to one question."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked[name, kind] += 1
        if name in self._silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        found = self.zone.get((name, kind))
        if isinstance(found, str):
            response.set_rcode(dns.rcode.from_text(found))
        elif found is not None:
            for line in found:
                ttl, record_kind, data = line.split(" ", 2)
                rrset = dns.rrset.from_text(question.name, int(ttl), "IN", record_kind, data)
                known = response.find_rrset(
                    response.answer, question.name, rrset.rdclass, rrset.rdtype, create=True
                )
                for record in rrset:
                    known.add(record, rrset.ttl)
        elif not any(other == name for other, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # the selector loop's own datagram transport is no subclass
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._server.answer(data)
        if answer is not None and self._transport is not None:
            self._transport.sendto(answer, addr)
