"""The way straight to the hosts that take a domain's mail, each held to what it must show."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime
from functools import partial

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import DeliveryNotifications
from desktop_relay.policy.protection import Demand
from desktop_relay.protocol.mx import MxPlan, Shuffle, plan_hosts
from desktop_relay.transport.attempts import HOST_LIMIT, Attempts, leads_to_a_host, plan_attempts
from desktop_relay.transport.dialler import Dialler
from desktop_relay.transport.guard import Guard, Requirement, Standing
from desktop_relay.transport.hosts import literal_endpoint
from desktop_relay.transport.resolver import Endpoint, ResolveError, Resolver
from desktop_relay.transport.security import Security, encrypting_context, public_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.terms import Terms
from desktop_relay.transport.timeouts import Timeouts
from desktop_relay.transport.tls_memory import TlsMemory

SMTP_PORT = 25

_ENTRIES_LIMIT = 20_000


class DirectWay:
    """The MX hosts of each domain, found by ``resolver``, on ``port`` unless an endpoint says other.

    Without a ``guard`` it only remembers which hosts were encrypted.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        port: int = SMTP_PORT,
        ehlo_name: str = "",
        timeouts: Timeouts | None = None,
        shuffle: Shuffle = random.shuffle,
        guard: Guard | None = None,
        egress: str = "",
        notifications: DeliveryNotifications = DeliveryNotifications.OFF,
    ) -> None:
        self._resolver = resolver
        self._port = port
        self._egress = egress
        self._shuffle = shuffle
        self._guard = guard or Guard(
            TlsMemory(), now=partial(datetime.now, UTC), public=partial(public_context, None)
        )
        self._keys: dict[str, tuple[Standing, tuple[str, ...], str]] = {}
        terms = Terms(
            Security.OPPORTUNISTIC,
            context=encrypting_context(),
            ehlo_name=ehlo_name,
            egress=egress,
            notifications=notifications,
            timeouts=timeouts or Timeouts(),
        )
        self._opening_seconds = terms.timeouts.opening
        self._dialler = Dialler(self._guard, terms, port)

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        """A session with the first host of ``domain`` that has one to give (RFC 5321 5.1)."""
        try:
            plan = await self._plan(domain)
            standing = await self._guard.standing_of(domain)
        except ResolveError as error:
            return Exchange(Stage.RESOLVE, failure=error.failure, detail=error.detail)
        if plan.null:
            # RFC 7505 3: no mail for this domain, and no use in another try
            return Exchange(Stage.RESOLVE, failure=Failure.NULL_MX, detail=domain)
        worst: Exchange | None = None
        attempts = Attempts(_now(), self._opening_seconds)
        for host in plan.hosts[:HOST_LIMIT]:
            if not attempts.allow_another(_now()):
                break
            result = await self._try(host, domain, standing, attempts, required=tls_required)
            if isinstance(result, Session):
                return result
            worst = _telling(worst, result)
        return worst or Exchange(Stage.RESOLVE, failure=Failure.NO_ADDRESS, detail=domain)

    async def _try(
        self, host: str, domain: str, standing: Standing, attempts: Attempts, *, required: bool
    ) -> Session | Exchange:
        """One of the hosts, at its addresses in turn."""
        try:
            endpoints = await self._addresses(host)
            need = await self._guard.requirement(standing, domain, host, self._port, required=required)
        except ResolveError as error:
            if error.failure is Failure.DNS_TEMPORARY:
                # silence takes as long as an address that is tried, and is one
                attempts.made()
            return Exchange(Stage.RESOLVE, failure=error.failure, detail=error.detail or host)
        if not need.can_be_met:
            return _forbidden(host, need)
        worst: Exchange | None = None
        for endpoint in plan_attempts(endpoints, self._egress):
            if not attempts.allow_another(_now()):
                break
            attempts.made()
            result = await self._dialler.dial(host, endpoint, need, standing)
            if isinstance(result, Session):
                return result
            worst = _telling(worst, result)
            if result.stage is not Stage.CONNECT:
                # the host answered and does not want us: its other addresses are the same host
                break
        return worst or Exchange(Stage.RESOLVE, failure=Failure.NO_ADDRESS, detail=host)

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """The hosts; empty for a domain that takes no mail, ``None`` when that cannot be told now."""
        return await mx_hosts(domain, self._resolver)

    async def key_of(self, domain: str) -> str:
        """Domains share sessions that have the same set of hosts and ask the same of them."""
        hosts = await self.lookup_mx(domain)
        if not hosts:
            return domain
        try:
            standing = await self._guard.standing_of(domain)
        except ResolveError:
            return domain
        known = self._keys.get(domain)
        if known is None or known[0] is not standing or known[1] != hosts:
            # asked for every message, and seldom changed
            if len(self._keys) >= _ENTRIES_LIMIT:
                self._keys.clear()
            known = self._keys[domain] = (standing, hosts, " ".join(sorted(hosts)) + standing.mark(hosts))
        return known[2]

    async def close(self) -> None:
        """Give up what is being looked for."""
        await self._guard.close()

    async def _plan(self, domain: str) -> MxPlan:
        if literal_endpoint(domain) is not None:
            return MxPlan((domain,), implicit=True)
        return plan_hosts(domain, await self._resolver.mx(domain), self._shuffle)

    async def _addresses(self, host: str) -> tuple[Endpoint, ...]:
        literal = literal_endpoint(host)
        found = (literal,) if literal is not None else await self._resolver.addresses(host)
        # another port was set by a person, perhaps for a server on this machine
        leading = tuple(
            each for each in found if (each.port or self._port) != SMTP_PORT or leads_to_a_host(each.ip)
        )
        if not leading:
            raise ResolveError(Failure.NO_ADDRESS, f"{host} [{found[0].ip}]")
        return leading


async def mx_hosts(domain: str, resolver: Resolver) -> tuple[str, ...] | None:
    """The hosts of ``domain``; empty when it takes no mail, ``None`` when that cannot be told now.

    Equal preferences in alphabetical order: a domain must not change its lane from day to day.
    """
    if literal_endpoint(domain) is not None:
        return (domain,)
    try:
        return plan_hosts(domain, await resolver.mx(domain), list.sort).hosts
    except ResolveError as error:
        return None if error.failure is Failure.DNS_TEMPORARY else ()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _forbidden(host: str, need: Requirement) -> Exchange:
    """Nothing is said to a host that cannot show what it must."""
    words = {Demand.NOT_NAMED: f"{host} is not named by the domain's MTA-STS policy"}
    detail = words.get(need.demand, f"nothing proves that {host} is the domain's host")
    return Exchange(Stage.STARTTLS, failure=need.failure, detail=detail, transcript=(f"* {detail}",))


def _telling(one: Exchange | None, other: Exchange) -> Exchange:
    """Which of two failed hosts speaks for the domain: what may get better, then what was said in words."""
    return other if one is None or _weight(other) >= _weight(one) else one


def _weight(exchange: Exchange) -> int:
    if exchange.reply is not None:
        return 1 if exchange.reply.permanent else 3
    permanent = exchange.failure in (Failure.NO_ADDRESS, Failure.NO_SUCH_DOMAIN, Failure.NULL_MX)
    return 0 if permanent else 2
