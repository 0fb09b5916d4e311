"""Taking an import back: whom it added goes, whom it changed is as before."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.store.connection import Database
from desktop_relay.store.contact_rows import UPDATE_FIELDS, compose_fields
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.import_changes import load_changes, plan_return
from desktop_relay.store.plain import compose_json, parse_object

_BATCH = 5000


def undo_import(db: Database, import_id: int) -> tuple[int, int]:
    """Answers how many contacts were removed and how many got fields back.

    A field that was written since stays as written. Raises ``NotFound``, or ``Refused``
    (``import_already_undone``).
    """
    with db.transaction():
        found = db.row("SELECT undone FROM imports WHERE id = ?", [import_id])
        if found is None:
            raise NotFound(ErrorCode.NO_SUCH_IMPORT, import_id=import_id)
        if found[0]:
            raise Refused(ErrorCode.IMPORT_ALREADY_UNDONE, import_id=import_id)
        _leave_list(db, import_id)
        removed = db.execute(
            "DELETE FROM contacts WHERE id IN (SELECT contacts.id FROM import_stretches "
            "JOIN contacts ON contacts.id BETWEEN first AND last WHERE import_id = ?)",
            [import_id],
        ).rowcount
        restored = _restore(db, import_id)
        _drop_list(db, import_id)
        db.execute("DELETE FROM import_stretches WHERE import_id = ?", [import_id])
        db.execute("DELETE FROM import_changes WHERE import_id = ?", [import_id])
        db.execute("UPDATE imports SET undone = 1 WHERE id = ?", [import_id])
        _forget_unused_names(db)
    return removed, restored


def _leave_list(db: Database, import_id: int) -> None:
    db.execute(
        "DELETE FROM list_members WHERE list_id = (SELECT list_id FROM imports WHERE id = ?1) "
        "AND contact_id IN (SELECT contact_id FROM import_changes WHERE import_id = ?1 AND joined = 1)",
        [import_id],
    )


def _drop_list(db: Database, import_id: int) -> None:
    """The list that the import made goes with it, unless it is used: it has people, or a draft names it."""
    db.execute(
        "DELETE FROM lists WHERE id = (SELECT list_id FROM imports WHERE id = ? AND made_list) "
        "AND NOT EXISTS (SELECT 1 FROM list_members WHERE list_id = lists.id) "
        "AND NOT EXISTS (SELECT 1 FROM drafts, json_each(drafts.lists) "
        "WHERE submitted_at IS NULL AND value = lists.name)",
        [import_id],
    )


def _restore(db: Database, import_id: int) -> int:
    changed = db.ids(
        "SELECT contact_id FROM import_changes WHERE import_id = ? AND change <> '{}'", [import_id]
    )
    return sum(
        _restore_batch(db, import_id, changed[start : start + _BATCH])
        for start in range(0, len(changed), _BATCH)
    )


def _restore_batch(db: Database, import_id: int, ids: Sequence[int]) -> int:
    changes = load_changes(db, import_id, ids)
    rows = db.rows(
        "SELECT id, key, updated_at, fields FROM contacts WHERE id IN (SELECT value FROM json_each(?))",
        [ids_json(ids)],
    )
    contacts = []
    for number, key, updated, text in rows:
        fields = parse_object(text)
        returned = plan_return(fields, changes[number])
        if returned != fields:
            contacts.append((*compose_fields(key, returned, updated), number))
    return db.executemany(UPDATE_FIELDS, contacts) if contacts else 0


def _forget_unused_names(db: Database) -> None:
    """Custom fields that nobody has any more are none; inside a JSON text only a key reads ``"name":``."""
    for (name,) in db.rows("SELECT name FROM field_names"):
        key = compose_json(name) + ":"
        if not db.number("SELECT EXISTS (SELECT 1 FROM contacts WHERE instr(fields, ?) > 0)", [key]):
            db.execute("DELETE FROM field_names WHERE name = ?", [name])
