"""The parts of a small campaign: people, a template, a sender."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.template import Template
from desktop_relay.operations import campaigns, contacts, identities, lists, templates
from desktop_relay.operations.workspace import Workspace

SENDER = "shop@example.jp"
LETTER = Template(
    name="letter",
    subject="{{ name }} 様へ",
    html="",
    text="{{ name }} 様\n配信停止: {{ unsubscribe_url }}\n{{ sender_postal }}\n",
)
POSTAL = "〒100-0001 東京都千代田区千代田1-1"


def add_people(ws: Workspace, *rows: dict[str, str], list_name: str = "all") -> list[int]:
    """Put people into a list, which is made when it is not there."""
    ids = [contacts.save(ws, None, row)[0].id for row in rows]
    known = {row.name: row.id for row in lists.overview(ws)}
    list_id = known[list_name] if list_name in known else lists.create(ws, list_name)[0]
    lists.add_members(ws, list_id, ids)
    return ids


def person(address: str, **fields: str) -> dict[str, str]:
    """Somebody who agreed to get mail."""
    return {"email": address, "name": "例田", "consent_at": "2026-01-01", **fields}


def make_parts(ws: Workspace, template: Template = LETTER, *, signed: bool = True) -> None:
    """A template and a sender, with DKIM keys when ``signed``."""
    templates.save(ws, template)
    identities.save(ws, Identity(SENDER, name="みなと商店", postal=POSTAL))
    if signed:
        identities.create_key(ws, SENDER)


def make_draft(ws: Workspace, *, route: str = "sandbox", lists: tuple[str, ...] = ("all",)) -> Draft:
    """A draft of the letter."""
    draft, _ = campaigns.create(ws, "秋", template="letter", sender=SENDER, route=route, lists=lists)
    return draft


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with that text."""
    path.write_bytes(text.encode(encoding))
    return path
