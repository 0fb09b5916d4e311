"""Routes in the library; their passwords are the vault's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from desktop_relay.domain.route import PRACTICE, Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.warmup import Warmup
from desktop_relay.store.connection import Database, Row
from desktop_relay.store.plain import compose_json

_COLUMNS = (
    "name, kind, host, port, tls, user, rate, max_connections, ehlo_name, "
    "daily_quota, hourly_quota, members, rules, fallback, egress, oauth, client_id, requiretls, warmup"
)
_PLACES = ", ".join("?" for _ in _COLUMNS.split(","))


def load_routes(db: Database) -> list[Route]:
    """The practice route, then every other by name."""
    stored = [_route(row) for row in db.rows(f"SELECT {_COLUMNS} FROM routes ORDER BY name")]
    practice = next((route for route in stored if route.name == PRACTICE.name), PRACTICE)
    return [practice, *(route for route in stored if route.name != PRACTICE.name)]


def load_route(db: Database, name: str) -> Route | None:
    """One route."""
    row = db.row(f"SELECT {_COLUMNS} FROM routes WHERE name = ?", [name])
    if row is None:
        return PRACTICE if name == PRACTICE.name else None
    return _route(row)


def save_route(db: Database, route: Route) -> None:
    """Write a route, over the one of the same name."""
    db.execute(
        f"INSERT OR REPLACE INTO routes ({_COLUMNS}) VALUES ({_PLACES})",
        [
            route.name,
            route.kind.value,
            route.host,
            route.port,
            route.tls.value,
            route.user,
            route.rate,
            route.max_connections,
            route.ehlo_name,
            route.daily_quota,
            route.hourly_quota,
            compose_json([asdict(member) for member in route.members]),
            compose_json([asdict(rule) for rule in route.rules]),
            route.fallback,
            route.egress,
            route.oauth,
            route.client_id,
            int(route.requiretls),
            None if route.warmup is None else compose_json(asdict(route.warmup)),
        ],
    )


def rename_route(db: Database, old: str, new: str) -> None:
    """The route, those that name it and drafts go by the new name, within the caller's transaction."""
    for route in load_routes(db):
        renamed = route.renamed(old, new)
        if renamed != route:
            save_route(db, renamed)
    delete_route(db, old)
    db.execute("UPDATE drafts SET route = ? WHERE route = ?", [new, old])


def delete_route(db: Database, name: str) -> None:
    """Take a route away, if it is there."""
    db.execute("DELETE FROM routes WHERE name = ?", [name])


def _route(row: Row) -> Route:
    name, kind, host, port, tls, user, rate, max_connections, ehlo_name, daily, hourly, *rest = row
    members, rules, fallback, egress, oauth, client_id, requiretls, warmup = rest
    return Route(
        name=name,
        kind=RouteKind(kind),
        host=host,
        port=port,
        tls=TlsMode(tls),
        user=user,
        rate=rate,
        max_connections=max_connections,
        ehlo_name=ehlo_name,
        daily_quota=daily,
        hourly_quota=hourly,
        members=parse_members(json.loads(members)),
        rules=parse_rules(json.loads(rules)),
        fallback=fallback,
        egress=egress,
        oauth=oauth,
        client_id=client_id,
        requiretls=bool(requiretls),
        warmup=parse_warmup_plan(None if warmup is None else json.loads(warmup)),
    )


def parse_warmup_plan(plain: Mapping[str, Any] | None) -> Warmup | None:
    """A warm-up out of its JSON."""
    return None if plain is None else Warmup(**plain)


def parse_members(plain: Iterable[Mapping[str, Any]]) -> tuple[Member, ...]:
    """Members out of their JSON."""
    return tuple(Member(**member) for member in plain)


def parse_rules(plain: Iterable[Mapping[str, Any]]) -> tuple[RoutingRule, ...]:
    """Rules out of their JSON."""
    return tuple(
        RoutingRule(**{**rule, "lanes": tuple(rule["lanes"]), "senders": tuple(rule["senders"])})
        for rule in plain
    )
