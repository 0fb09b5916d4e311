"""Names to hosts, addresses and records: what a resolver answers, and the one that asks the DNS."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.name
import dns.nameserver
import dns.resolver
import dns.reversename

from desktop_relay.domain.exchange import Failure
from desktop_relay.protocol.mx import MxRecord

__all__ = ["DnsResolver", "Endpoint", "Found", "MxRecord", "Records", "ResolveError", "Resolver", "Trusted"]

LONGEST_SECONDS = 86_400.0
"""An answer is not kept longer than a day, whatever its TTL."""

_SHORTEST_SECONDS = 5.0
_FAILURE_SECONDS = 30.0
_NOTHING_SECONDS = 300.0
_ENTRIES_LIMIT = 20_000
_QUERIES_AT_ONCE = 50
_MOST_NAMES = 5  # an address with more names than that is not anybody's


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address to connect to; a ``port`` of ``None`` leaves it to the route."""

    ip: str
    port: int | None = None


class ResolveError(Exception):
    """A name has no usable answer.

    ``failure`` is NO_SUCH_DOMAIN, NULL_MX or NO_ADDRESS (it will not get better by itself) or DNS_TEMPORARY.
    """

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure.value, detail)
        self.failure = failure
        self.detail = detail


class Resolver(Protocol):
    """Names to hosts and hosts to addresses; the name servers' in production, a table in the sandbox."""

    async def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """The MX records of ``domain``, none when it exists without one; raises ``ResolveError``."""
        ...

    async def addresses(self, host: str) -> tuple[Endpoint, ...]:
        """The addresses of ``host`` in the order to try, at least one; raises ``ResolveError``."""
        ...


class Trusted(StrEnum):
    """Whose word counts that an answer was validated (the AD bit, RFC 4035 3.2.3).

    The bit is not signed: whoever sits between us and the name server can set it. So only a name server on
    this machine is believed by itself (LOCAL); a user who knows the way to theirs to be safe says ALL.
    """

    LOCAL = "local"
    ALL = "all"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Found:
    """Records as on the wire; ``name`` is what the question's name is an alias for, or itself.

    ``secure`` says that a trusted name server validated the answer, also that there are no records.
    """

    records: tuple[bytes, ...]
    name: str
    secure: bool


class Records(Protocol):
    """Records of any type, with their standing."""

    async def lookup(self, name: str, kind: str) -> Found:
        """The records of type ``kind``, none where ``name`` does not exist or has none.

        Raises ``ResolveError`` (DNS_TEMPORARY), also for what was found to be forged.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a question came to: records with their time to live, or the error."""

    records: tuple[Any, ...]
    seconds: float
    error: ResolveError | None = None
    name: str = ""
    secure: bool = False


class DnsResolver:
    """MX and address look-ups; ``nameservers`` are ``address[:port]``, none meaning the system's.

    ``timeout`` is seconds for a whole question. ``ipv6`` adds IPv6 addresses behind the IPv4 ones.
    ``trusted`` are those whose validation is believed.
    Questions asked twice at once are sent once. ``monotonic`` tells seconds.
    """

    def __init__(
        self,
        nameservers: Sequence[str] = (),
        *,
        timeout: float = 5.0,
        ipv6: bool = False,
        trusted: Trusted = Trusted.NOBODY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._nameservers = tuple(nameservers)
        self._timeout = timeout
        self._ipv6 = ipv6
        self._trusted = trusted
        self._monotonic = monotonic
        self._dns: dns.asyncresolver.Resolver | None = None
        self._kept: dict[tuple[str, str], tuple[float, _Answer]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[_Answer]] = {}
        self._turns = asyncio.Semaphore(_QUERIES_AT_ONCE)

    async def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """The MX records, none when the domain exists without one; raises ``ResolveError``."""
        records = await self._ask(domain, "MX")
        return tuple(
            MxRecord(int(record.preference), str(record.exchange).rstrip(".").lower()) for record in records
        )

    async def addresses(self, host: str) -> tuple[Endpoint, ...]:
        """IPv4 first, for big receivers ask more of IPv6 senders; raises ``ResolveError``."""
        kinds = ("A", "AAAA") if self._ipv6 else ("A",)
        # RFC 8305 3: both at once, for a name server that is silent is silent about both
        answers = await asyncio.gather(*(self._answer(host, kind) for kind in kinds))
        found = [Endpoint(str(record.address)) for answer in answers for record in answer.records]
        if found:
            return tuple(found)
        for answer in answers:
            if answer.error is not None and answer.error.failure is Failure.DNS_TEMPORARY:
                raise ResolveError(answer.error.failure, answer.error.detail)
        raise ResolveError(Failure.NO_ADDRESS, host)

    async def names(self, ip: str) -> dict[str, tuple[str, ...]]:
        """The names of an address (PTR), and the addresses that each leads to; raises ``ResolveError``."""
        kind = "AAAA" if ":" in ip else "A"
        pointers = await self._ask_what_there_is(dns.reversename.from_address(ip).to_text(), "PTR")
        found = [str(pointer.target).rstrip(".").lower() for pointer in pointers[:_MOST_NAMES]]
        return {
            name: tuple(str(record.address) for record in await self._ask_what_there_is(name, kind))
            for name in found
        }

    async def _ask_what_there_is(self, name: str, kind: str) -> tuple[Any, ...]:
        """Likewise, and nothing for a name that does not exist."""
        try:
            return await self._ask(name, kind)
        except ResolveError as error:
            if error.failure is Failure.DNS_TEMPORARY:
                raise
            return ()

    async def lookup(self, name: str, kind: str) -> Found:
        """See ``Records``."""
        answer = await self._answer(name, kind)
        if answer.error is not None and answer.error.failure is Failure.DNS_TEMPORARY:
            raise ResolveError(answer.error.failure, answer.error.detail)
        wires = tuple(bytes(record.to_wire()) for record in answer.records)
        return Found(wires, answer.name or name, answer.secure)

    def forget(self) -> None:
        """Another network: ask everything anew, and the name servers that the system has now."""
        self._kept, self._asking = {}, {}
        self._dns = None

    async def _ask(self, name: str, kind: str) -> tuple[Any, ...]:
        answer = await self._answer(name, kind)
        if answer.error is not None:
            # a fresh one each time: an exception that is raised again grows
            raise ResolveError(answer.error.failure, answer.error.detail)
        return answer.records

    async def _answer(self, name: str, kind: str) -> _Answer:
        question = (name.rstrip(".").lower(), kind)
        expires, answer = self._kept.get(question, (0.0, None))
        if answer is None or expires <= self._monotonic():
            answer = await self._ask_once(question)
        return answer

    async def _ask_once(self, question: tuple[str, str]) -> _Answer:
        asking = self._asking
        task = asking.get(question)
        if task is None:
            task = asyncio.create_task(self._query(question))
            asking[question] = task
            task.add_done_callback(lambda _: asking.pop(question, None))
        # whoever gives up does not take the answer from the others
        return await asyncio.shield(task)

    async def _query(self, question: tuple[str, str]) -> _Answer:
        name, kind = question
        kept = self._kept  # that of this network: what is asked on one is not kept for the next
        async with self._turns:
            try:
                absolute = dns.name.from_text(name)
            except (dns.exception.DNSException, UnicodeError):
                # not a name at all: nobody will ever find it
                return _failed(Failure.NO_SUCH_DOMAIN, name, _NOTHING_SECONDS)
            try:
                found = await self._resolver().resolve(absolute, kind, raise_on_no_answer=False)
                seconds = float(found.chaining_result.minimum_ttl)
                records = tuple(found.rrset or ())
                seconds = seconds if records else min(seconds, _NOTHING_SECONDS)
                canonical = str(found.canonical_name).rstrip(".").lower()
                answer = _Answer(records, seconds, name=canonical, secure=self._is_secure(found))
            except dns.resolver.NXDOMAIN:
                answer = _failed(Failure.NO_SUCH_DOMAIN, name, _NOTHING_SECONDS)
            except (dns.exception.DNSException, OSError, ValueError) as error:
                answer = _failed(Failure.DNS_TEMPORARY, f"{name}: {error}", _FAILURE_SECONDS)
        if kept is self._kept:
            self._keep(question, answer)
        return answer

    def _is_secure(self, found: dns.resolver.Answer) -> bool:
        if self._trusted is Trusted.NOBODY or not found.response.flags & dns.flags.AD:
            return False
        return self._trusted is Trusted.ALL or _is_local(found.nameserver or "")

    def _keep(self, question: tuple[str, str], answer: _Answer) -> None:
        now = self._monotonic()
        if len(self._kept) >= _ENTRIES_LIMIT:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
            while len(self._kept) >= _ENTRIES_LIMIT:
                self._kept.pop(next(iter(self._kept)))
        seconds = min(max(answer.seconds, _SHORTEST_SECONDS), LONGEST_SECONDS)
        self._kept[question] = (now + seconds, answer)

    def _resolver(self) -> dns.asyncresolver.Resolver:
        """Made at the first question, for the system's configuration may be missing."""
        if self._dns is None:
            resolver = dns.asyncresolver.Resolver(configure=not self._nameservers)
            if self._nameservers:
                resolver.nameservers = [_nameserver(text) for text in self._nameservers]
            resolver.lifetime = self._timeout
            resolver.timeout = self._timeout / 2
            if self._trusted is not Trusted.NOBODY:
                # RFC 6840 5.7: asks for the verdict without the signatures
                resolver.set_flags(dns.flags.RD | dns.flags.AD)
            self._dns = resolver
        return self._dns


def _failed(failure: Failure, detail: str, seconds: float) -> _Answer:
    return _Answer((), seconds, ResolveError(failure, detail))


def _is_local(nameserver: str) -> bool:
    try:
        return ipaddress.ip_address(nameserver).is_loopback
    except ValueError:
        return False


def _nameserver(text: str) -> dns.nameserver.Nameserver:
    """``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1`` or ``[2001:db8::1]:5353``."""
    address, port = text, ""
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    return dns.nameserver.Do53Nameserver(str(ipaddress.ip_address(address)), int(port) if port else 53)
