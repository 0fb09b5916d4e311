"""Opens the way out of a route with what the library knows: the route, its password, the settings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.settings import Value
from desktop_relay.engine.line import Outlet
from desktop_relay.store.database import open_library
from desktop_relay.store.routes import load_route
from desktop_relay.store.settings import load_settings
from desktop_relay.store.vault import Vault
from desktop_relay.transport.resolver import DnsResolver, Resolver
from desktop_relay.transport.sandbox import Sandbox
from desktop_relay.transport.ways import way_of_route

log = logging.getLogger(__name__)

SANDBOX_LOG = "sandbox.jsonl"


@dataclass(frozen=True, slots=True)
class _Known:
    route: Route
    settings: Mapping[str, Value]
    password: str | None
    problem: PauseReason


class Outlets:
    """Ways out of one data directory; the practice carriers start when first asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._vault = Vault(directory)
        self._sandboxes: dict[tuple[int, float, bool], Sandbox] = {}

    async def open(self, route: Route, speed: float) -> Outlet:
        """The way of ``route`` as the library has it, else as it was submitted; raises ``StoreUnusable``."""
        known = await asyncio.to_thread(self._load, route)
        settings = known.settings
        way = way_of_route(
            known.route,
            password=known.password,
            resolver=await self._resolver(known, speed),
            ca_file=str(settings["tls.ca_file"]) or None,
            ehlo_name=str(settings["engine.ehlo_name"]),
            direct_port=int(str(settings["direct.port"])),
        )
        return Outlet(known.route, way, known.problem)

    async def close(self) -> None:
        """Stop the practice carriers."""
        for sandbox in self._sandboxes.values():
            await sandbox.stop()
        self._sandboxes.clear()

    def _load(self, submitted: Route) -> _Known:
        with open_library(self._directory) as library:
            route = load_route(library, submitted.name) or submitted
            settings = load_settings(library)
            password, problem = None, PauseReason.NONE
            if route.user:
                try:
                    password = self._vault.get(library, f"route:{route.name}")
                except RelayError as error:
                    log.warning("the password of a route cannot be read: %s", error.code)
                if password is None:
                    problem = PauseReason.PASSWORD_MISSING
        return _Known(route, settings, password, problem)

    async def _resolver(self, known: _Known, speed: float) -> Resolver | None:
        settings = known.settings
        if known.route.kind is RouteKind.SANDBOX:
            sandbox = await self._sandbox(settings, speed)
            return sandbox.resolver
        nameservers = settings["dns.nameservers"]
        if known.route.kind is RouteKind.SMARTHOST and not nameservers:
            return None
        return DnsResolver(
            nameservers if isinstance(nameservers, tuple) else (),
            timeout=float(str(settings["dns.timeout"])),
            ipv6=bool(settings["direct.ipv6"]),
        )

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
