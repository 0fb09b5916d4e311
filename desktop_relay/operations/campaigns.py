"""Campaigns: drafts, the audience, sending, steering, status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from desktop_relay.domain.campaign import CampaignKind, CampaignState, Draft, SubmittedCampaign
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import Cancel, Pause, Release, Resend, Resume, RetryNow, SendTest, Submit
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import Route
from desktop_relay.domain.template import Template, on_one_line
from desktop_relay.operations import identities, routes, settings, templates
from desktop_relay.operations.campaign_standing import at_rest, state_without_record, unsent
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.store.contact_shapes import load_consents, load_consents_of
from desktop_relay.store.drafts import (
    delete_draft,
    insert_draft,
    load_draft,
    load_drafts,
    update_draft,
)
from desktop_relay.store.identities import load_identity
from desktop_relay.store.ledger import (
    load_campaign_row,
    load_campaign_rows,
    load_counts,
    load_suppressions,
)
from desktop_relay.store.lists import find_list
from desktop_relay.store.routes import load_route
from desktop_relay.store.snapshots import load_highest_campaign
from desktop_relay.store.templates import load_template

MOST_CANARY_MINUTES = 1440


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
    start_at: datetime | None = None
    started_at: datetime | None = None

    @property
    def is_planned(self) -> bool:
        """Whether it was given a time and nothing of it has begun."""
        is_waiting = self.state in (CampaignState.SUBMITTED, CampaignState.PAUSED)
        return is_waiting and self.start_at is not None and self.started_at is None


@dataclass(frozen=True, slots=True)
class Parts:
    """A draft with what it names, as the library has it at one moment; ``None`` for what is gone."""

    draft: Draft
    template: Template | None
    sender: Identity | None
    route: Route | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a campaign to some lists would reach; ``by_lane`` counts those that are sent to."""

    total: int
    sendable: int
    suppressed: int
    without_consent: int
    by_lane: Mapping[str, int]

    @property
    def reached(self) -> int:
        """Those that are sent to."""
        return sum(self.by_lane.values())

    @property
    def held(self) -> int:
        """Those that are held for want of a record of consent."""
        return self.sendable - self.reached


def drafts(ws: Workspace) -> list[Draft]:
    """Every campaign as it was written, submitted or not."""
    return load_drafts(ws.library)


def load(ws: Workspace, campaign: int) -> Draft:
    """One draft; raises ``NotFound``."""
    draft = load_draft(ws.library, campaign)
    if draft is None:
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
    return draft


def load_parts(ws: Workspace, campaign: int) -> Parts:
    """A draft and what a letter of it is made of; raises ``NotFound`` for the draft only."""
    draft = load(ws, campaign)
    return Parts(
        draft,
        load_template(ws.library, draft.template),
        load_identity(ws.library, draft.sender),
        load_route(ws.library, draft.route),
    )


def load_whole(ws: Workspace, campaign: int) -> Draft:
    """A draft that names all it takes; raises ``NotFound``, ``Refused`` (``draft_incomplete``)."""
    draft = load(ws, campaign)
    if not (draft.template and draft.sender and draft.route):
        raise Refused(ErrorCode.DRAFT_INCOMPLETE, campaign=campaign)
    return draft


def overview(ws: Workspace) -> list[CampaignRow]:
    """Every campaign, newest first; those too that only one of the two databases knows of."""
    # first, since the spool has what the library calls sent
    written = {draft.id: draft for draft in load_drafts(ws.library)}
    submitted = {
        c.snapshot.id: c for c in load_campaign_rows(ws.spool) if c.snapshot.kind is CampaignKind.CAMPAIGN
    }
    rows = [_row(ws, draft, submitted.get(draft.id)) for draft in written.values()]
    rows += [_row(ws, _draft_of(c), c) for number, c in submitted.items() if number not in written]
    return sorted(rows, key=lambda row: row.id, reverse=True)


def _draft_of(submitted: SubmittedCampaign) -> Draft:
    """What can be told of a draft that was lost with its library."""
    sent = submitted.snapshot
    return Draft(sent.id, sent.name, sent.template.name, sent.identity.address, sent.route.name, ())


def _row(ws: Workspace, draft: Draft, submitted: SubmittedCampaign | None) -> CampaignRow:
    counts = Counts.sum(load_counts(ws.spool, draft.id).values()) if submitted else None
    return CampaignRow(
        id=draft.id,
        name=draft.name,
        state=submitted.state if submitted else state_without_record(draft),
        template=draft.template,
        sender=draft.sender,
        route=draft.route,
        lists=draft.lists,
        counts=counts,
        submitted_at=submitted.submitted_at if submitted else draft.submitted_at,
        finished_at=submitted.finished_at if submitted else None,
        start_at=submitted.snapshot.start_at if submitted else None,
        started_at=submitted.started_at if submitted else None,
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
    canary_minutes: float | None = None,
) -> tuple[Draft, Changes]:
    """A new draft, of which template, sender, route and lists may be chosen another day.

    Raises ``NotFound`` for what it names and is not there, ``BadInput`` (``name_empty``).
    """
    draft = Draft(
        0, name, template, sender, route, lists, subject, created_at=ws.now(), canary_minutes=canary_minutes
    )
    return restore(ws, _checked(ws, draft))


def restore(ws: Workspace, draft: Draft) -> tuple[Draft, Changes]:
    """Keep a draft under a new number, such as one that was deleted: what it names may be gone since.

    It is as old as it was, so that one from a backup is still known as such.
    """
    # a library that was lost begins anew beside a spool that was not
    highest = load_highest_campaign(ws.spool)
    number = insert_draft(ws.library, draft, draft.created_at or ws.now(), above=highest)
    return load(ws, number), Changes(campaigns=True)


def copy(ws: Workspace, campaign: int, name: str) -> tuple[Draft, Changes]:
    """A new draft like a campaign that was sent or not; what that one names may be gone since.

    Raises ``NotFound``, ``BadInput`` (``name_empty``).
    """
    draft = load(ws, campaign)
    if not name.strip():
        raise BadInput(ErrorCode.NAME_EMPTY)
    return restore(ws, replace(draft, name=name.strip(), created_at=ws.now()))


def take_back(ws: Workspace, campaign: int) -> tuple[Draft, Changes]:
    """Cancel a planned campaign of which nothing has begun; what comes back is a draft like it.

    Raises ``NotFound``, and ``Refused`` once it has begun: ``campaign_already_sent``, or
    ``campaign_just_begun`` if that was in this moment. Then the rest is cancelled, and no draft is made in
    which those who were sent to would stand again.
    """
    draft = load(ws, campaign)
    submitted = load_campaign_row(ws.spool, campaign)
    if submitted is None or not _row(ws, draft, submitted).is_planned:
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=campaign)
    cancel(ws, campaign)
    ended = load_campaign_row(ws.spool, campaign)
    if ended is None or ended.started_at is not None:
        raise Refused(ErrorCode.CAMPAIGN_JUST_BEGUN, campaign=campaign)
    return restore(ws, draft)


def update(ws: Workspace, draft: Draft, seen: Draft | None = None) -> tuple[Draft, Changes]:
    """Change a draft that was not sent yet; ``seen`` is how it was before it was changed.

    What it named already may be gone since. Raises like ``create``, and ``Refused``: ``changed_elsewhere``
    when ``seen`` is not what the library has.
    """
    current = load(ws, draft.id)
    if current.submitted_at is not None:
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=draft.id)
    update_draft(ws.library, _checked(ws, draft, current), current if seen is None else seen)
    return load(ws, draft.id), Changes(campaigns=True)


def delete(ws: Workspace, campaign: int) -> tuple[Draft, Changes]:
    """Take a draft away that was not sent yet; its ledger is never taken away."""
    draft = load(ws, campaign)
    if draft.submitted_at is not None:
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=campaign)
    delete_draft(ws.library, campaign)
    return draft, Changes(campaigns=True)


def _checked(ws: Workspace, draft: Draft, before: Draft | None = None) -> Draft:
    if not draft.name.strip():
        raise BadInput(ErrorCode.NAME_EMPTY)
    sender = draft.sender
    if draft.template not in ("", before and before.template):
        templates.load(ws, draft.template)
    if draft.sender not in ("", before and before.sender):
        sender = identities.load(ws, draft.sender).address
    if draft.route not in ("", before and before.route):
        routes.load(ws, draft.route)
    check_lists(ws, tuple(name for name in draft.lists if before is None or name not in before.lists))
    subject = on_one_line(draft.subject or "") or None
    minutes = draft.canary_minutes
    if minutes is not None and not 0 < minutes <= MOST_CANARY_MINUTES:
        raise BadInput(ErrorCode.VALUE_INVALID, field="canary", value=minutes)
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


def check_submitted(ws: Workspace, campaign: int) -> None:
    """Raises ``Refused`` for one that the engine knows nothing of, being a draft; ``NotFound`` for none."""
    if load_campaign_row(ws.spool, campaign) is None:
        state = status(ws, campaign).state
        raise Refused(ErrorCode.TRANSITION_REFUSED, campaign=campaign, state=state.value)


def audience(ws: Workspace, lists: tuple[str, ...]) -> Audience:
    """Count people by what would become of their mail."""
    holds = bool(settings.get(ws, "campaign.hold_without_consent"))
    everybody = Counter(load_consents(ws.library, lists))
    sendable = _without_suppressed(ws, lists, everybody)
    directory = load_directory()
    by_lane: Counter[str] = Counter()
    without_consent = 0
    for (domain, agreed), number in sendable.items():
        without_consent += 0 if agreed else number
        if agreed or not holds:
            by_lane[directory.plan_lane(domain, None)] += number
    total, left = everybody.total(), sendable.total()
    return Audience(total, left, total - left, without_consent, dict(by_lane.most_common()))


def _without_suppressed(
    ws: Workspace, lists: tuple[str, ...], everybody: Counter[tuple[str, int]]
) -> Counter[tuple[str, int]]:
    """People by domain and consent, without those that the list above all lists names."""
    patterns = {s.pattern: s.reason for s in load_suppressions(ws.spool)}
    addresses = [pattern for pattern in patterns if not pattern.startswith(("@", "*"))]
    suppressions = SuppressionSet(patterns)
    left = everybody - Counter(load_consents_of(ws.library, lists, addresses))
    return Counter({key: n for key, n in left.items() if suppressions.match(f"@{key[0]}") is None})


def send(
    ws: Workspace, campaign: int, at: datetime | None = None, force: tuple[str, ...] = ()
) -> tuple[int, Changes]:
    """Submit a draft to the engine; a submitted one stays as it is."""
    load_whole(ws, campaign)
    answer = ws.engine.call(Submit(campaign, at, force))
    return int(answer["campaign"]), Changes(campaigns=True)


def send_test(ws: Workspace, campaign: int, to: str, contact_id: int | None = None) -> int:
    """Send one test mail of a draft; answers the test's own campaign id."""
    load_whole(ws, campaign)
    return int(ws.engine.call(SendTest(campaign, to, contact_id))["campaign"])


def pause(ws: Workspace, campaign: int) -> None:
    """Pause; running transactions end by themselves."""
    ws.engine.call(Pause(campaign))


def resume(ws: Workspace, campaign: int) -> None:
    """Go on."""
    ws.engine.call(Resume(campaign))


def release(ws: Workspace, campaign: int) -> bool:
    """Send the rest without waiting for the canary any longer; whether it was waiting."""
    return bool(ws.engine.call(Release(campaign))["count"])


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
    draft = load_draft(ws.library, campaign)  # first, since the spool has what the library calls sent
    submitted = load_campaign_row(ws.spool, campaign)
    if submitted is not None:
        return at_rest(ws, submitted)
    if draft is None:
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
    return unsent(ws, draft)
