"""Ways out: through a smarthost account, or straight to the hosts that take a domain's mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import DeliveryNotifications
from desktop_relay.domain.protection import Verified
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.transport.access_tokens import AccessTokens
from desktop_relay.transport.attempts import ADDRESS_LIMIT, plan_attempts
from desktop_relay.transport.connect import open_session
from desktop_relay.transport.direct import DirectWay, mx_hosts
from desktop_relay.transport.encryption import Trust
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.hosts import HostsResolver, literal_endpoint
from desktop_relay.transport.resolver import ResolveError, Resolver
from desktop_relay.transport.security import SECURITY_OF_ROUTE, Security, verifying_context
from desktop_relay.transport.session import Session
from desktop_relay.transport.terms import Terms
from desktop_relay.transport.timeouts import Timeouts

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


def way_of_route(  # noqa: PLR0913  (a route, and what the settings say)
    route: Route,
    *,
    password: str | None = None,
    resolver: Resolver | None = None,
    mx_resolver: Resolver | None = None,
    ca_file: str | None = None,
    ehlo_name: str = "",
    direct_port: int = 25,
    timeouts: Timeouts | None = None,
    guard: Guard | None = None,
    tokens: AccessTokens | None = None,
    notifications: DeliveryNotifications = DeliveryNotifications.OFF,
) -> Way:
    """The way a route means; DIRECT and SANDBOX need a ``resolver``.

    A smarthost may have one that is asked for its host before the system is, and an ``mx_resolver`` that
    tells where the recipients' domains are hosted, for their lanes. ``guard`` knows what MX hosts must show,
    ``tokens`` stand in for the password, ``notifications`` is what every message asks for.
    """
    name = route.ehlo_name or ehlo_name
    patience = timeouts or Timeouts()
    if route.kind is RouteKind.SMARTHOST:
        return SmarthostWay(
            route,
            password,
            resolver=resolver,
            mx_resolver=mx_resolver,
            ca_file=ca_file,
            ehlo_name=name,
            timeouts=patience,
            tokens=tokens,
            notifications=notifications,
        )
    if resolver is None:
        raise ValueError("a direct way needs a resolver")
    port = route.port or direct_port
    return DirectWay(
        resolver,
        port=port,
        ehlo_name=name,
        timeouts=patience,
        guard=guard,
        egress=route.egress,
        notifications=notifications,
    )


class SmarthostWay:
    """One account on one host for every domain. Its TLS mode is never weakened."""

    def __init__(  # noqa: PLR0913  (a route, and what the settings say)
        self,
        route: Route,
        password: str | None,
        *,
        resolver: Resolver | None = None,
        mx_resolver: Resolver | None = None,
        ca_file: str | None = None,
        ehlo_name: str = "",
        timeouts: Timeouts | None = None,
        tokens: AccessTokens | None = None,
        notifications: DeliveryNotifications = DeliveryNotifications.OFF,
    ) -> None:
        literal = literal_endpoint(route.host)
        # as certificates name it: without the brackets and the last dot that people may write
        self._host = route.host.removesuffix(".") if literal is None else literal.ip
        security = SECURITY_OF_ROUTE[route.tls]
        self._port = route.port or _DEFAULT_PORTS[security]
        self._ca_file = ca_file
        self._resolver = HostsResolver(resolver)
        self._mx_resolver = mx_resolver
        self._terms = Terms(
            security,
            trust=Trust(Verified.CERTIFICATE),
            requiretls=route.requiretls,
            ehlo_name=route.ehlo_name or ehlo_name,
            user=route.user,
            password=password,
            tokens=tokens,
            egress=route.egress,
            notifications=notifications,
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
        for endpoint in plan_attempts(endpoints, terms.egress)[:ADDRESS_LIMIT]:
            result = await open_session(self._host, endpoint.ip, endpoint.port or self._port, terms)
            if isinstance(result, Session) or result.stage is not Stage.CONNECT:
                break
        return result

    async def lookup_mx(self, domain: str) -> tuple[str, ...] | None:
        """Where ``domain`` is hosted: mail reaches its hosts over the account, and they set the pace."""
        return None if self._mx_resolver is None else await mx_hosts(domain, self._mx_resolver)

    async def key_of(self, domain: str) -> str:
        """Every session serves every domain."""
        return ""

    async def close(self) -> None:
        """Nothing is held."""

    def _with_context(self) -> Terms:
        if self._terms.context is None and self._terms.security is not Security.NONE:
            self._terms = replace(self._terms, context=verifying_context(self._ca_file or None))
        return self._terms
