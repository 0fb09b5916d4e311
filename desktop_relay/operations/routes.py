"""Routes: list, save with password, delete, test the connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import ReloadSettings, RenameRoute
from desktop_relay.domain.errors import BadInput, EngineUnreachable, ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.probe import ProbeResult
from desktop_relay.domain.route import PRACTICE, Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.settings import Value
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations.calling_off import until_called_off
from desktop_relay.operations.hosts import is_address, is_host, is_own_name
from desktop_relay.operations.sign_in import tokens_of_route
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.protection import REMEMBERED_FOR
from desktop_relay.policy.providers import LOOPBACK
from desktop_relay.policy.routing import format_rule, parse_member, parse_rule, problems_of
from desktop_relay.policy.warmup import MOST_DAYS, fewest_days, format_warmup
from desktop_relay.store.ledger import load_campaign_rows
from desktop_relay.store.routes import delete_route, load_route, load_routes, rename_route, save_route
from desktop_relay.store.settings import load_settings
from desktop_relay.store.tls_standing import load_sts_policies, load_tls_hosts
from desktop_relay.store.vault import password_name, sign_in_name
from desktop_relay.transport.guard import Guard
from desktop_relay.transport.guarding import TRUSTED, guard_of_route
from desktop_relay.transport.probe import probe_route
from desktop_relay.transport.resolver import DnsResolver
from desktop_relay.transport.tls_memory import TlsMemory

_DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
REACHABLE = ("gmail.com", "outlook.com", "icloud.com", "yahoo.co.jp")
"""Domains of unrelated providers whose servers answer everybody: when all are silent, it is the line."""

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

    All of it or nothing. Raises ``BadInput`` (``name_empty``, ``value_invalid``), ``Refused``
    (``route_is_named``), ``StoreUnusable``.
    """
    with ws.library.transaction():
        kept = _store(ws, route, password)
    _tell_engine(ws)
    return kept, Changes(routes=True)


def _store(ws: Workspace, route: Route, password: str | None) -> Route:
    """Within the caller's transaction."""
    kept = _checked(route)
    _check_named(ws, kept)
    before = load_route(ws.library, kept.name)
    save_route(ws.library, kept)
    if password == "":
        ws.vault.forget(ws.library, password_name(kept.name))
    elif password is not None:
        ws.vault.put(ws.library, password_name(kept.name), password)
    if before is not None and (before.oauth, before.client_id) != (kept.oauth, kept.client_id):
        # what another client was given is of no use to this one
        ws.vault.forget(ws.library, sign_in_name(kept.name))
    if password is None and before is not None and before.oauth != kept.oauth:
        # a mailbox's password and a client's secret lie in the same place: neither is for who asks for the
        # other
        ws.vault.forget(ws.library, password_name(kept.name))
    return kept


def _tell_engine(ws: Workspace) -> None:
    """What is stored stays so; an engine that ends reads it when it starts again."""
    with suppress(Refused, EngineUnreachable):
        ws.engine.find(ReloadSettings())


def change(ws: Workspace, seen: Route, route: Route, password: str | None = None) -> tuple[Route, Changes]:
    """Store ``route`` in place of ``seen``, as it was before it was changed; its name may be another one.

    All of it or nothing. Raises like ``save`` and ``rename``, and ``Refused`` (``changed_elsewhere``) when
    ``seen`` is not what the library has.
    """
    if load_route(ws.library, seen.name) != seen:
        raise Refused(ErrorCode.CHANGED_ELSEWHERE, name=seen.name)
    _check_named(ws, _checked(replace(route, name=seen.name)))
    renamed = _begin_rename(ws, seen, route.name)
    with ws.library.transaction():
        if renamed.name != seen.name:
            _rename(ws, seen.name, renamed.name)
        kept = _store(ws, route, password)
    _tell_engine(ws)
    return kept, Changes(routes=True, campaigns=renamed.name != seen.name)


def add(ws: Workspace, route: Route, password: str | None = None) -> tuple[Route, Changes]:
    """Store a new route; raises like ``save``, also for a name that is taken."""
    if load_route(ws.library, route.name.strip()) is not None:
        raise BadInput(ErrorCode.VALUE_INVALID, field="name", value=route.name)
    return save(ws, route, password)


def _checked(route: Route) -> Route:
    smarthost = route.kind is RouteKind.SMARTHOST
    kept = replace(
        route,
        name=route.name.strip(),
        host=route.host.strip(),
        port=route.port or (_DEFAULT_PORTS[route.tls.value] if smarthost else 0),
        user=route.user.strip(),
        ehlo_name=route.ehlo_name.strip(),
        egress=route.egress.strip(),
        client_id=route.client_id.strip(),
    )
    if not kept.name:
        raise BadInput(ErrorCode.NAME_EMPTY)
    for field, is_right in _rules(kept):
        if not is_right:
            raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=getattr(kept, field))
    for rule in kept.rules:
        if rule.keep > HIGHEST_LIMIT:
            raise BadInput(ErrorCode.VALUE_INVALID, field="rules", value=format_rule(rule))
    if kept.warmup is not None:
        _check_warmup(kept.kind, kept.warmup)
    return kept


def _check_warmup(kind: RouteKind, plan: Warmup) -> None:
    """Raises ``BadInput`` (``value_invalid``, ``warmup_too_fast``)."""
    is_ordered = 1 <= plan.first <= plan.target <= HIGHEST_LIMIT
    if not kind.is_counted or not is_ordered or plan.days > MOST_DAYS:
        raise BadInput(ErrorCode.VALUE_INVALID, field="warmup", value=format_warmup(plan))
    if plan.days < (days := fewest_days(plan.first, plan.target)):
        raise BadInput(ErrorCode.WARMUP_TOO_FAST, first=plan.first, target=plan.target, days=days)


def _rules(route: Route) -> Iterator[tuple[str, bool]]:
    yield (
        "name",
        route.name.isprintable() and (route.name != PRACTICE.name or route.kind is RouteKind.SANDBOX),
    )
    yield "host", is_host(route.host) if route.host else route.kind is not RouteKind.SMARTHOST
    yield "port", 0 <= route.port <= _LAST_PORT
    yield "user", route.user.isprintable()
    yield "rate", route.rate is None or 0 < route.rate <= HIGHEST_LIMIT
    for field in ("daily_quota", "hourly_quota", "max_connections"):
        limit = getattr(route, field)
        yield field, limit is None or 1 <= limit <= HIGHEST_LIMIT
    # never encrypted and kept encrypted further on: nobody can do both
    in_the_clear = route.kind is RouteKind.SMARTHOST and route.tls is TlsMode.NONE
    yield "requiretls", not (route.requiretls and in_the_clear)
    yield "ehlo_name", not route.ehlo_name or is_own_name(route.ehlo_name)
    yield "egress", not route.egress or is_address(route.egress)
    account = route.kind is RouteKind.SMARTHOST and bool(route.user)
    # RFC 6750 5.2: a token in the clear is anybody's
    hidden = not in_the_clear or route.host in LOOPBACK
    yield "oauth", not route.oauth or (account and hidden)
    yield "client_id", route.client_id.isprintable() and bool(route.client_id) >= bool(route.oauth)


def _check_named(ws: Workspace, route: Route) -> None:
    """What the route says of others, and what others say of it."""
    known = {other.name: other for other in load_routes(ws.library) if other.name != route.name}
    for field, value in problems_of(route, known):
        raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=value)
    for other in known.values():
        if route.name in other.named and any(problems_of(other, {**known, route.name: route})):
            raise Refused(ErrorCode.ROUTE_IS_NAMED, name=route.name, other=other.name)


def delete(ws: Workspace, name: str) -> tuple[Route, Changes]:
    """Take a route and its password away and hand it back.

    Raises ``NotFound``; ``Refused`` for the practice route, and for one that a campaign or another route
    still needs.
    """
    route = load(ws, name)
    if name == PRACTICE.name:
        raise Refused(ErrorCode.ROUTE_IS_PRACTICE)
    if any(c.snapshot.route.name == name and c.state in _NEEDED for c in load_campaign_rows(ws.spool)):
        raise Refused(ErrorCode.ROUTE_IN_USE, name=name)
    for other in load_routes(ws.library):
        if name in other.named:
            raise Refused(ErrorCode.ROUTE_IS_NAMED, name=name, other=other.name)
    delete_route(ws.library, name)
    for secret in (password_name(name), sign_in_name(name)):
        ws.vault.forget(ws.library, secret)
    return route, Changes(routes=True)


def rename(ws: Workspace, name: str, new: str) -> tuple[Route, Changes]:
    """Give a route another name: what names it follows, what was counted and learned for it stays its own.

    Pools, their rules, fallbacks, drafts and campaigns that are over follow; passwords and sign-ins, too.
    Raises ``NotFound``; ``BadInput`` (``name_empty``, ``value_invalid``) for a name that cannot be or is
    taken; ``Refused`` for the practice route, and while a campaign that is not over needs this one.
    """
    route = load(ws, name)
    renamed = _begin_rename(ws, route, new)
    if renamed.name == name:
        return route, Changes()
    with ws.library.transaction():
        _rename(ws, name, renamed.name)
    _tell_engine(ws)
    return renamed, Changes(routes=True, campaigns=True)


def _begin_rename(ws: Workspace, route: Route, new: str) -> Route:
    """Check all that can be wrong, then have the engine rename what is its own; that is not taken back."""
    name = route.name
    if name == PRACTICE.name:
        raise Refused(ErrorCode.ROUTE_IS_PRACTICE)
    renamed = _checked(route.renamed(name, new.strip()))
    if renamed.name == name:
        return renamed
    if load_route(ws.library, renamed.name) is not None:
        raise BadInput(ErrorCode.VALUE_INVALID, field="name", value=renamed.name)
    users = {name, *(other.name for other in load_routes(ws.library) if name in other.named)}
    if any(c.snapshot.route.name in users and c.state in _NEEDED for c in load_campaign_rows(ws.spool)):
        raise Refused(ErrorCode.ROUTE_IN_USE, name=name)
    for secret_name in (password_name, sign_in_name):
        ws.vault.get(ws.library, secret_name(name))  # one that cannot be read is told before
    ws.engine.call(RenameRoute(name, renamed.name))
    return renamed


def _rename(ws: Workspace, name: str, new: str) -> None:
    """Within the caller's transaction."""
    rename_route(ws.library, name, new)
    for secret_name in (password_name, sign_in_name):
        secret = ws.vault.get(ws.library, secret_name(name))
        if secret is not None:
            ws.vault.put(ws.library, secret_name(new), secret)
            ws.vault.forget(ws.library, secret_name(name))


def read_members(texts: Iterable[str]) -> tuple[Member, ...]:
    """``NAME`` or ``NAME:WEIGHT`` each; raises ``BadInput``."""
    return tuple(parse_member(text) for text in texts)


def read_rules(texts: Iterable[str]) -> tuple[RoutingRule, ...]:
    """``[lane:KEY] [from:ADDRESS] [over:SIZE] [keep:N] -> NAME [only]`` each; raises ``BadInput``."""
    return tuple(parse_rule(text) for text in texts)


def rules_text(route: Route) -> list[str]:
    """Its rules as ``read_rules`` takes them."""
    return [format_rule(rule) for rule in route.rules]


def has_password(ws: Workspace, name: str) -> bool:
    """Whether a password is kept for the route; raises ``StoreUnusable`` when it cannot be read."""
    return ws.vault.get(ws.library, password_name(name)) is not None


def probe(
    ws: Workspace,
    route: Route,
    password: str | None = None,
    to: str | None = None,
    call_off: Future[None] | None = None,
) -> ProbeResult:
    """Connect, protect, log in and (with ``to``) ask whether a recipient would be taken; sends no mail.

    Of a pool the first account that is of no use answers for all; a direct route without ``to`` is tried
    towards mailbox providers that everybody can reach, unless the line blocks port 25. Cancelling
    ``call_off``, from any thread, ends it: raises ``Refused`` (``test_called_off``).
    """
    if route.kind is RouteKind.POOL:
        return _probe_pool(ws, route, to, call_off)
    checked = _checked(route)
    tokens = tokens_of_route(ws, checked) if checked.oauth else None
    if checked.oauth and tokens is None:
        return ProbeResult(ok=False, problem=Reason.SIGN_IN_NEEDED)
    if password is None and checked.user and not checked.oauth:
        password = _kept_password(ws, checked.name)
    values = load_settings(ws.library)
    nameservers = values["dns.nameservers"]
    work = probe_route(
        checked,
        password=password,
        ca_file=str(values["tls.ca_file"]) or None,
        to=to,
        nameservers=nameservers if isinstance(nameservers, tuple) else (),
        direct_port=int(str(values["direct.port"])),
        reachable=REACHABLE,
        tokens=tokens,
        guard=_guard(ws, checked, values) if checked.kind is RouteKind.DIRECT and to else None,
    )
    found = asyncio.run(until_called_off(work, call_off or Future()))
    if found is None:
        raise Refused(ErrorCode.TEST_CALLED_OFF)
    return found


def _kept_password(ws: Workspace, name: str) -> str | None:
    """Of an account one signs in to, a client's secret is kept instead."""
    kept = load_route(ws.library, name)
    is_secret = kept is not None and bool(kept.oauth)
    return None if is_secret else ws.vault.get(ws.library, password_name(name))


def _guard(ws: Workspace, route: Route, values: Mapping[str, Value]) -> Guard:
    """What hosts must show by all that the engine remembers; what the test learns is not kept."""
    now, nameservers = ws.now(), values["dns.nameservers"]
    memory = TlsMemory()
    memory.restore(load_tls_hosts(ws.spool, now - REMEMBERED_FOR), load_sts_policies(ws.spool, now))
    resolver = DnsResolver(
        nameservers if isinstance(nameservers, tuple) else (),
        timeout=float(str(values["dns.timeout"])),
        trusted=TRUSTED[str(values["tls.dane"])],
    )
    ca_file = str(values["tls.ca_file"]) or None
    return guard_of_route(route, resolver, memory, mta_sts=bool(values["tls.mta_sts"]), ca_file=ca_file)


def _probe_pool(ws: Workspace, route: Route, to: str | None, call_off: Future[None] | None) -> ProbeResult:
    found = ProbeResult(ok=False, problem=Reason.UNREACHABLE)
    for member in route.members:
        found = probe(ws, load(ws, member.route), to=to, call_off=call_off)
        if not found.ok:
            return replace(found, detail=f"{member.route}: {found.detail}".rstrip(": "))
    return found
