"""Routes in the library; their passwords are the vault's."""

from __future__ import annotations

from desktop_relay.domain.route import PRACTICE, Route, RouteKind, TlsMode
from desktop_relay.store.connection import Database, Row

_COLUMNS = "name, kind, host, port, tls, user, rate, max_connections, ehlo_name"


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
        f"INSERT OR REPLACE INTO routes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        ],
    )


def delete_route(db: Database, name: str) -> None:
    """Take a route away, if it is there."""
    db.execute("DELETE FROM routes WHERE name = ?", [name])


def _route(row: Row) -> Route:
    name, kind, host, port, tls, user, rate, max_connections, ehlo_name = row
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
    )
