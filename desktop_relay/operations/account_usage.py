"""What an account took today, what its warm-up allows, and what other programs sent over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import CountElsewhere
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.lane_memory import ACCOUNT
from desktop_relay.domain.route import Route
from desktop_relay.domain.usage import Usage
from desktop_relay.domain.warmup import WarmupStanding
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.quota import REMEMBERED, Quota
from desktop_relay.policy.warmup import MOST_DAYS as MOST_DAYS
from desktop_relay.policy.warmup import WarmupWatch
from desktop_relay.policy.warmup import allowance_of as allowance_of
from desktop_relay.policy.warmup import fewest_days as fewest_days
from desktop_relay.store.ledger import load_lane_memory
from desktop_relay.store.routes import load_route
from desktop_relay.store.usage import load_usage


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """Messages that count against an account ``today`` and in the last ``hour``, over whichever route.

    ``elsewhere`` of today's went by other programs. ``left`` may still go now, ``None`` without a limit.
    """

    route: Route
    today: int
    hour: int
    elsewhere: int
    left: int | None
    warmup: WarmupStanding | None


def usage(ws: Workspace, name: str) -> AccountUsage:
    """How an account stands today; raises ``NotFound``, ``BadInput`` for a route that is not counted."""
    return _usage(ws, _load(ws, name))


def usage_of(ws: Workspace, route: Route) -> AccountUsage | None:
    """Likewise for a route as it was read, whatever became of it since; ``None`` where nothing is counted."""
    return _usage(ws, route) if route.kind.is_counted else None


def warming(ws: Workspace, name: str) -> tuple[AccountUsage, ...]:
    """Those of the accounts behind a route that have a plan; none for a route that is gone."""
    route = load_route(ws.library, name)
    if route is None:
        return ()
    members = (load_route(ws.library, member.route) for member in route.members)
    accounts = (route, *(member for member in members if member is not None))
    return tuple(_usage(ws, account) for account in accounts if account.warmup is not None)


def count_elsewhere(ws: Workspace, name: str, number: int) -> tuple[AccountUsage, Changes]:
    """Other programs sent ``number`` over an account today; what was told before is forgotten.

    Raises ``NotFound``, ``BadInput``.
    """
    route = _load(ws, name)
    if not 0 <= number <= HIGHEST_LIMIT:
        raise BadInput(ErrorCode.VALUE_INVALID, field="elsewhere", value=str(number))
    ws.engine.call(CountElsewhere(name, number))
    return _usage(ws, route), Changes(routes=True)


def quota_of(ws: Workspace, route: Route, now: datetime) -> Quota | None:
    """The quota as an engine would have it now; ``None`` for a route that has none."""
    if route.daily_quota is None and route.hourly_quota is None and route.warmup is None:
        return None
    return _quota(route, _used(ws, route, now), _watch(ws, route))


def _usage(ws: Workspace, route: Route) -> AccountUsage:
    now = ws.now()
    used, watch = _used(ws, route, now), _watch(ws, route)
    quota = _quota(route, used, watch)
    told = used.elsewhere
    elsewhere = told.number if told is not None and told.day == now.astimezone().date() else 0
    return AccountUsage(
        route=route,
        today=quota.today(now),
        hour=quota.lately(now),
        elsewhere=elsewhere,
        left=quota.left(now),
        warmup=None if watch is None else watch.standing(now),
    )


def _quota(route: Route, used: Usage, watch: WarmupWatch | None) -> Quota:
    return Quota(
        route.daily_quota, route.hourly_quota, used=used.steps, elsewhere=used.elsewhere, warmup=watch
    )


def _used(ws: Workspace, route: Route, now: datetime) -> Usage:
    return load_usage(ws.spool, route.name, now - REMEMBERED)


def _watch(ws: Workspace, route: Route) -> WarmupWatch | None:
    if route.warmup is None:
        return None
    memory = load_lane_memory(ws.spool, route.name).get(ACCOUNT)
    return WarmupWatch(route.warmup, None if memory is None else memory.warmup)


def _load(ws: Workspace, name: str) -> Route:
    route = load_route(ws.library, name)
    if route is None:
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)
    if not route.kind.is_counted:
        raise BadInput(ErrorCode.VALUE_INVALID, field="route", value=name)
    return route
