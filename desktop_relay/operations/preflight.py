"""The check before sending: red blocks, amber warns, green is told, each as a code with parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.message.template import SENDER_FIELDS, CompiledTemplate, compile_template
from desktop_relay.operations import campaigns, contacts, identities, preview, routes, settings, templates
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.contacts import load_contacts_of_lists
from desktop_relay.store.keys import load_dkim_keys

_EXAMPLES = 3


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
            *_audience(found, holds=bool(settings.get(ws, "campaign.hold_without_consent"))),
            *_identity(ws, identity, route),
            *_route(ws, route),
            *_template(ws, draft, template, identity),
        ]
    )


def _audience(found: campaigns.Audience, *, holds: bool) -> Iterator[Check]:
    """``holds``: people without a record of consent are submitted, but held back."""
    reached = found.sendable - found.without_consent if holds else found.sendable
    if reached:
        yield Check(Level.GREEN, "people", {"number": reached})
    else:
        # those held back may be let go later, so that only an empty campaign makes no sense at all
        yield Check(Level.AMBER if found.sendable else Level.RED, "nobody_to_send_to")
    if found.without_consent:
        code = "without_consent" if holds else "consent_not_asked"
        yield Check(Level.AMBER, code, {"number": found.without_consent})
    if found.suppressed:
        yield Check(Level.GREEN, "suppressed_left_out", {"number": found.suppressed})


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


def _template(ws: Workspace, draft: Draft, template: Template, identity: Identity) -> Iterator[Check]:
    for path in template.attachments:
        if not Path(path).is_file():
            yield Check(Level.RED, "attachment_gone", {"path": path})
    try:
        compiled = compile_template(template)
    except RelayError as error:
        yield Check(Level.RED, "template_broken", error=error)
        return
    known = {*contacts.fields(ws), *SENDER_FIELDS}
    for name in sorted(compiled.fields - known):
        yield Check(Level.AMBER, "unknown_field", {"field": name})
    yield from _merge(ws, draft, compiled)
    yield from _body(ws, draft, template, identity)


def _merge(ws: Workspace, draft: Draft, compiled: CompiledTemplate) -> Iterator[Check]:
    """Render everybody, so that nobody's missing field comes as a surprise."""
    examples: list[str] = []
    failed = 0
    problem: RelayError | None = None
    sender = dict.fromkeys(SENDER_FIELDS, "x")
    for contact in load_contacts_of_lists(ws.library, draft.lists):
        try:
            compiled.render({**contact.fields, **sender})
        except RelayError as error:
            failed += 1
            problem = problem or error
            if len(examples) < _EXAMPLES:
                examples.append(contact.email)
    if failed:
        yield Check(
            Level.AMBER, "merge_holes", {"number": failed, "examples": ", ".join(examples)}, error=problem
        )
    else:
        yield Check(Level.GREEN, "merge_complete")


def _body(ws: Workspace, draft: Draft, template: Template, identity: Identity) -> Iterator[Check]:
    first = next(iter(load_contacts_of_lists(ws.library, draft.lists)), None)
    fields = dict(first.fields) if first else preview.example_fields(ws)
    try:
        shown = preview.open_message(preview.render(ws, template, fields, identity), identity.postal)
    except RelayError:
        return  # told by merge_holes or attachment_gone
    for code in shown.warnings:
        yield Check(Level.AMBER, code, section="warnings")
