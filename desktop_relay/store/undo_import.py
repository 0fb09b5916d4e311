"""Taking an import back: whom it added goes, whom it changed is as before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.store.connection import Database
from desktop_relay.store.contact_rows import UPDATE_FIELDS, compose_fields
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.import_changes import Change, load_changes, plan_return
from desktop_relay.store.plain import compose_json, parse_object

_BATCH = 5000

# Each is asked with the import's id as ?1.
_LIST = "SELECT list_id FROM imports WHERE id = ?1"
_JOINED = "SELECT contact_id FROM import_changes WHERE import_id = ?1 AND joined = 1"
_LATER_IN_LIST = (
    "SELECT import_id, contact_id FROM import_changes JOIN imports ON imports.id = import_id "
    f"WHERE import_id > ?1 AND list_id = ({_LIST})"
)
_ADDED = (  # the last stretch that begins before somebody's id reaches to it
    "coalesce((SELECT own.last FROM import_stretches AS own WHERE own.import_id = ?1 "
    "AND own.first <= contact_id ORDER BY own.first DESC LIMIT 1) >= contact_id, 0)"
)


def undo_import(db: Database, import_id: int) -> tuple[int, int]:
    """Answers how many contacts were removed and how many got fields back.

    A field that was written since stays as written, and whom a later import brought, too, stays until that
    one is taken back. Raises ``NotFound``, or ``Refused`` (``import_already_undone``).
    """
    with db.transaction():
        found = db.row("SELECT undone FROM imports WHERE id = ?", [import_id])
        if found is None:
            raise NotFound(ErrorCode.NO_SUCH_IMPORT, import_id=import_id)
        if found[0]:
            raise Refused(ErrorCode.IMPORT_ALREADY_UNDONE, import_id=import_id)
        _hand_over(db, import_id)
        removed = db.execute(
            "DELETE FROM contacts WHERE id IN (SELECT contacts.id FROM import_stretches "
            "JOIN contacts ON contacts.id BETWEEN first AND last WHERE import_id = ?1) "
            "AND id NOT IN (SELECT contact_id FROM import_changes WHERE import_id > ?1)",
            [import_id],
        ).rowcount
        _leave_list(db, import_id)
        restored = _restore(db, import_id)
        _drop_list(db, import_id)
        db.execute("DELETE FROM import_stretches WHERE import_id = ?", [import_id])
        db.execute("DELETE FROM import_changes WHERE import_id = ?", [import_id])
        db.execute("UPDATE imports SET undone = 1 WHERE id = ?", [import_id])
        _forget_unused_names(db)
    return removed, restored


def _hand_over(db: Database, import_id: int) -> None:
    """Whom a later import brought, too, was from now on added, or put in the list, by that one."""
    db.execute(
        "INSERT OR IGNORE INTO import_stretches (import_id, first, last) "
        "SELECT min(import_id), contact_id, contact_id FROM import_changes "
        f"WHERE import_id > ?1 AND {_ADDED} GROUP BY contact_id",
        [import_id],
    )
    db.execute(
        "UPDATE import_changes SET joined = 1 WHERE (import_id, contact_id) IN "
        f"(SELECT min(import_id), contact_id FROM ({_LATER_IN_LIST}) WHERE contact_id IN ({_JOINED}) "
        "GROUP BY contact_id)",
        [import_id],
    )


def _leave_list(db: Database, import_id: int) -> None:
    db.execute(
        f"DELETE FROM list_members WHERE list_id = ({_LIST}) "
        f"AND (contact_id IN ({_JOINED}) OR {_ADDED}) "
        f"AND contact_id NOT IN (SELECT contact_id FROM ({_LATER_IN_LIST}))",
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
    held = _rewrite_later(db, import_id, ids, changes)
    rows = db.rows(
        "SELECT id, key, updated_at, fields FROM contacts WHERE id IN (SELECT value FROM json_each(?))",
        [ids_json(ids)],
    )
    contacts = []
    for number, key, updated, text in rows:
        fields = parse_object(text)
        change = {name: texts for name, texts in changes[number].items() if name not in held[number]}
        returned = plan_return(fields, change)
        if returned != fields:
            contacts.append((*compose_fields(key, returned, updated), number))
    return db.executemany(UPDATE_FIELDS, contacts) if contacts else 0


def _rewrite_later(
    db: Database, import_id: int, ids: Sequence[int], changes: Mapping[int, Change]
) -> Mapping[int, set[str]]:
    """The next import that said something of a field goes back to what was before this one, when undone.

    Answers the fields of each contact of which a later one says something.
    """
    rows = db.rows(
        "SELECT import_id, contact_id, change FROM import_changes WHERE import_id > ? AND change <> '{}' "
        "AND contact_id IN (SELECT value FROM json_each(?)) ORDER BY import_id",
        [import_id, ids_json(ids)],
    )
    left = {number: dict(changes[number]) for number in {row[1] for row in rows}}
    held: dict[int, set[str]] = defaultdict(set)
    written = []
    for later, number, text in rows:
        change = parse_object(text)
        held[number].update(change)
        for name in change.keys() & left[number].keys():
            before, after = left[number].pop(name)
            if change[name][0] == after:
                change[name] = (before, change[name][1])
        written.append((compose_json(change), later, number))
    db.executemany("UPDATE import_changes SET change = ? WHERE import_id = ? AND contact_id = ?", written)
    return held


def _forget_unused_names(db: Database) -> None:
    """Custom fields that nobody has any more are none; inside a JSON text only a key reads ``"name":``."""
    for (name,) in db.rows("SELECT name FROM field_names"):
        key = compose_json(name) + ":"
        if not db.number("SELECT EXISTS (SELECT 1 FROM contacts WHERE instr(fields, ?) > 0)", [key]):
            db.execute("DELETE FROM field_names WHERE name = ?", [name])
