"""What home shows: the first five steps, or how the campaigns stand; no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import campaigns, contacts, identities, practice, routes, templates
from desktop_relay.operations.campaigns import CampaignRow
from desktop_relay.operations.workspace import Workspace

from ui.context import Context

SHOWN_CAMPAIGNS = 5
_ALARMING_SHARE = 0.05
_ENOUGH_TO_JUDGE = 20


class Step(StrEnum):
    """The way to the first real campaign, in its order."""

    CONTACTS = "contacts"
    TEMPLATE = "template"
    PRACTICE = "practice"
    PREPARE = "prepare"
    SEND = "send"


class Trouble(StrEnum):
    """What needs a person."""

    UNKNOWN = "unknown"
    HELD = "held"
    BOUNCES = "bounces"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Attention:
    """One campaign that needs a person, and why; ``count`` people."""

    campaign: int
    name: str
    trouble: Trouble
    count: int


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A submitted campaign as home shows it."""

    campaign: int
    name: str
    state: CampaignState
    practice: bool
    counts: Counts
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class HomeState:
    """Everything home shows."""

    contacts: int
    templates: int
    practised: bool
    prepared: bool
    sent: bool
    campaigns: tuple[CampaignCard, ...]
    attention: tuple[Attention, ...]

    @property
    def done(self) -> frozenset[Step]:
        """The steps behind us."""
        facts = {
            Step.CONTACTS: self.contacts > 0,
            Step.TEMPLATE: self.templates > 0,
            Step.PRACTICE: self.practised,
            Step.PREPARE: self.prepared,
            Step.SEND: self.sent,
        }
        return frozenset(step for step, fact in facts.items() if fact)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done; ``None`` when all are."""
        done = self.done
        return next((step for step in Step if step not in done), None)


class Presenter:
    """Reads what home shows and starts the practice."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def read(self) -> HomeState:
        """The present state."""
        return await self._context.tasks.in_worker(read_home, self._context.workspace)

    async def practise(self) -> int:
        """Take the bundled sample through the practice carriers; answers the campaign."""
        language = self._context.language
        campaign = await self._context.tasks.in_worker(start_practice, self._context.workspace, language)
        self._context.publish(
            Changes(contacts=True, lists=True, templates=True, identities=True, campaigns=True, settings=True)
        )
        return campaign


def start_practice(ws: Workspace, language: str) -> int:
    """Import the sample, make a campaign of it and send it into the practice carriers."""
    prepared = practice.prepare(ws, language=language)
    campaign, _ = campaigns.send(ws, prepared.campaign)
    return campaign


def read_home(ws: Workspace) -> HomeState:
    """Gather from the operations; runs on a worker thread."""
    kinds = {route.name: route.kind for route in routes.overview(ws)}
    rows = [row for row in campaigns.overview(ws) if row.state is not CampaignState.DRAFT]
    practised = [row for row in rows if kinds.get(row.route) is RouteKind.SANDBOX]
    cards = tuple(_card(row, row in practised) for row in _running_first(rows)[:SHOWN_CAMPAIGNS])
    real_route = any(kind is not RouteKind.SANDBOX for kind in kinds.values())
    return HomeState(
        contacts=contacts.count(ws, ContactQuery()),
        templates=len(templates.overview(ws)),
        practised=bool(practised),
        prepared=real_route and bool(identities.overview(ws)),
        sent=len(practised) < len(rows),
        campaigns=cards,
        attention=tuple(item for card in cards for item in find_attention(card)),
    )


def find_attention(card: CampaignCard) -> list[Attention]:
    """What of a campaign needs a person; what practice invented needs nobody."""
    if card.practice:
        return []
    counts = card.counts
    judged = counts.accepted + counts.bounced
    found = []
    if card.state is CampaignState.PAUSED:
        found.append((Trouble.PAUSED, counts.open))
    if counts.unknown:
        found.append((Trouble.UNKNOWN, counts.unknown))
    if judged >= _ENOUGH_TO_JUDGE and counts.bounced / judged > _ALARMING_SHARE:
        found.append((Trouble.BOUNCES, counts.bounced))
    if counts.held:
        found.append((Trouble.HELD, counts.held))
    return [Attention(card.campaign, card.name, trouble, count) for trouble, count in found]


def _running_first(rows: Sequence[CampaignRow]) -> list[CampaignRow]:
    under_way = (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SUBMITTED)
    return [r for r in rows if r.state in under_way] + [r for r in rows if r.state not in under_way]


def _card(row: CampaignRow, in_practice: bool) -> CampaignCard:
    return CampaignCard(row.id, row.name, row.state, in_practice, row.counts or Counts(), row.submitted_at)
