"""What has to be known of a draft to rehearse it: whom it would go to, by which route, under which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import Route
from desktop_relay.operations import campaigns, settings
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.ledger import load_lane_overrides, load_suppressions
from desktop_relay.store.routes import load_route


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A draft as it would be sent now; ``addresses`` are those that would really be sent to."""

    addresses: tuple[str, ...]
    route: Route
    overrides: Mapping[str, LaneOverride]
    expires_after: timedelta


def plan(ws: Workspace, campaign: int) -> Rehearsal:
    """Raises ``NotFound`` for the draft or its route, ``Refused`` (``no_recipients``) when nobody is left."""
    draft = campaigns.load(ws, campaign)
    route = load_route(ws.library, draft.route)
    if route is None:
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=draft.route)
    suppressed = SuppressionSet({s.pattern: s.reason for s in load_suppressions(ws.spool)})
    addresses = tuple(
        contact.email
        for contact in load_contacts_of_lists(ws.library, draft.lists)
        if contact.has_consent and suppressed.match(contact.key) is None
    )
    if not addresses:
        raise Refused(ErrorCode.NO_RECIPIENTS, campaign=campaign)
    return Rehearsal(
        addresses=addresses,
        route=route,
        overrides=load_lane_overrides(ws.spool, route.name),
        expires_after=timedelta(seconds=float(str(settings.get(ws, "engine.expire")))),
    )
