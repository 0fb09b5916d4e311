"""The outlook before sending: when each carrier's people would be through, and which rule decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.lane import LaneOverride, LaneReason
from desktop_relay.domain.lane_memory import ACCOUNT, LaneMemory
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, preview, routes, settings, templates
from desktop_relay.operations.account_usage import quota_of
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.accounts_play import Account
from desktop_relay.policy.forecast import Forecast, Work, forecast
from desktop_relay.policy.gate import Gate, account_gate, lane_gate
from desktop_relay.policy.health import Health
from desktop_relay.policy.lane_limits import limits_in_force
from desktop_relay.policy.routing import Choice, Mail, plan_choice
from desktop_relay.store.ledger import (
    load_campaign_rows,
    load_counts,
    load_lane_memory,
    load_lane_overrides,
)

_GOING = (CampaignState.SUBMITTED, CampaignState.SENDING)


@dataclass(frozen=True, slots=True)
class LaneOutlook:
    """One lane of a campaign that was not sent yet: how many, and when they would be through."""

    lane: str
    people: int
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """All lanes, the last one first; ``last`` is the one that the campaign would end with."""

    lanes: tuple[LaneOutlook, ...]

    @property
    def last(self) -> LaneOutlook | None:
        """``None`` without anybody, and while nobody can tell for one of the lanes."""
        known = all(lane.forecast is not None for lane in self.lanes)
        return self.lanes[0] if known and self.lanes else None


def before_sending(ws: Workspace, campaign: int, at: datetime | None = None) -> Outlook:
    """A draft as it would go from ``at`` on (``None``: now), beside what is being sent over its route.

    A domain without a profile counts as a lane of its own: its hosts are looked up at the hand-over only.
    Raises ``NotFound`` for the draft or its route, ``Refused`` (``draft_incomplete``).
    """
    draft = campaigns.load_whole(ws, campaign)
    people = campaigns.audience(ws, draft.lists).by_lane
    return over_route(ws, people, draft.route, at, sender=draft.sender, template=draft.template)


def over_route(
    ws: Workspace,
    people: Mapping[str, int],
    route_name: str,
    at: datetime | None = None,
    *,
    sender: str = "",
    template: str = "",
) -> Outlook:
    """So many ``people`` by lane over a route; raises ``NotFound`` for the route.

    Rules of a pool look at the ``sender``, and at the size that the ``template`` comes to.
    """
    route = routes.load(ws, route_name)
    now = ws.now()
    speed = float(str(settings.get(ws, "sandbox.speed"))) if route.kind is RouteKind.SANDBOX else 1.0
    lasts = timedelta(seconds=float(str(settings.get(ws, "engine.expire"))) / speed)
    octets = _octets(ws, route, sender, template)
    others = _others(ws, route.name)
    keys = list(dict.fromkeys((*people, *(mail.lane for mail, _ in others))))
    places = {lane: place for place, lane in enumerate(keys)}
    gives_up_at = (at or now) + lasts
    works = [
        Work(
            places[lane],
            number,
            starts_at=at,
            gives_up_at=gives_up_at,
            choice=_choice(route, Mail(lane, sender, octets)),
        )
        for lane, number in people.items()
    ]
    works += [Work(places[mail.lane], number, choice=_choice(route, mail)) for mail, number in others]
    gates = _lane_gates(ws, route, keys, now)
    found = forecast(works, gates, now, accounts=_accounts(ws, route, now), speed=speed)
    lanes = [LaneOutlook(lane, people[lane], one) for lane, one in zip(people, found, strict=False)]
    return Outlook(tuple(sorted(lanes, key=_end, reverse=True)))


def _choice(route: Route, mail: Mail) -> Choice | None:
    """The accounts that it goes over, by the pool's rules."""
    members = [member.route for member in route.members]
    return plan_choice(route.rules, members, mail) if route.kind is RouteKind.POOL else None


def _octets(ws: Workspace, route: Route, sender: str, template: str) -> int:
    """What a letter weighs, if a rule asks for it and it can be written."""
    if not template or all(rule.over_octets is None for rule in route.rules):
        return 0
    try:
        return preview.preview(ws, templates.load(ws, template), sender=sender).size
    except NotFound:
        return 0


def _others(ws: Workspace, route: str) -> list[tuple[Mail, int]]:
    """Whom campaigns on their way still have in each lane of the route; nobody knows what they weigh."""
    going = [row for row in load_campaign_rows(ws.spool) if row.state in _GOING]
    return [
        (Mail(lane, row.snapshot.identity.address, 0), counts.open)
        for row in going
        if row.snapshot.route.name == route
        for lane, counts in load_counts(ws.spool, row.snapshot.id).items()
        if counts.open
    ]


def _lane_gates(ws: Workspace, route: Route, keys: list[str], now: datetime) -> list[Gate]:
    directory = load_directory()
    overrides = load_lane_overrides(ws.spool, route.name)
    memories = load_lane_memory(ws.spool, route.name)
    gates = []
    for key in keys:
        override = overrides.get(key, LaneOverride()).at(now)
        reason = LaneReason.PROFILE if override.rate is None else LaneReason.USER_LIMIT
        limits = limits_in_force(directory.profile_of_lane(key).limits, override)
        gates.append(lane_gate(limits, memories.get(key), now, reason))
    return gates


def _accounts(ws: Workspace, route: Route, now: datetime) -> list[Account]:
    match route.kind:
        case RouteKind.SMARTHOST:
            return [_account(ws, route, now)]
        case RouteKind.DIRECT:
            return [_account(ws, route, now)] if quota_of(ws, route, now) is not None else []
        case RouteKind.POOL:
            return [
                _account(ws, routes.load(ws, member.route), now, member.weight) for member in route.members
            ]
        case _:
            return []


def _account(ws: Workspace, route: Route, now: datetime, weight: int | None = None) -> Account:
    """One of a pool has a ``weight``, and is gone around while it rests."""
    memory: LaneMemory | None = load_lane_memory(ws.spool, route.name).get(ACCOUNT)
    rests = 0.0
    if weight is not None and memory is not None:
        rests = Health(memory.health, memory.since(0.0, now)).rest(0.0)
    return Account(
        account_gate(route.rate, memory, quota_of(ws, route, now), now, rests), route.name, weight or 1
    )


def _end(lane: LaneOutlook) -> float:
    return float("inf") if lane.forecast is None else lane.forecast.end.timestamp()
