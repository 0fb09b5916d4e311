"""The check before sending: red blocks, amber warns, green is told, each as a code with parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.errors import ErrorCode, RelayError
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.message.template import SENDER_FIELDS, CompiledTemplate, compile_template
from desktop_relay.operations import (
    account_usage,
    backups,
    campaigns,
    contacts,
    identities,
    preview,
    routes,
    templates,
)
from desktop_relay.operations.merge_holes import find_merge_holes
from desktop_relay.operations.repeats import count_reached_lately
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.attachments import is_readable
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.keys import load_dkim_keys


class Level(StrEnum):
    """How much a finding weighs."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; its sentence is the phrase ``<section>.<code>``, with the error's own behind it."""

    level: Level
    code: str
    params: dict[str, str | int] = field(default_factory=dict)
    error: RelayError | None = None
    section: str = "checks"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings by level."""

    red: tuple[Check, ...]
    amber: tuple[Check, ...]
    green: tuple[Check, ...]

    @classmethod
    def of(cls, checks: list[Check]) -> CheckReport:
        """Sort findings by level."""
        by_level = {level: tuple(c for c in checks if c.level is level) for level in Level}
        return cls(by_level[Level.RED], by_level[Level.AMBER], by_level[Level.GREEN])


def check(ws: Workspace, campaign: int) -> CheckReport:
    """Look at everything a campaign is made of; raises ``NotFound`` only for the campaign itself."""
    draft = campaigns.load(ws, campaign)
    try:
        campaigns.load_whole(ws, campaign)
        template = templates.load(ws, draft.template)
        identity = identities.load(ws, draft.sender)
        route = routes.load(ws, draft.route)
        campaigns.check_lists(ws, draft.lists)
        found = campaigns.audience(ws, draft.lists)
    except RelayError as error:
        return CheckReport.of([Check(Level.RED, "missing_part", error=error)])
    if draft.subject:
        template = replace(template, subject=draft.subject)
    return CheckReport.of(
        [
            *_restored(ws, draft),
            *_audience(found),
            *_repeats(ws, draft, route, template, found.reached),
            *_identity(ws, identity, route),
            *_route(ws, route),
            *_warmup(ws, route, found.reached),
            *_template(ws, draft, template, identity),
        ]
    )


def _restored(ws: Workspace, draft: Draft) -> Iterator[Check]:
    """A draft that came back with a backup may have been sent since."""
    since = backups.handover(ws).restored_from
    made = draft.created_at
    if since is not None and made is not None and made <= since and draft.submitted_at is None:
        yield Check(Level.AMBER, "restored_draft", {"time": f"{since.astimezone():%Y-%m-%d %H:%M}"})


def _audience(found: campaigns.Audience) -> Iterator[Check]:
    """People without a record of consent are submitted, but perhaps held back."""
    if found.reached:
        yield Check(Level.GREEN, "people", {"number": found.reached})
    else:
        # those held back may be let go later, so that only an empty campaign makes no sense at all
        yield Check(Level.AMBER if found.sendable else Level.RED, "nobody_to_send_to")
    if found.without_consent:
        code = "without_consent" if found.held else "consent_not_asked"
        yield Check(Level.AMBER, code, {"number": found.without_consent})
    if found.suppressed:
        yield Check(Level.GREEN, "suppressed_left_out", {"number": found.suppressed})


def _repeats(ws: Workspace, draft: Draft, route: Route, template: Template, reached: int) -> Iterator[Check]:
    """The same letter twice in a day is a slip when most people got it, and a few may be on two lists."""
    if route.kind is RouteKind.SANDBOX:
        return
    if again := count_reached_lately(ws, draft, template):
        yield Check(Level.RED if 2 * again > reached else Level.AMBER, "sent_lately", {"number": again})


def _identity(ws: Workspace, identity: Identity, route: Route) -> Iterator[Check]:
    if not identity.name:
        yield Check(Level.AMBER, "no_sender_name")
    if not identity.postal:
        yield Check(Level.AMBER, "no_postal_address")
    keys = load_dkim_keys(ws.directory, identity.domain, identity.selector) if identity.selector else None
    if keys is not None:
        yield Check(Level.GREEN, "dkim_signed", {"domain": identity.domain})
    elif route.kind is RouteKind.DIRECT:
        yield Check(Level.RED, "no_dkim_key", {"domain": identity.domain})
    else:
        yield Check(Level.AMBER, "no_dkim_key", {"domain": identity.domain})
    if identity.unsubscribe_url is None:
        yield Check(Level.AMBER, "no_one_click")
    else:
        yield Check(Level.GREEN, "one_click")


def _route(ws: Workspace, route: Route) -> Iterator[Check]:
    if route.kind is RouteKind.SANDBOX:
        yield Check(Level.GREEN, "practice_route")
        return
    if route.kind is RouteKind.POOL:
        for member in route.members:
            yield from _route(ws, routes.load(ws, member.route))
        return
    if route.kind is RouteKind.DIRECT:
        yield Check(Level.AMBER, "direct_route")
    elif route.tls is TlsMode.NONE:
        yield Check(Level.AMBER, "no_encryption", {"route": route.name})
    try:
        if route.user and not routes.has_password(ws, route.name):
            yield Check(Level.RED, "no_password", {"route": route.name})
    except RelayError as error:
        yield Check(Level.RED, "no_password", {"route": route.name}, error)


def _warmup(ws: Workspace, route: Route, reached: int) -> Iterator[Check]:
    """Who does not fit into the days' allowances goes on the days after, or over another account."""
    for account in account_usage.warming(ws, route.name):
        standing = account.warmup
        if standing is not None:
            level = Level.AMBER if reached > max(0, standing.allowance - account.today) else Level.GREEN
            params: dict[str, str | int] = {
                "route": account.route.name,
                "sent": account.today,
                "allowance": standing.allowance,
                "day": standing.step,
                "days": standing.days,
            }
            yield Check(level, "warming_up", params)


def _template(ws: Workspace, draft: Draft, template: Template, identity: Identity) -> Iterator[Check]:
    unusable = [path for path in template.attachments if not is_readable(path)]
    for path in unusable:
        yield Check(Level.RED, "attachment_gone", {"path": path})
    try:
        compiled = compile_template(template)
    except RelayError as error:
        yield Check(Level.RED, "template_broken", error=error)
        return
    known = {*contacts.fields(ws), *SENDER_FIELDS}
    for name in sorted(compiled.fields - known):
        yield Check(Level.AMBER, "unknown_field", {"field": name})
    yield from _merge(ws, draft, template, compiled)
    without = tuple(path for path in template.attachments if path not in unusable)
    yield from _body(ws, draft, replace(template, attachments=without), identity)


def _merge(ws: Workspace, draft: Draft, template: Template, compiled: CompiledTemplate) -> Iterator[Check]:
    """Nobody's missing field should come as a surprise; it blocks nothing, as such people are held."""
    holes = find_merge_holes(ws.library, draft.lists, template, compiled)
    if holes.number:
        examples = ", ".join(holes.examples)
        yield Check(
            Level.AMBER, "merge_holes", {"number": holes.number, "examples": examples}, error=holes.problem
        )
    else:
        yield Check(Level.GREEN, "merge_complete")


def _body(ws: Workspace, draft: Draft, template: Template, identity: Identity) -> Iterator[Check]:
    first = next(iter(load_contacts_of_lists(ws.library, draft.lists)), None)
    example = preview.example_fields(ws)
    try:
        try:
            shown = preview.outline(ws, template, dict(first.fields) if first else example, identity)
        except RelayError:  # told by merge_holes if it is this one person's
            shown = preview.outline(ws, template, example, identity)
    except RelayError as error:
        if error.code is not ErrorCode.MERGE_FIELD_MISSING:
            yield Check(Level.RED, "template_broken", error=error)
        return
    for code in shown.warnings:
        yield Check(Level.AMBER, code, section="warnings")
