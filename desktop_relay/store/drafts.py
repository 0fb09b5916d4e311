"""Campaigns as they are written, before and after they are submitted."""

from __future__ import annotations

from datetime import datetime

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.store.connection import Database, Row
from desktop_relay.store.plain import compose_json, parse_texts
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms

_SELECT = (
    "SELECT id, name, template, sender, route, lists, subject, canary_minutes, created_at, submitted_at "
    "FROM drafts"
)


def load_drafts(db: Database) -> list[Draft]:
    """Every draft, oldest first."""
    return [_draft(row) for row in db.rows(f"{_SELECT} ORDER BY id")]


def load_draft(db: Database, draft_id: int) -> Draft | None:
    """One draft."""
    row = db.row(f"{_SELECT} WHERE id = ?", [draft_id])
    return None if row is None else _draft(row)


def insert_draft(db: Database, draft: Draft, now: datetime, above: int = 0) -> int:
    """A new draft under an id that no other ever had, and that is higher than ``above``."""
    with db.transaction():
        number_above(db, above)
        cursor = db.execute(
            "INSERT INTO drafts (name, template, sender, route, lists, subject, canary_minutes, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [*_written(draft), to_ms(now)],
        )
    return cursor.lastrowid or 0


def number_above(db: Database, highest: int) -> None:
    """New drafts get higher numbers than this, within the caller's transaction.

    A campaign in the spool keeps its number to itself, even where the library does not know of it.
    """
    db.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'drafts', 0 "
        "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'drafts')"
    )
    db.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'drafts'", [highest])


def update_draft(db: Database, draft: Draft, seen: Draft | None = None) -> None:
    """Write a draft anew; ``seen`` is how it was before it was changed.

    Raises ``NotFound``, and ``Refused`` (``changed_elsewhere``) when ``seen`` is not what the library has.
    """
    with db.transaction():
        current = load_draft(db, draft.id)
        if current is None:
            raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=draft.id)
        if seen is not None and current != seen:
            raise Refused(ErrorCode.CHANGED_ELSEWHERE, name=current.name)
        db.execute(
            "UPDATE drafts SET name = ?, template = ?, sender = ?, route = ?, lists = ?, subject = ?, "
            "canary_minutes = ? WHERE id = ?",
            [*_written(draft), draft.id],
        )


def delete_draft(db: Database, draft_id: int) -> None:
    """Take a draft away, if it is there."""
    db.execute("DELETE FROM drafts WHERE id = ?", [draft_id])


def mark_submitted(db: Database, draft_id: int, at: datetime) -> None:
    """Remember that it was submitted; the first time counts."""
    db.execute(
        "UPDATE drafts SET submitted_at = coalesce(submitted_at, ?) WHERE id = ?", [to_ms(at), draft_id]
    )


def _written(draft: Draft) -> list[object]:
    lists = compose_json(draft.lists)
    return [draft.name, draft.template, draft.sender, draft.route, lists, draft.subject, draft.canary_minutes]


def _draft(row: Row) -> Draft:
    number, name, template, sender, route, lists, subject, canary_minutes, created_at, submitted_at = row
    return Draft(
        id=number,
        name=name,
        template=template,
        sender=sender,
        route=route,
        lists=parse_texts(lists),
        subject=subject,
        created_at=from_ms(created_at),
        submitted_at=from_ms_or_none(submitted_at),
        canary_minutes=canary_minutes,
    )
