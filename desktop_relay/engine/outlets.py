"""Opens the way out of a route with what the library knows: the route, its password, the settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.outgoing import DeliveryNotifications
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.settings import Value
from desktop_relay.engine.egress import Outlet
from desktop_relay.engine.sign_ins import SignIn, SignIns
from desktop_relay.store.connection import Database
from desktop_relay.store.database import open_library
from desktop_relay.store.routes import load_route
from desktop_relay.store.settings import load_settings
from desktop_relay.store.vault import Vault, password_name
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.guarding import TRUSTED, guard_of_route
from desktop_relay.transport.resolver import DnsResolver, Resolver, Trusted
from desktop_relay.transport.sandbox import Sandbox
from desktop_relay.transport.tls_memory import TlsMemory
from desktop_relay.transport.ways import way_of_route

log = logging.getLogger(__name__)

SANDBOX_LOG = "sandbox.jsonl"


@dataclass(frozen=True, slots=True)
class _Known:
    route: Route
    settings: Mapping[str, Value]
    password: str | None
    problem: PauseReason
    sign_in: SignIn | None = None
    members: tuple[Route, ...] = ()
    fallback: Route | None = None

    @property
    def next_hop(self) -> Route:
        """Whose way it is; a pool's own is that of any of its accounts, and asked for lanes only."""
        return self.members[0] if self.members else self.route


def _pool(library: Database, route: Route, settings: Mapping[str, Value]) -> _Known:
    found = (load_route(library, member.route) for member in route.members)
    members = tuple(each for each in found if each is not None and each.kind is RouteKind.SMARTHOST)
    problem = PauseReason.NONE if members else PauseReason.NO_ACCOUNT
    return _Known(route, settings, None, problem, members=members)


@dataclass(frozen=True, slots=True)
class _Asking:
    """How name servers are asked."""

    nameservers: tuple[str, ...]
    timeout: float
    ipv6: bool
    trusted: Trusted


class Outlets:
    """Ways out of one data directory; the practice carriers start when first asked for.

    ``tls`` is what all direct routes remember of others' encryption.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._vault = Vault(directory)
        self._sandboxes: dict[tuple[int, float, bool], Sandbox] = {}
        self._resolvers: dict[_Asking, DnsResolver] = {}
        self._sign_ins = SignIns(directory, self._vault)
        self.tls = TlsMemory()

    async def open(self, route: Route, speed: float) -> Outlet:
        """The way of ``route`` as the library has it, else as it was submitted; raises ``StoreUnusable``."""
        known = await asyncio.to_thread(self._load, route)
        settings = known.settings
        resolver, mx_resolver = await self._name_servers(known, speed)
        ca_file = str(settings["tls.ca_file"]) or None
        way = way_of_route(
            known.next_hop,
            password=known.password,
            resolver=resolver,
            mx_resolver=mx_resolver,
            ca_file=ca_file,
            ehlo_name=str(settings["engine.ehlo_name"]),
            direct_port=int(str(settings["direct.port"])),
            guard=self._guard(known),
            tokens=self._sign_ins.tokens(known.sign_in, ca_file) if known.sign_in is not None else None,
            notifications=DeliveryNotifications(str(settings["campaign.delivery_notifications"])),
        )
        return Outlet(known.route, way, known.problem, known.members, known.fallback)

    def forget_names(self) -> None:
        """Ask name servers anew, those that the system names now."""
        for resolver in self._resolvers.values():
            resolver.forget()

    async def close(self) -> None:
        """Stop the practice carriers."""
        for sandbox in self._sandboxes.values():
            await sandbox.stop()
        self._sandboxes.clear()

    def _load(self, submitted: Route) -> _Known:
        with open_library(self._directory) as library:
            route = load_route(library, submitted.name) or submitted
            if route.kind is RouteKind.POOL:
                return _pool(library, route, load_settings(library))
            settings = load_settings(library)
            password, sign_in, problem = None, None, PauseReason.NONE
            if route.oauth:
                sign_in = self._sign_ins.load(library, route, str(settings["oauth.providers_file"]))
                problem = PauseReason.SIGN_IN_NEEDED if sign_in is None else problem
            elif route.user:
                password = self._password(library, route)
                problem = PauseReason.PASSWORD_MISSING if password is None else problem
            fallback = load_route(library, route.fallback) if route.fallback else None
        return _Known(route, settings, password, problem, sign_in, fallback=fallback)

    def _password(self, library: Database, route: Route) -> str | None:
        try:
            return self._vault.get(library, password_name(route.name))
        except RelayError as error:
            log.warning("the password of a route cannot be read: %s", error.code)
            return None

    async def _name_servers(self, known: _Known, speed: float) -> tuple[Resolver | None, Resolver | None]:
        """Who knows the next hop, and who knows where the recipients' domains are hosted."""
        settings = known.settings
        if known.route.kind is RouteKind.SANDBOX:
            sandbox = await self._sandbox(settings, speed)
            return sandbox.resolver, sandbox.resolver
        resolver = self._resolver(settings)
        # an account's own host may be a name of the local network, which only the system knows
        system_knows = known.next_hop.kind is RouteKind.SMARTHOST and not settings["dns.nameservers"]
        return (None if system_knows else resolver), resolver

    def _guard(self, known: _Known) -> Guard | None:
        if known.route.kind is not RouteKind.DIRECT:
            return None
        settings = known.settings
        return guard_of_route(
            known.route,
            self._resolver(settings),
            self.tls,
            mta_sts=bool(settings["tls.mta_sts"]),
            ca_file=str(settings["tls.ca_file"]) or None,
        )

    def _resolver(self, settings: Mapping[str, Value]) -> DnsResolver:
        """One for all routes: what it was told stays known when routes change."""
        nameservers = settings["dns.nameservers"]
        asking = _Asking(
            nameservers if isinstance(nameservers, tuple) else (),
            float(str(settings["dns.timeout"])),
            bool(settings["direct.ipv6"]),
            TRUSTED[str(settings["tls.dane"])],
        )
        found = self._resolvers.get(asking)
        if found is None:
            found = DnsResolver(
                asking.nameservers, timeout=asking.timeout, ipv6=asking.ipv6, trusted=asking.trusted
            )
            self._resolvers[asking] = found
        return found

    async def _sandbox(self, settings: Mapping[str, Value], speed: float) -> Sandbox:
        seed, faults = int(str(settings["sandbox.seed"])), bool(settings["sandbox.faults"])
        key = (seed, speed, faults)
        found = self._sandboxes.get(key)
        if found is None:
            path = self._directory / "logs" / SANDBOX_LOG
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = Sandbox(seed, speed, path, faults)
            await found.start()
            self._sandboxes[key] = found
        return found
