"""The file of a scenario: routes, campaigns and troubles, read and validated as a whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import PRACTICE, Route, RouteKind
from desktop_relay.domain.warmup import Warmup
from desktop_relay.policy.routing import parse_member, parse_rule, problems_of
from desktop_relay.policy.table import Table
from desktop_relay.policy.warmup import is_possible, parse_warmup
from desktop_relay.simulator.audience import MIXES, MOST_PEOPLE, MadeUp, make_audience
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.trouble import parse_span, parse_trouble

ValueT = TypeVar("ValueT")

_FILE = frozenset({"start", "seed", "until", "faults", "troubles", "restarts", "route", "campaign", "lane"})
_ROUTE = frozenset(
    {"name", "kind", "rate", "max_connections", "daily_quota", "hourly_quota", "warmup", "members", "rules"}
)
_CAMPAIGN = frozenset(
    {
        "name",
        "route",
        "recipients",
        "mix",
        "domains",
        "begins",
        "expires_after",
        "brakes",
        "canary_minutes",
        "sender",
        "octets",
    }
)
_LANE = frozenset({"name", "rate", "connections", "per_hour", "per_day"})


def parse_scenario(text: str, now: datetime, seed: int = 1) -> Scenario:
    """A scenario that begins ``now``, with this ``seed``, unless it says otherwise.

    Raises ``BadInput`` (``scenario_invalid``) with the place and what is wrong there.
    """
    try:
        return _scenario(Table("", tomllib.loads(text)), now, seed)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(ErrorCode.SCENARIO_UNREADABLE, line=_line_of(error, text)) from error
    except BadInput as error:
        raise BadInput(ErrorCode.SCENARIO_INVALID, **error.params) from error


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that a mistake is in, from 1: its own words say it, or that the file ends too early."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found is not None else len(text.splitlines())


def _scenario(file: Table, now: datetime, seed: int) -> Scenario:
    file.allow(_FILE)
    routes = _routes(file)
    campaigns = [_campaign(table, routes) for table in file.tables("campaign")]
    if not campaigns:
        raise file.refusal("campaign", "is missing")
    return Scenario(
        campaigns,
        _start(file, now),
        seed=int(file.number("seed") or seed),
        accounts={name: route for name, route in routes.items() if route.kind is RouteKind.SMARTHOST},
        overrides=dict(_lane(table) for table in file.tables("lane")),
        until=_span(file, "until", timedelta(days=60)),
        troubles=_each(file, "troubles", parse_trouble),
        restarts=_each(file, "restarts", parse_span),
        faults="faults" not in file.content or file.switch("faults"),
    )


def _start(file: Table, now: datetime) -> datetime:
    start = file.content.get("start", now)
    if not isinstance(start, datetime):
        raise file.refusal("start", "must be a time like 2026-11-25T09:00:00+09:00")
    return start if start.tzinfo is not None else start.astimezone()


def _routes(file: Table) -> Mapping[str, Route]:
    tables = list(file.tables("route"))
    own = [_route(table) for table in tables]
    routes = {PRACTICE.name: PRACTICE, **{route.name: route for route in own}}
    for table, route in zip(tables, own, strict=True):
        others = {name: other for name, other in routes.items() if name != route.name}
        for field, value in problems_of(route, others):
            raise table.refusal(field, _unusable(value))
        if sum(other.name == route.name for other in own) > 1:
            raise table.refusal("name", f"named twice: {route.name}")
    return routes


def _unusable(text: str) -> str:
    return f"cannot be used: {text}" if text else "is missing"


def _route(table: Table) -> Route:
    table.allow(_ROUTE)
    return Route(
        name=table.text("name"),
        kind=table.choice("kind", RouteKind),
        rate=table.number("rate"),
        max_connections=_count(table, "max_connections"),
        daily_quota=_count(table, "daily_quota"),
        hourly_quota=_count(table, "hourly_quota"),
        warmup=_warmup(table),
        members=tuple(_each(table, "members", parse_member)),
        rules=tuple(_each(table, "rules", parse_rule)),
    )


def _warmup(table: Table) -> Warmup | None:
    plan = _read(table, "warmup", parse_warmup, table.text("warmup")) if "warmup" in table.content else None
    if plan is not None and not is_possible(plan):
        raise table.refusal("warmup", _unusable(table.text("warmup")))
    return plan


def _campaign(table: Table, routes: Mapping[str, Route]) -> Campaign:
    table.allow(_CAMPAIGN)
    route = routes.get(table.text("route", PRACTICE.name))
    if route is None:
        raise table.refusal("route", "no such route")
    return Campaign(
        _audience(table),
        route,
        name=table.text("name", ""),
        begins=_span(table, "begins", timedelta()),
        expires_after=_span(table, "expires_after", timedelta(days=2)),
        brakes="brakes" not in table.content or table.switch("brakes"),
        canary_minutes=table.number("canary_minutes"),
        sender=table.text("sender", ""),
        octets=_count(table, "octets") or 0,
    )


def _audience(table: Table) -> Mapping[str, Sequence[str]]:
    domains = table.table("domains")
    if not domains.content:
        mix = MIXES.get(table.text("mix", "jp"))
        number = _count(table, "recipients")
        if mix is None or number is None:
            problem = f"is none of: {', '.join(MIXES)}" if mix is None else "is missing"
            raise table.refusal("mix" if mix is None else "recipients", problem)
        if number > MOST_PEOPLE:
            raise table.refusal("recipients", _unusable(str(number)))
        return make_audience(number, mix)
    numbers = {name.lower(): _count(domains, name) or 1 for name in domains.content}
    if sum(numbers.values()) > MOST_PEOPLE:
        raise table.refusal("domains", _unusable(str(sum(numbers.values()))))
    return {name: MadeUp(name, number) for name, number in numbers.items()}


def _lane(table: Table) -> tuple[str, LaneOverride]:
    table.allow(_LANE)
    return table.text("name"), LaneOverride(
        rate=table.number("rate"),
        connections=_count(table, "connections"),
        per_hour=_count(table, "per_hour"),
        per_day=_count(table, "per_day"),
    )


def _count(table: Table, key: str) -> int | None:
    number = table.number(key)
    if number is not None and number != int(number):
        raise table.refusal(key, "must be a whole number")
    return None if number is None else int(number)


def _span(table: Table, key: str, default: timedelta) -> timedelta:
    return _read(table, key, parse_span, table.text(key)) if key in table.content else default


def _each(table: Table, key: str, parse: Callable[[str], ValueT]) -> list[ValueT]:
    return [_read(table, key, parse, text) for text in table.texts(key)]


def _read(table: Table, key: str, parse: Callable[[str], ValueT], text: str) -> ValueT:
    try:
        return parse(text)
    except BadInput as error:
        raise table.refusal(key, _unusable(text)) from error
