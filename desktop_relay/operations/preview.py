"""A template as one contact would get it, for the window's preview and the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from desktop_relay.domain.address import parse_address
from desktop_relay.domain.attachment import Attachment
from desktop_relay.domain.campaign import CampaignKind, CampaignSnapshot
from desktop_relay.domain.errors import NotFound, RelayError
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.recipient import Recipient
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.template import Template
from desktop_relay.message.builder import Builder
from desktop_relay.message.identifiers import compose_message_id
from desktop_relay.message.inspect import warnings_of
from desktop_relay.message.part import octets_of_base64
from desktop_relay.message.safe import compose_safe_html
from desktop_relay.operations import contacts, identities
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.attachments import load_attachments, outline_attachments
from desktop_relay.store.contacts import find_contact
from desktop_relay.store.identities import load_identities
from desktop_relay.store.keys import load_dkim_keys

_UID = "preview"
_SOMEBODY = Identity(address="shop@example.com")
_EXAMPLE = {
    "email": "taro@example.jp",
    "name": "例田 太郎",
    "kana": "レイダ タロウ",
    "honorific": "様",
    "company": "株式会社 例",
    "department": "営業部",
    "phone": "03-0000-0000",
    "postal_code": "100-0000",
    "prefecture": "東京都",
    "address": "例区例町1-2-3",
    "birthday": "1990-04-01",
    "notes": "メモ",
    "consent_at": "2026-04-01",
    "consent_how": "店頭の申込書",
    "consent_source": "申込書",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What would arrive: ``size`` counts attachments, too, ``warnings`` are codes of the phrases.

    ``content`` is the whole message where it was asked for.

    With a ``problem`` the other values are as far as it got.
    """

    subject: str = ""
    html: str = ""
    text: str = ""
    size: int = 0
    warnings: tuple[str, ...] = ()
    problem: RelayError | None = None
    content: bytes = b""


def preview(
    ws: Workspace, template: Template, contact_id: int | None = None, sender: str | None = None
) -> Preview:
    """Render for a contact, or for an example when there is none; never raises for a template's faults."""
    fields = example_fields(ws) if contact_id is None else dict(contacts.get(ws, contact_id).fields)
    identity = _identity(ws, sender)
    try:
        return outline(ws, template, fields, identity)
    except RelayError as problem:
        return Preview(subject=template.subject, problem=problem)


def preview_for(ws: Workspace, template: Template, address: str, sender: str | None = None) -> Preview:
    """Render to an address: as its contact when the library knows it, else as an example.

    Raises ``BadInput`` (``address_invalid``).
    """
    parsed = parse_address(address)
    found = find_contact(ws.library, parsed.key)
    fields = example_fields(ws) | {"email": parsed.text} if found is None else dict(found.fields)
    identity = _identity(ws, sender)
    try:
        content = _build(ws, template, fields, identity, load_attachments(template))
    except RelayError as problem:
        return Preview(subject=template.subject, problem=problem)
    return replace(_open(content, len(content), identity), content=content)


def outline(ws: Workspace, template: Template, fields: Mapping[str, str], identity: Identity) -> Preview:
    """The message to ``fields["email"]``; raises ``BadInput`` for a template's faults.

    Attachments are measured, not read: who writes a letter beside one of 30 MB sees each word at once.
    """
    outlined = outline_attachments(template)
    content = _build(ws, template, fields, identity, [attachment for attachment, _ in outlined])
    return _open(content, len(content) + sum(octets_of_base64(octets) for _, octets in outlined), identity)


def _build(
    ws: Workspace,
    template: Template,
    fields: Mapping[str, str],
    identity: Identity,
    attachments: Sequence[Attachment],
) -> bytes:
    snapshot = CampaignSnapshot(
        id=0,
        uid=_UID,
        kind=CampaignKind.TEST,
        name=template.name,
        template=template,
        identity=identity,
        route=Route(name="preview", kind=RouteKind.SANDBOX),
    )
    keys = load_dkim_keys(ws.directory, identity.domain, identity.selector) if identity.selector else None
    address = fields["email"]
    recipient = Recipient(
        id=0,
        campaign=0,
        address=address,
        lane="",
        attempts=0,
        message_id=compose_message_id(_UID, address, identity.domain),
        fields=fields,
    )
    builder = Builder(snapshot, keys=keys, attachments=attachments)
    return builder.build(recipient, ws.now()).content


def example_fields(ws: Workspace) -> dict[str, str]:
    """A made-up contact that has something in every field the library knows."""
    return {name: name for name in contacts.fields(ws)} | _EXAMPLE


def _identity(ws: Workspace, sender: str | None) -> Identity:
    if sender:
        with contextlib.suppress(NotFound):
            return identities.load(ws, sender)
        return replace(_SOMEBODY, address=sender)
    return next(iter(load_identities(ws.library)), _SOMEBODY)


def _open(content: bytes, size: int, identity: Identity) -> Preview:
    """A composed message taken apart again, with its warnings."""
    message = message_from_bytes(content, policy=default)
    html = _part(message, "html")
    text = _part(message, "plain")
    subject = str(message["Subject"] or "")
    warnings = warnings_of(subject=subject, html=html, text=text, size=size, postal=identity.postal)
    return Preview(subject, html, text, size, warnings)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())


def safe_html(html: str) -> str:
    """The HTML as the window may show it: nothing in it runs or reaches out."""
    return compose_safe_html(html)
