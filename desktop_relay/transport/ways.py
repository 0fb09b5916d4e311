"""Ways out: through a smarthost account, or straight to the hosts that take a domain's mail."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.protocol.mx import MxPlan, Shuffle, plan_hosts
from desktop_relay.transport.connect import Terms, open_session
from desktop_relay.transport.hosts import HostsResolver, literal_endpoint
from desktop_relay.transport.resolver import Endpoint, ResolveError, Resolver
from desktop_relay.transport.security import (
    SECURITY_OF_ROUTE,
    Security,
    encrypting_context,
    verifying_context,
)
from desktop_relay.transport.session import Session
from desktop_relay.transport.timeouts import Timeouts

ADDRESS_LIMIT = 5
"""At most so many addresses are tried for one message, as Postfix does."""

BROKEN_TLS_SECONDS = 3600.0
"""How long a host whose TLS failed is spoken to in the clear at once."""

_DEFAULT_PORTS: Mapping[Security, int] = {Security.NONE: 25, Security.VERIFIED: 587, Security.WRAPPED: 465}


class Way(Protocol):
    """How a route reaches the next hop; the pool asks it for sessions."""

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        """A new session for mail to ``domain``, or why there is none; raises only ``CancelledError``."""
        ...

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """The hosts of ``domain`` in preference order; ``None`` where unknown or of no interest."""
        ...

    async def key_of(self, domain: str) -> str:
        """What the domains that may share a session have in common."""
        ...

    async def close(self) -> None:
        """Give up what is held."""
        ...


def way_of_route(
    route: Route,
    *,
    password: str | None = None,
    resolver: Resolver | None = None,
    ca_file: str | None = None,
    ehlo_name: str = "",
    direct_port: int = 25,
    timeouts: Timeouts | None = None,
) -> Way:
    """The way a route means; DIRECT and SANDBOX need a ``resolver``, a smarthost may have one."""
    name = route.ehlo_name or ehlo_name
    patience = timeouts or Timeouts()
    if route.kind is RouteKind.SMARTHOST:
        return SmarthostWay(
            route, password, resolver=resolver, ca_file=ca_file, ehlo_name=name, timeouts=patience
        )
    if resolver is None:
        raise ValueError("a direct way needs a resolver")
    return DirectWay(resolver, port=route.port or direct_port, ehlo_name=name, timeouts=patience)


class SmarthostWay:
    """One account on one host for every domain. Its TLS mode is never weakened."""

    def __init__(
        self,
        route: Route,
        password: str | None,
        *,
        resolver: Resolver | None = None,
        ca_file: str | None = None,
        ehlo_name: str = "",
        timeouts: Timeouts | None = None,
    ) -> None:
        self._host = route.host
        security = SECURITY_OF_ROUTE[route.tls]
        self._port = route.port or _DEFAULT_PORTS[security]
        self._ca_file = ca_file
        self._resolver = HostsResolver(resolver)
        self._terms = Terms(
            security,
            ehlo_name=route.ehlo_name or ehlo_name,
            user=route.user,
            password=password,
            timeouts=timeouts or Timeouts(),
        )

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        """A session with the account's host; ``domain`` does not matter, the route's own TLS mode holds."""
        try:
            endpoints = await self._resolver.addresses(self._host)
            terms = self._with_context()
        except ResolveError as error:
            return Exchange(Stage.RESOLVE, failure=error.failure, detail=error.detail)
        except OSError as error:
            return Exchange(Stage.STARTTLS, failure=Failure.TLS_FAILED, detail=f"{self._ca_file}: {error}")
        result: Session | Exchange
        for endpoint in endpoints[:ADDRESS_LIMIT]:
            result = await open_session(self._host, endpoint.ip, endpoint.port or self._port, terms)
            if isinstance(result, Session) or result.stage is not Stage.CONNECT:
                break
        return result

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """Nobody asks name servers for the recipients' domains here."""
        return None

    async def key_of(self, domain: str) -> str:
        """Every session serves every domain."""
        return ""

    async def close(self) -> None:
        """Nothing is held."""

    def _with_context(self) -> Terms:
        if self._terms.context is None and self._terms.security is not Security.NONE:
            self._terms = replace(self._terms, context=verifying_context(self._ca_file or None))
        return self._terms


class DirectWay:
    """The MX hosts of each domain, found by ``resolver``, on ``port`` unless an endpoint says other."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        port: int = 25,
        ehlo_name: str = "",
        timeouts: Timeouts | None = None,
        shuffle: Shuffle = random.shuffle,
    ) -> None:
        self._resolver = resolver
        self._port = port
        self._shuffle = shuffle
        self._broken_tls: dict[str, float] = {}
        self._terms = Terms(
            Security.OPPORTUNISTIC,
            context=encrypting_context(),
            ehlo_name=ehlo_name,
            timeouts=timeouts or Timeouts(),
        )

    async def open(self, domain: str, tls_required: bool = False) -> Session | Exchange:
        """A session with the first host of ``domain`` that has one to give (RFC 5321 5.1)."""
        try:
            plan = await self._plan(domain)
        except ResolveError as error:
            return Exchange(Stage.RESOLVE, failure=error.failure, detail=error.detail)
        if plan.null:
            # RFC 7505 3: no mail for this domain, and no use in another try
            return Exchange(Stage.RESOLVE, failure=Failure.NULL_MX, detail=domain)
        worst: Exchange | None = None
        left = ADDRESS_LIMIT
        for host in plan.hosts:
            try:
                endpoints = await self._addresses(host)
            except ResolveError as error:
                found = Exchange(Stage.RESOLVE, failure=error.failure, detail=error.detail or host)
                worst = _telling(worst, found)
                continue
            for endpoint in endpoints[:left]:
                left -= 1
                result = await self._dial(host, endpoint, tls_required)
                if isinstance(result, Session):
                    return result
                worst = _telling(worst, result)
                if result.stage is not Stage.CONNECT:
                    # the host answered and does not want us: its other addresses are the same host
                    break
            if left == 0:
                break
        return worst or Exchange(Stage.RESOLVE, failure=Failure.NO_ADDRESS, detail=domain)

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """The planned hosts; empty for a domain that takes no mail, ``None`` when that cannot be told now."""
        try:
            plan = await self._plan(domain)
        except ResolveError as error:
            return None if error.failure is Failure.DNS_TEMPORARY else ()
        return plan.hosts

    async def key_of(self, domain: str) -> str:
        """Domains with the same set of hosts share sessions."""
        hosts = await self.lookup_mx(domain)
        return " ".join(sorted(hosts)) if hosts else domain

    async def close(self) -> None:
        """Nothing is held."""

    async def _plan(self, domain: str) -> MxPlan:
        if literal_endpoint(domain) is not None:
            return MxPlan((domain,), implicit=True)
        return plan_hosts(domain, await self._resolver.mx(domain), self._shuffle)

    async def _addresses(self, host: str) -> tuple[Endpoint, ...]:
        literal = literal_endpoint(host)
        return (literal,) if literal is not None else await self._resolver.addresses(host)

    async def _dial(self, host: str, endpoint: Endpoint, tls_required: bool) -> Session | Exchange:
        port = endpoint.port or self._port
        if tls_required:
            terms = replace(self._terms, security=Security.ENCRYPTED)
            return await open_session(host, endpoint.ip, port, terms)
        now = asyncio.get_running_loop().time()
        if self._broken_tls.get(host, now) > now:
            return await self._dial_plain(host, endpoint, ("* TLS failed here before: plain text",))
        result = await open_session(host, endpoint.ip, port, self._terms)
        if isinstance(result, Exchange) and result.stage is Stage.STARTTLS:
            # RFC 7435: no worse than no encryption; never silently, the transcript tells
            self._broken_tls[host] = now + BROKEN_TLS_SECONDS
            return await self._dial_plain(host, endpoint, (*result.transcript, "* TLS failed: plain text"))
        return result

    async def _dial_plain(
        self, host: str, endpoint: Endpoint, history: tuple[str, ...]
    ) -> Session | Exchange:
        terms = replace(self._terms, security=Security.NONE, context=None, history=history)
        return await open_session(host, endpoint.ip, endpoint.port or self._port, terms)


def _telling(one: Exchange | None, other: Exchange) -> Exchange:
    """Which of two failed hosts speaks for the domain: what may get better, then what was said in words."""
    return other if one is None or _weight(other) >= _weight(one) else one


def _weight(exchange: Exchange) -> int:
    if exchange.reply is not None:
        return 1 if exchange.reply.permanent else 3
    permanent = exchange.failure in (Failure.NO_ADDRESS, Failure.NO_SUCH_DOMAIN, Failure.NULL_MX)
    return 0 if permanent else 2
