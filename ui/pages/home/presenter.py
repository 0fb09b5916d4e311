"""What home shows: the first five steps, or how the campaigns stand; no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.progress import CampaignProgress, Progress
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import campaigns, contacts, identities, practice, routes, sign_in, templates
from desktop_relay.operations.campaigns import CampaignRow
from desktop_relay.operations.workspace import Workspace

from ui.context import Context
from ui.pages.home.attention import Attention, CampaignCard, find_all

SHOWN_CAMPAIGNS = 5
_UNDER_WAY = (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SUBMITTED)


class Step(StrEnum):
    """The way to the first real campaign, in its order."""

    CONTACTS = "contacts"
    TEMPLATE = "template"
    PRACTICE = "practice"
    PREPARE = "prepare"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class HomeState:
    """Everything home shows; ``unsigned`` are accounts that nobody has signed in to."""

    contacts: int
    templates: int
    practised: bool
    prepared: bool
    sent: bool
    campaigns: tuple[CampaignCard, ...]
    standings: tuple[CampaignProgress, ...] = ()
    unsigned: tuple[str, ...] = ()

    @property
    def attention(self) -> tuple[Attention, ...]:
        """What needs a person."""
        return find_all(self.campaigns, self.standings, self.unsigned)

    def with_progress(self, progress: Progress | None) -> HomeState:
        """The same with what the engine says now."""
        told = {each.campaign: each for each in progress.campaigns} if progress else {}
        before = {each.campaign: each for each in self.standings}
        return replace(self, standings=tuple({**before, **told}.values()))

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
        state = await self._context.tasks.in_worker(read_home, self._context.workspace)
        return state.with_progress(self._context.engine.latest)

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
    known = routes.overview(ws)
    kinds = {route.name: route.kind for route in known}
    rows = [row for row in campaigns.overview(ws) if row.state is not CampaignState.DRAFT]
    practised = [row for row in rows if kinds.get(row.route) is RouteKind.SANDBOX]
    gone = [row for row in rows if _went_out(row)]
    recorded = [row for row in rows if row.counts is not None]
    cards = tuple(_card(row, row in practised) for row in _running_first(recorded)[:SHOWN_CAMPAIGNS])
    real_route = any(kind is not RouteKind.SANDBOX for kind in kinds.values())
    return HomeState(
        contacts=contacts.count(ws, ContactQuery()),
        templates=len(templates.overview(ws)),
        practised=any(row in practised for row in gone),
        prepared=real_route and bool(identities.overview(ws)),
        sent=any(row not in practised for row in gone),
        campaigns=cards,
        standings=tuple(
            campaigns.status(ws, card.campaign)
            for card in cards
            if card.state in _UNDER_WAY and not card.practice
        ),
        unsigned=tuple(route.name for route in known if sign_in.wants_sign_in(ws, route)),
    )


def _went_out(row: CampaignRow) -> bool:
    """What was taken back before anybody got it leaves its step as it was."""
    is_nothing = row.state is CampaignState.CANCELLED and row.counts is not None and not row.counts.accepted
    return not is_nothing


def _running_first(rows: Sequence[CampaignRow]) -> list[CampaignRow]:
    return [r for r in rows if r.state in _UNDER_WAY] + [r for r in rows if r.state not in _UNDER_WAY]


def _card(row: CampaignRow, in_practice: bool) -> CampaignCard:
    counts = row.counts or Counts()
    return CampaignCard(row.id, row.name, row.state, in_practice, counts, row.submitted_at, row.start_at)
