"""Lists of contacts: make, rename, delete, put people in and take them out."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from desktop_relay.domain.contact_list import ListRow as ListRow
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json, parse_texts


def load_lists(db: Database) -> list[ListRow]:
    """Every list by name, with the number of its people."""
    rows = db.rows(
        "SELECT id, name, (SELECT count(*) FROM list_members WHERE list_id = lists.id) FROM lists "
        "ORDER BY name"
    )
    return [ListRow(*row) for row in rows]


def find_list(db: Database, name: str) -> int | None:
    """The id of the list of that name."""
    row = db.row("SELECT id FROM lists WHERE name = ?", [name])
    return None if row is None else int(row[0])


def create_list(db: Database, name: str, now: datetime | None = None) -> int:
    """A new empty list; raises ``Refused`` (``name_taken``)."""
    try:
        return db.execute("INSERT INTO lists (name) VALUES (?)", [name]).lastrowid or 0
    except sqlite3.IntegrityError as error:
        raise Refused(ErrorCode.NAME_TAKEN, name=name) from error


def rename_list(db: Database, list_id: int, name: str) -> None:
    """Another name, also in the drafts that were not sent; raises ``NotFound``, ``Refused``."""
    with db.transaction():
        old_name = _name(db, list_id)
        try:
            db.execute("UPDATE lists SET name = ? WHERE id = ?", [name, list_id])
        except sqlite3.IntegrityError as error:
            raise Refused(ErrorCode.NAME_TAKEN, name=name) from error
        for draft, lists in db.rows("SELECT id, lists FROM drafts WHERE submitted_at IS NULL"):
            names = parse_texts(lists)
            if old_name in names:
                renamed = [name if each == old_name else each for each in names]
                db.execute("UPDATE drafts SET lists = ? WHERE id = ?", [compose_json(renamed), draft])


def delete_list(db: Database, list_id: int) -> None:
    """Delete the list, not its people; raises ``NotFound``."""
    if db.execute("DELETE FROM lists WHERE id = ?", [list_id]).rowcount == 0:
        raise NotFound(ErrorCode.NO_SUCH_LIST, name=str(list_id))


def add_members(db: Database, list_id: int, contact_ids: Sequence[int]) -> int:
    """Put people in; answers how many were not in it before. Raises ``NotFound``."""
    with db.transaction():
        _name(db, list_id)
        return db.executemany(
            "INSERT OR IGNORE INTO list_members (list_id, contact_id) "
            "SELECT ?, id FROM contacts WHERE id = ?",
            ((list_id, contact) for contact in contact_ids),
        )


def remove_members(db: Database, list_id: int, contact_ids: Sequence[int]) -> int:
    """Take people out; answers how many were in it."""
    with db.transaction():
        return db.executemany(
            "DELETE FROM list_members WHERE list_id = ? AND contact_id = ?",
            ((list_id, contact) for contact in contact_ids),
        )


def _name(db: Database, list_id: int) -> str:
    row = db.row("SELECT name FROM lists WHERE id = ?", [list_id])
    if row is None:
        raise NotFound(ErrorCode.NO_SUCH_LIST, name=str(list_id))
    return str(row[0])
