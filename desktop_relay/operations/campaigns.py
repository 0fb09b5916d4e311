"""Campaigns: drafts, the audience, sending, steering, status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from desktop_relay.domain.address import domain_of
from desktop_relay.domain.campaign import CampaignKind, CampaignState, Draft, PauseReason, SubmittedCampaign
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import Cancel, Pause, Resend, Resume, RetryNow, SendTest, Submit
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.lane import LaneOverride, LaneReason, LaneState
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import identities, routes, templates
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.drafts import (
    delete_draft,
    insert_draft,
    load_draft,
    load_drafts,
    update_draft,
)
from desktop_relay.store.ledger import (
    load_campaign_row,
    load_campaign_rows,
    load_counts,
    load_lane_overrides,
    load_suppressions,
)
from desktop_relay.store.lists import find_list
from desktop_relay.store.routes import load_route


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as a list shows it; ``counts`` once it was submitted."""

    id: int
    name: str
    state: CampaignState
    template: str
    sender: str
    route: str
    lists: tuple[str, ...]
    counts: Counts | None
    submitted_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a campaign to some lists would reach; ``by_lane`` counts those that can be sent to."""

    total: int
    sendable: int
    suppressed: int
    without_consent: int
    by_lane: Mapping[str, int]


def drafts(ws: Workspace) -> list[Draft]:
    """Every campaign as it was written, submitted or not."""
    return load_drafts(ws.library)


def load(ws: Workspace, campaign: int) -> Draft:
    """One draft; raises ``NotFound``."""
    draft = load_draft(ws.library, campaign)
    if draft is None:
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
    return draft


def overview(ws: Workspace) -> list[CampaignRow]:
    """Every campaign, newest first."""
    submitted = {c.snapshot.id: c for c in load_campaign_rows(ws.spool)}
    return [_row(ws, draft, submitted.get(draft.id)) for draft in reversed(load_drafts(ws.library))]


def _row(ws: Workspace, draft: Draft, submitted: SubmittedCampaign | None) -> CampaignRow:
    counts = Counts.sum(load_counts(ws.spool, draft.id).values()) if submitted else None
    return CampaignRow(
        id=draft.id,
        name=draft.name,
        state=submitted.state if submitted else CampaignState.DRAFT,
        template=draft.template,
        sender=draft.sender,
        route=draft.route,
        lists=draft.lists,
        counts=counts,
        submitted_at=submitted.submitted_at if submitted else None,
        finished_at=submitted.finished_at if submitted else None,
    )


def create(
    ws: Workspace,
    name: str,
    *,
    template: str,
    sender: str,
    route: str,
    lists: tuple[str, ...],
    subject: str | None = None,
) -> tuple[Draft, Changes]:
    """A new draft; raises ``NotFound`` for what it names and is not there, ``BadInput`` (``name_empty``)."""
    draft = Draft(0, name, template, sender, route, lists, subject, created_at=ws.now())
    number = insert_draft(ws.library, _checked(ws, draft), ws.now())
    return load(ws, number), Changes(campaigns=True)


def update(ws: Workspace, draft: Draft) -> tuple[Draft, Changes]:
    """Change a draft that was not sent yet; raises like ``create``, and ``Refused``."""
    if load(ws, draft.id).submitted_at is not None:
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=draft.id)
    update_draft(ws.library, _checked(ws, draft))
    return load(ws, draft.id), Changes(campaigns=True)


def delete(ws: Workspace, campaign: int) -> tuple[Draft, Changes]:
    """Take a draft away that was not sent yet; its ledger is never taken away."""
    draft = load(ws, campaign)
    if draft.submitted_at is not None:
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=campaign)
    delete_draft(ws.library, campaign)
    return draft, Changes(campaigns=True)


def _checked(ws: Workspace, draft: Draft) -> Draft:
    if not draft.name.strip():
        raise BadInput(ErrorCode.NAME_EMPTY)
    templates.load(ws, draft.template)
    sender = identities.load(ws, draft.sender).address
    routes.load(ws, draft.route)
    check_lists(ws, draft.lists)
    subject = (draft.subject or "").strip() or None
    return replace(draft, name=draft.name.strip(), sender=sender, subject=subject)


def check_lists(ws: Workspace, names: tuple[str, ...]) -> None:
    """Raises ``NotFound`` for a list that is not there."""
    for name in names:
        if find_list(ws.library, name) is None:
            raise NotFound(ErrorCode.NO_SUCH_LIST, name=name)


def check_known(ws: Workspace, campaign: int) -> None:
    """Raises ``NotFound`` for a number that is neither a draft's nor a submitted campaign's or test's."""
    if load_campaign_row(ws.spool, campaign) is None:
        load(ws, campaign)


def audience(ws: Workspace, lists: tuple[str, ...]) -> Audience:
    """Count people by what would become of their mail; walks the lists once."""
    suppressions = SuppressionSet({s.pattern: s.reason for s in load_suppressions(ws.spool)})
    domains: Counter[str] = Counter()
    total = suppressed = without_consent = 0
    for contact in load_contacts_of_lists(ws.library, lists):
        total += 1
        if suppressions.match(contact.key) is not None:
            suppressed += 1
            continue
        without_consent += not contact.has_consent
        domains[domain_of(contact.email)] += 1
    directory = load_directory()
    by_lane: Counter[str] = Counter()
    for domain, number in domains.items():
        by_lane[directory.plan_lane(domain, None)] += number
    return Audience(total, total - suppressed, suppressed, without_consent, dict(by_lane.most_common()))


def send(
    ws: Workspace, campaign: int, at: datetime | None = None, force: tuple[str, ...] = ()
) -> tuple[int, Changes]:
    """Submit a draft to the engine; a submitted one stays as it is."""
    load(ws, campaign)
    answer = ws.engine.call(Submit(campaign, at, force))
    return int(answer["campaign"]), Changes(campaigns=True)


def send_test(ws: Workspace, campaign: int, to: str, contact_id: int | None = None) -> int:
    """Send one test mail of a draft; answers the test's own campaign id."""
    return int(ws.engine.call(SendTest(campaign, to, contact_id))["campaign"])


def pause(ws: Workspace, campaign: int) -> None:
    """Pause; running transactions end by themselves."""
    ws.engine.call(Pause(campaign))


def resume(ws: Workspace, campaign: int) -> None:
    """Go on."""
    ws.engine.call(Resume(campaign))


def cancel(ws: Workspace, campaign: int) -> None:
    """Send nothing more; what was sent stays sent."""
    ws.engine.call(Cancel(campaign))


def retry_now(ws: Workspace, campaign: int, recipient: int | None = None) -> int:
    """Make those who wait for a retry due at once; answers how many."""
    return int(ws.engine.call(RetryNow(campaign, recipient))["count"])


def resend(ws: Workspace, campaign: int, outcome: str) -> int:
    """Send again to those who ended as ``outcome``; answers how many. Raises ``BadInput``, ``Refused``."""
    return int(ws.engine.call(Resend(campaign, outcome))["count"])


def status(ws: Workspace, campaign: int) -> CampaignProgress:
    """How a campaign stands: the running engine's word, else what the spool says."""
    progress = ws.engine.progress()
    for found in progress.campaigns if progress else ():
        if found.campaign == campaign:
            return found
    submitted = load_campaign_row(ws.spool, campaign)
    return _unsent(ws, load(ws, campaign)) if submitted is None else _standing(ws, submitted)


def _standing(ws: Workspace, submitted: SubmittedCampaign) -> CampaignProgress:
    snapshot = submitted.snapshot
    by_lane = load_counts(ws.spool, snapshot.id)
    overrides = load_lane_overrides(ws.spool, snapshot.route.name)
    paused = submitted.state is CampaignState.PAUSED
    lanes = tuple(_lane(lane, counts, overrides.get(lane), paused=paused) for lane, counts in by_lane.items())
    return CampaignProgress(
        campaign=snapshot.id,
        name=snapshot.name,
        kind=snapshot.kind,
        state=submitted.state,
        pause_reason=submitted.pause_reason,
        route=snapshot.route.name,
        route_kind=snapshot.route.kind,
        sender=snapshot.identity.address,
        speed=snapshot.speed,
        counts=Counts.sum(by_lane.values()),
        rate=0.0,
        submitted_at=submitted.submitted_at,
        started_at=submitted.started_at,
        finished_at=submitted.finished_at,
        eta=None,
        lanes=lanes,
    )


def _lane(lane: str, counts: Counts, override: LaneOverride | None, *, paused: bool) -> LaneProgress:
    profile = load_directory().profile_of_lane(lane)
    state, reason = LaneState.IDLE, LaneReason.NONE
    if counts.open == 0:
        state, reason = LaneState.FINISHED, LaneReason.DONE
    elif paused:
        state, reason = LaneState.PAUSED, LaneReason.CAMPAIGN_PAUSED
    return LaneProgress(
        lane=lane,
        name=profile.name,
        name_ja=profile.name_ja,
        domains=profile.domains,
        counts=counts,
        pace_allowed=(override.rate if override else None) or profile.limits.rate,
        pace_actual=0.0,
        connections=0,
        state=state,
        reason=reason,
    )


def _unsent(ws: Workspace, draft: Draft) -> CampaignProgress:
    route = load_route(ws.library, draft.route)  # it may have been deleted since
    return CampaignProgress(
        campaign=draft.id,
        name=draft.name,
        kind=CampaignKind.CAMPAIGN,
        state=CampaignState.DRAFT,
        pause_reason=PauseReason.NONE,
        route=draft.route,
        route_kind=route.kind if route else RouteKind.SMARTHOST,
        sender=draft.sender,
        speed=1.0,
        counts=Counts(),
        rate=0.0,
        submitted_at=draft.created_at or ws.now(),
        started_at=None,
        finished_at=None,
        eta=None,
        lanes=(),
    )
