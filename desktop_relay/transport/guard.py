"""Knows what each host must show before it is given mail: gathers the facts, asks the policy."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from desktop_relay.domain.exchange import Failure
from desktop_relay.domain.protection import Verified
from desktop_relay.policy.protection import (
    DEMAND_FAILURES,
    Demand,
    HostFacts,
    StsStanding,
    TlsaStanding,
    plan_demand,
)
from desktop_relay.protocol.mta_sts import StsMode, StsPolicy
from desktop_relay.transport.dane import TlsaFound, find_tlsa
from desktop_relay.transport.encryption import Trust
from desktop_relay.transport.hosts import literal_endpoint
from desktop_relay.transport.resolver import Records
from desktop_relay.transport.security import Security
from desktop_relay.transport.terms import Terms
from desktop_relay.transport.tls_memory import TlsMemory

_STANDING_SECONDS = 30.0
_ENTRIES_LIMIT = 20_000


class KnowsPolicies(Protocol):
    """Where the MTA-STS policies of domains are known."""

    async def policy_of(self, domain: str) -> StsPolicy | None:
        """The policy in force; raises only ``CancelledError``."""
        ...

    async def close(self) -> None:
        """Give up what is being looked for."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What a domain asks of its hosts: its ``policy``; ``signed`` when the DNS proves which they are."""

    policy: StsPolicy | None = None
    signed: bool = False

    def sts(self, host: str) -> StsStanding:
        """What an enforced policy says of ``host``."""
        if self.policy is None or self.policy.mode is not StsMode.ENFORCE:
            return StsStanding.NONE
        return StsStanding.NAMED if self.policy.allows(host) else StsStanding.NOT_NAMED

    def tries_out(self, host: str) -> bool:
        """A policy that is only being tried out names ``host`` (RFC 8461 5)."""
        policy = self.policy
        return policy is not None and policy.mode is StsMode.TESTING and policy.allows(host)

    def complaint(self, host: str) -> str | None:
        """What such a policy would have said before anything was heard of ``host``."""
        policy = self.policy
        if policy is None or policy.mode is not StsMode.TESTING or policy.allows(host):
            return None
        return f"{host} is not named by the policy"

    def names(self, host: str) -> bool:
        """The DNS or a policy of any mode says that ``host`` is the domain's."""
        policy = self.policy
        return self.signed or (policy is not None and policy.mode is not StsMode.NONE and policy.allows(host))

    def mark(self, hosts: tuple[str, ...]) -> str:
        """Domains with the same hosts and the same mark may share sessions."""
        named = [host for host in hosts if self.sts(host) is StsStanding.NAMED]
        enforced = any(self.sts(host) is not StsStanding.NONE for host in hosts)
        policy = f" sts {' '.join(sorted(named))}" if enforced else ""
        if self.policy is not None and self.policy.mode is StsMode.TESTING:
            # what it would have said is told of the connection, and is no concern of other domains
            policy = f" testing {' '.join(sorted(host for host in hosts if self.policy.allows(host)))}"
        return policy + (" signed" if self.signed else "")


@dataclass(frozen=True, slots=True)
class Requirement:
    """The demand on one host, with what it takes to check it."""

    demand: Demand
    trust: Trust

    @property
    def failure(self) -> Failure | None:
        """What it is called when it is not met, ``None`` to leave that to the handshake."""
        return DEMAND_FAILURES.get(self.demand)

    @property
    def can_be_met(self) -> bool:
        """There is a use in asking the host."""
        return self.demand not in (Demand.NOT_NAMED, Demand.UNPROVEN)


class Guard:
    """``records`` are asked for signed ones where they are given, ``policies`` for MTA-STS likewise.

    ``public`` makes the context that checks certificates by public authorities, and may raise ``OSError``.
    """

    def __init__(
        self,
        memory: TlsMemory,
        *,
        now: Callable[[], datetime],
        public: Callable[[], ssl.SSLContext],
        records: Records | None = None,
        policies: KnowsPolicies | None = None,
        requiretls: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memory = memory
        self._now = now
        self._public = public
        self._records = records
        self._policies = policies
        self._requiretls = requiretls
        self._monotonic = monotonic
        self._standings: dict[str, tuple[float, Standing]] = {}

    async def standing_of(self, domain: str) -> Standing:
        """What ``domain`` asks of its hosts; raises ``ResolveError`` when nobody can tell."""
        until, standing = self._standings.get(domain, (0.0, None))
        if standing is None or until <= self._monotonic():
            standing = await self._look(domain)
            self._keep(domain, standing)
        return standing

    async def _look(self, domain: str) -> Standing:
        if literal_endpoint(domain) is not None:
            # an address literal has no owner who could ask for anything
            return Standing()
        policy = None if self._policies is None else await self._policies.policy_of(domain)
        signed = self._records is not None and (await self._records.lookup(domain, "MX")).secure
        return Standing(policy, signed)

    async def requirement(
        self, standing: Standing, domain: str, host: str, port: int, *, required: bool
    ) -> Requirement:
        """What ``host`` must show for mail to ``domain``; raises ``ResolveError`` when nobody can tell."""
        tlsa = await find_tlsa(self._records, host, port) if standing.signed and self._records else None
        facts = HostFacts(
            required=required,
            remembered=self._memory.was_encrypted(host, self._now()),
            requiretls=self._requiretls,
            proven=standing.names(host),
            tlsa=_tlsa_standing(tlsa),
            sts=standing.sts(host),
        )
        demand = plan_demand(facts)
        if demand is Demand.DANE and tlsa is not None:
            # RFC 7672 3.2.2: a certificate of an authority may be for the host or for the domain itself
            names = tuple(dict.fromkeys((tlsa.base, host, domain)))
            return Requirement(demand, Trust(Verified.DANE, tlsa.records, names))
        return Requirement(demand, Trust(_VERIFIED.get(demand, Verified.OPPORTUNISTIC)))

    def terms(self, terms: Terms, requirement: Requirement) -> Terms:
        """``terms`` for a host that must meet ``requirement``; raises ``OSError``."""
        terms = replace(terms, trust=requirement.trust, requiretls=self._requiretls)
        if requirement.demand is Demand.ANY:
            return terms
        if requirement.demand in (Demand.MTA_STS, Demand.CERTIFICATE):
            return replace(terms, security=Security.VERIFIED, context=self._public())
        return replace(terms, security=Security.ENCRYPTED)

    def strict_terms(self, terms: Terms) -> Terms:
        """``terms`` for a host that shows a good certificate of its own accord; raises ``OSError``."""
        trust = Trust(Verified.CERTIFICATE)
        return replace(terms, security=Security.VERIFIED, context=self._public(), trust=trust)

    def note_encrypted(self, host: str) -> None:
        """A session with ``host`` is encrypted."""
        self._memory.note_encrypted(host, self._now())

    async def close(self) -> None:
        """Give up what is being looked for."""
        if self._policies is not None:
            await self._policies.close()

    def _keep(self, domain: str, standing: Standing) -> None:
        if len(self._standings) >= _ENTRIES_LIMIT:
            self._standings.clear()
        self._standings[domain] = (self._monotonic() + _STANDING_SECONDS, standing)


_VERIFIED = {Demand.MTA_STS: Verified.MTA_STS, Demand.CERTIFICATE: Verified.CERTIFICATE}


def _tlsa_standing(found: TlsaFound | None) -> TlsaStanding:
    if found is None:
        return TlsaStanding.NONE
    return TlsaStanding.USABLE if found.records else TlsaStanding.UNUSABLE
