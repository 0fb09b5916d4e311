"""Templates in the library."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.template import Template, TemplateRow
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json, parse_texts
from desktop_relay.store.times import from_ms, to_ms


def load_templates(db: Database) -> list[TemplateRow]:
    """Every template by name."""
    rows = db.rows("SELECT name, subject, updated_at FROM templates ORDER BY name")
    return [TemplateRow(name, subject, from_ms(updated_at)) for name, subject, updated_at in rows]


def load_template(db: Database, name: str) -> Template | None:
    """One template."""
    row = db.row("SELECT name, subject, html, text, attachments FROM templates WHERE name = ?", [name])
    if row is None:
        return None
    return Template(name=row[0], subject=row[1], html=row[2], text=row[3], attachments=parse_texts(row[4]))


def save_template(db: Database, template: Template, now: datetime, seen: Template | None = None) -> None:
    """Write a template in place of the one of its name, or of ``seen``: how it was before it was changed.

    A draft that was not sent goes along with another name. Raises ``Refused`` (``name_taken``, or
    ``changed_elsewhere`` when ``seen`` is not what the library has).
    """
    with db.transaction():
        if seen is not None:
            if load_template(db, seen.name) != seen:
                raise Refused(ErrorCode.CHANGED_ELSEWHERE, name=seen.name)
            if seen.name != template.name:
                _rename(db, seen.name, template.name)
        db.execute(
            "INSERT OR REPLACE INTO templates (name, subject, html, text, attachments, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                template.name,
                template.subject,
                template.html,
                template.text,
                compose_json(template.attachments),
                to_ms(now),
            ],
        )


def _rename(db: Database, old_name: str, name: str) -> None:
    try:
        db.execute("UPDATE templates SET name = ? WHERE name = ?", [name, old_name])
    except sqlite3.IntegrityError as error:
        raise Refused(ErrorCode.NAME_TAKEN, name=name) from error
    db.execute("UPDATE drafts SET template = ? WHERE template = ? AND submitted_at IS NULL", [name, old_name])


def delete_template(db: Database, name: str) -> None:
    """Take a template away, if it is there."""
    db.execute("DELETE FROM templates WHERE name = ?", [name])
