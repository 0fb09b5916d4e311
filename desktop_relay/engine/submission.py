"""Turns a draft into a submitted campaign: a snapshot of everything it names, and one row per recipient."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from desktop_relay.domain.address import Address, parse_address
from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot, Draft, SubmittedCampaign
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused, StoreUnusable
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.settings import Value
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.engine.line import Line
from desktop_relay.engine.memory import release_memory
from desktop_relay.engine.rollup import plan_lanes
from desktop_relay.engine.suppressions import REASONS
from desktop_relay.engine.workshop import Workshop
from desktop_relay.message.identifiers import compose_message_id
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import (
    find_contact,
    load_contact,
    load_domains_of_lists,
    load_field_names,
)
from desktop_relay.store.database import LIBRARY_FILE, open_library
from desktop_relay.store.drafts import load_draft, load_drafts, mark_submitted
from desktop_relay.store.identities import load_identity
from desktop_relay.store.routes import load_route
from desktop_relay.store.settings import load_settings
from desktop_relay.store.spool import Audience
from desktop_relay.store.templates import load_template

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was read of a draft. ``domains`` are those of everybody on its lists.

    ``alive_first``: an account it goes over is warmed up, and who is known to be alive is sent to first.
    """

    snapshot: CampaignSnapshot
    lists: tuple[str, ...]
    domains: frozenset[str]
    hold_without_consent: bool
    alive_first: bool = False


class Submission:
    """Reads the library on a thread of its own making and writes the spool on the writer's."""

    def __init__(self, directory: Path, shop: Workshop) -> None:
        self._directory = directory
        self._writer = shop.writer
        self._spool = shop.spool
        self._suppressions = shop.suppressions
        self._clock = shop.clock

    async def prepare(self) -> None:
        """Make sure that there is a library of today's form; raises ``StoreUnusable``."""
        await asyncio.to_thread(self._prepare)

    async def plan(self, draft: int, at: datetime | None) -> Plan:
        """Read the draft and all it names.

        Raises ``NotFound``, ``Refused`` (``no_recipients``, ``campaign_already_sent``), ``BadInput`` for an
        ``at`` too far ahead.
        """
        return await asyncio.to_thread(self._plan, draft, at)

    async def submit(self, plan: Plan, line: Line) -> SubmittedCampaign:
        """Write everybody, all or nothing; a campaign that is there already is answered as it is.

        The library has to be told by ``mark``.
        """
        lanes = await plan_lanes(plan.domains, line.directory, line.way)
        audience = self._audience(plan, lanes)
        submitted = await self._writer.call_sliced(
            self._spool.submit_audience, plan.snapshot, audience, self._clock.now()
        )
        await self._writer.call(release_memory)
        return submitted

    async def clear_up(self) -> None:
        """Take away what is left of a submission whose engine died in its midst."""
        try:
            await self._writer.call_sliced(self._spool.discard)
        except (StoreUnusable, Refused) as error:  # the next submission tries again, or the next engine
            log.warning("a submission that broke off could not be cleared away: %s", error.code)

    async def mark(self, submitted: SubmittedCampaign) -> None:
        """Tell the library that the draft was sent; raises ``StoreUnusable``. A second time does nothing."""
        if submitted.snapshot.kind is CampaignKind.CAMPAIGN:
            await asyncio.to_thread(self._mark, submitted)

    async def find_untold(self, campaigns: Sequence[SubmittedCampaign]) -> list[SubmittedCampaign]:
        """Those whose draft does not know that it was submitted; raises ``StoreUnusable``."""
        return await asyncio.to_thread(self._find_untold, campaigns)

    async def recognize(self, submitted: SubmittedCampaign) -> None:
        """Whether the draft of its number is what was submitted; raises ``Refused``, ``StoreUnusable``."""
        await asyncio.to_thread(self._recognize, submitted)

    async def plan_test(self, draft: int) -> Plan:
        """Read the draft for a test mail; raises ``NotFound``."""
        plan = await asyncio.to_thread(self._plan_test, draft)
        number = await self._writer.call(self._spool.next_test_id)
        return replace(plan, snapshot=replace(plan.snapshot, id=number))

    async def submit_test(self, plan: Plan, line: Line, to: str, contact: int | None) -> SubmittedCampaign:
        """One test mail to ``to`` with a contact's fields; raises ``BadInput``, ``NotFound``."""
        address = parse_address(to)
        lanes = await plan_lanes([address.domain], line.directory, line.way)
        fields = await asyncio.to_thread(self._fields, address, contact)
        row = self._row(plan, address, fields, lanes)
        return await self._writer.call(self._spool.submit, plan.snapshot, [row], self._clock.now())

    # on a thread

    def _prepare(self) -> None:
        open_library(self._directory).close()

    def _plan(self, draft: int, at: datetime | None) -> Plan:
        with open_library(self._directory, read_only=True) as library:
            settings = load_settings(library)
            snapshot, lists = self._snapshot(library, draft, settings, at)
            written = load_draft(library, draft)
            if written is not None and written.submitted_at is not None:  # by a spool that is gone
                raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT, campaign=draft)
            domains = load_domains_of_lists(library, lists)
            alive_first = _warms_up(library, snapshot.route)
        if not domains:
            raise Refused(ErrorCode.NO_RECIPIENTS, campaign=draft)
        hold = bool(settings["campaign.hold_without_consent"])
        return Plan(snapshot, lists, domains, hold, alive_first)

    def _find_untold(self, campaigns: Sequence[SubmittedCampaign]) -> list[SubmittedCampaign]:
        with open_library(self._directory, read_only=True) as library:
            drafts = {draft.id: draft for draft in load_drafts(library) if draft.submitted_at is None}
        found = [(drafts.get(submitted.snapshot.id), submitted) for submitted in campaigns]
        return [submitted for draft, submitted in found if draft is not None and _became(draft, submitted)]

    def _recognize(self, submitted: SubmittedCampaign) -> None:
        with open_library(self._directory, read_only=True) as library:
            draft = load_draft(library, submitted.snapshot.id)
        if draft is not None and not _became(draft, submitted):
            raise Refused(ErrorCode.CAMPAIGN_IS_ANOTHER, campaign=draft.id)

    def _plan_test(self, draft: int) -> Plan:
        with open_library(self._directory, read_only=True) as library:
            snapshot, lists = self._snapshot(library, draft, load_settings(library), None)
        test = replace(snapshot, kind=CampaignKind.TEST, canary_minutes=None, brakes=False)
        return Plan(test, lists, frozenset(), hold_without_consent=False)

    def _snapshot(
        self, library: Database, number: int, settings: Mapping[str, Value], at: datetime | None
    ) -> tuple[CampaignSnapshot, tuple[str, ...]]:
        draft = load_draft(library, number)
        if draft is None:
            raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=number)
        template = load_template(library, draft.template)
        if template is None:
            raise NotFound(ErrorCode.NO_SUCH_TEMPLATE, name=draft.template)
        identity = load_identity(library, draft.sender)
        if identity is None:
            raise NotFound(ErrorCode.NO_SUCH_IDENTITY, address=draft.sender)
        route = load_route(library, draft.route)
        if route is None:
            raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=draft.route)
        speed = _speed(route, settings)
        now = self._clock.now()
        at = at if at is not None and at > now else None
        snapshot = CampaignSnapshot(
            id=number,
            uid=uuid4().hex,
            kind=CampaignKind.CAMPAIGN,
            name=draft.name,
            template=replace(template, subject=draft.subject) if draft.subject else template,
            identity=identity,
            route=route,
            speed=speed,
            start_at=at,
            expires_at=_expiry(at or now, settings, speed),
            canary_minutes=draft.canary_minutes,
            brakes=route.kind is not RouteKind.SANDBOX or bool(settings["sandbox.brakes"]),
        )
        return snapshot, draft.lists

    def _audience(self, plan: Plan, lanes: Mapping[str, str]) -> Audience:
        reasons = ((domain, self._suppressions.reason_for(f"@{domain}")) for domain in plan.domains)
        return Audience(
            library=self._directory / LIBRARY_FILE,
            lists=plan.lists,
            lanes=lanes,
            suppressed={domain: reason for domain, reason in reasons if reason is not None},
            told=REASONS,
            hold_without_consent=plan.hold_without_consent,
            alive_first=plan.alive_first,
        )

    def _row(
        self, plan: Plan, address: Address, fields: Mapping[str, str], lanes: Mapping[str, str]
    ) -> NewRecipient:
        snapshot = plan.snapshot
        suppressed = self._suppressions.reason_for(address.key)
        return NewRecipient(
            address=address.text,
            key=address.key,
            name=fields.get("name", ""),
            lane=lanes.get(address.domain, address.domain),
            message_id=compose_message_id(snapshot.uid, address.key, snapshot.identity.domain),
            fields=fields,
            state=RecipientState.PENDING if suppressed is None else RecipientState.SUPPRESSED,
            reason=Reason.NONE if suppressed is None else suppressed,
        )

    def _mark(self, submitted: SubmittedCampaign) -> None:
        number = submitted.snapshot.id
        with open_library(self._directory) as library:
            draft = load_draft(library, number)
            if draft is not None and draft.submitted_at is None:  # else there is no need of the write lock
                mark_submitted(library, number, submitted.submitted_at)

    def _fields(self, address: Address, contact: int | None) -> Mapping[str, str]:
        """The chosen contact's, the addressee's own, or something in every field the library knows."""
        with open_library(self._directory, read_only=True) as library:
            if contact is not None:
                found = load_contact(library, contact)
                if found is None:
                    raise NotFound(ErrorCode.NO_SUCH_CONTACT, contact=contact)
            else:
                found = find_contact(library, address.key)
            fields = found.fields if found is not None else {name: name for name in load_field_names(library)}
        return {**fields, "email": address.text}


def _became(draft: Draft, submitted: SubmittedCampaign) -> bool:
    """Whether a draft is what was submitted under its number.

    In a library that is newer than the spool, or older by a copy, that may be another one's.
    """
    if draft.submitted_at is not None or draft.created_at is None:
        return True
    return draft.created_at <= submitted.submitted_at


def _warms_up(library: Database, route: Route) -> bool:
    accounts = (route, *(load_route(library, member.route) for member in route.members))
    return any(account is not None and account.warmup is not None for account in accounts)


def _expiry(begins: datetime, settings: Mapping[str, Value], speed: float) -> datetime:
    try:
        return begins + timedelta(seconds=float(str(settings["engine.expire"]))) / speed
    except OverflowError as error:  # the calendar ends with the year 9999
        raise BadInput(ErrorCode.VALUE_INVALID, field="time", value=begins.isoformat()) from error


def _speed(route: Route, settings: Mapping[str, Value]) -> float:
    return float(str(settings["sandbox.speed"])) if route.kind is RouteKind.SANDBOX else 1.0
