"""What has to be known of a draft, or a route, to rehearse it: who gets it, which way, within what limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.usage import Usage
from desktop_relay.operations import campaigns, settings
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.quota import REMEMBERED
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.ledger import load_lane_memory, load_lane_overrides, load_suppressions
from desktop_relay.store.routes import load_route
from desktop_relay.store.usage import load_usage


@dataclass(frozen=True, slots=True)
class RouteStanding:
    """A route as an engine would open it now.

    ``accounts`` are those behind it by name. ``memories`` is what is remembered of lanes, by route, and
    ``used`` what each account took in the last days.
    """

    route: Route
    accounts: Mapping[str, Route]
    overrides: Mapping[str, LaneOverride]
    memories: Mapping[str, Mapping[str, LaneMemory]]
    used: Mapping[str, Usage]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A draft as it would be sent now; ``addresses`` are those that would really be sent to."""

    name: str
    addresses: tuple[str, ...]
    standing: RouteStanding
    sender: str
    expires_after: timedelta
    brakes: bool
    canary_minutes: float | None


def plan(ws: Workspace, campaign: int) -> Rehearsal:
    """Raises ``NotFound`` for draft or route, ``Refused`` (``no_recipients``, ``draft_incomplete``)."""
    draft = campaigns.load_whole(ws, campaign)
    standing = find_standing(ws, draft.route)
    suppressed = SuppressionSet({s.pattern: s.reason for s in load_suppressions(ws.spool)})
    addresses = tuple(
        contact.email
        for contact in load_contacts_of_lists(ws.library, draft.lists)
        if contact.has_consent and suppressed.match(contact.key) is None
    )
    if not addresses:
        raise Refused(ErrorCode.NO_RECIPIENTS, campaign=campaign)
    in_practice = standing.route.kind is RouteKind.SANDBOX
    return Rehearsal(
        name=draft.name,
        addresses=addresses,
        standing=standing,
        sender=draft.sender,
        expires_after=timedelta(seconds=float(str(settings.get(ws, "engine.expire")))),
        brakes=not in_practice or bool(settings.get(ws, "sandbox.brakes")),
        canary_minutes=draft.canary_minutes,
    )


def find_standing(ws: Workspace, name: str) -> RouteStanding:
    """A route with all that is known of it; raises ``NotFound``."""
    route = load_route(ws.library, name)
    if route is None:
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)
    members = (load_route(ws.library, member.route) for member in route.members)
    accounts = {m.name: m for m in (route, *members) if m is not None and m.kind is RouteKind.SMARTHOST}
    now = ws.now()
    return RouteStanding(
        route=route,
        accounts=accounts,
        overrides={lane: o.at(now) for lane, o in load_lane_overrides(ws.spool, route.name).items()},
        memories={key: load_lane_memory(ws.spool, key) for key in {route.name, *accounts}},
        used={key: load_usage(ws.spool, key, now - REMEMBERED) for key in accounts},
    )
