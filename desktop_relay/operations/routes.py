"""Routes: list, save with password, delete, test the connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import ReloadSettings
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import PRACTICE, Route, RouteKind
from desktop_relay.operations.hosts import is_host
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.ledger import load_campaign_rows
from desktop_relay.store.routes import delete_route, load_route, load_routes, save_route
from desktop_relay.store.settings import load_settings
from desktop_relay.transport.probe import probe_route

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LAST_PORT = 65535
_NEEDED = frozenset({CampaignState.SUBMITTED, CampaignState.SENDING, CampaignState.PAUSED})


def overview(ws: Workspace) -> list[Route]:
    """Every route, the practice one first."""
    return load_routes(ws.library)


def load(ws: Workspace, name: str) -> Route:
    """One route; raises ``NotFound``."""
    route = load_route(ws.library, name)
    if route is None:
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)
    return route


def save(ws: Workspace, route: Route, password: str | None = None) -> tuple[Route, Changes]:
    """Store a route; a password of ``None`` keeps the old one, an empty one forgets it.

    Raises ``BadInput`` (``name_empty``, ``value_invalid``).
    """
    kept = _checked(route)
    save_route(ws.library, kept)
    if password == "":
        ws.vault.forget(ws.library, _secret(kept.name))
    elif password is not None:
        ws.vault.put(ws.library, _secret(kept.name), password)
    ws.engine.find(ReloadSettings())
    return kept, Changes(routes=True)


def _checked(route: Route) -> Route:
    smarthost = route.kind is RouteKind.SMARTHOST
    kept = replace(
        route,
        name=route.name.strip(),
        host=route.host.strip(),
        port=route.port or (_DEFAULT_PORTS[route.tls.value] if smarthost else 0),
        user=route.user.strip(),
        ehlo_name=route.ehlo_name.strip(),
    )
    if not kept.name:
        raise BadInput(ErrorCode.NAME_EMPTY)
    for field, is_right in _rules(kept):
        if not is_right:
            raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=getattr(kept, field))
    return kept


def _rules(route: Route) -> Iterator[tuple[str, bool]]:
    yield (
        "name",
        route.name.isprintable() and (route.name != PRACTICE.name or route.kind is RouteKind.SANDBOX),
    )
    yield "host", is_host(route.host) if route.host else route.kind is not RouteKind.SMARTHOST
    yield "port", 0 <= route.port <= _LAST_PORT
    yield "user", route.user.isprintable()
    yield "rate", route.rate is None or (isfinite(route.rate) and route.rate > 0)
    yield "max_connections", route.max_connections is None or route.max_connections >= 1
    yield "ehlo_name", not route.ehlo_name or is_host(route.ehlo_name)


def delete(ws: Workspace, name: str) -> tuple[Route, Changes]:
    """Take a route and its password away and hand it back.

    Raises ``NotFound``; ``Refused`` for the practice route, and for one that a campaign still needs.
    """
    route = load(ws, name)
    if name == PRACTICE.name:
        raise Refused(ErrorCode.ROUTE_IS_PRACTICE)
    if any(c.snapshot.route.name == name and c.state in _NEEDED for c in load_campaign_rows(ws.spool)):
        raise Refused(ErrorCode.ROUTE_IN_USE, name=name)
    delete_route(ws.library, name)
    ws.vault.forget(ws.library, _secret(name))
    return route, Changes(routes=True)


def has_password(ws: Workspace, name: str) -> bool:
    """Whether a password is kept for the route; raises ``StoreUnusable`` when it cannot be read."""
    return ws.vault.get(ws.library, _secret(name)) is not None


def probe(ws: Workspace, route: Route, password: str | None = None, to: str | None = None) -> ProbeResult:
    """Connect, protect, log in and (with ``to``) ask whether a recipient would be taken; sends no mail."""
    checked = _checked(route)
    if password is None and checked.user:
        password = ws.vault.get(ws.library, _secret(checked.name))
    values = load_settings(ws.library)
    nameservers = values["dns.nameservers"]
    return asyncio.run(
        probe_route(
            checked,
            password=password,
            ca_file=str(values["tls.ca_file"]) or None,
            to=to,
            nameservers=nameservers if isinstance(nameservers, tuple) else (),
            direct_port=int(str(values["direct.port"])),
        )
    )


def _secret(name: str) -> str:
    return f"route:{name}"
