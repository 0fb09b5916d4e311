"""Importing contacts, in batches, in a way that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.imports import ImportedContact as ImportedContact
from desktop_relay.domain.imports import ImportRow as ImportRow
from desktop_relay.store.connection import Database
from desktop_relay.store.contact_rows import INSERT_CONTACT, UPDATE_FIELDS, compose_fields, compose_row
from desktop_relay.store.contacts import add_field_names, ids_json
from desktop_relay.store.import_changes import (
    join_changes,
    load_changes,
    load_other_changes,
    plan_agreement,
    plan_change,
)
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.times import from_ms, to_ms
from desktop_relay.store.undo_import import undo_import as undo_import


def begin_import(
    db: Database, file: str, at: datetime, list_id: int | None = None, *, made_list: bool = False
) -> int:
    """Open an import; its contacts go into the list, if any, which may have been made for it."""
    sql = "INSERT INTO imports (file, at, list_id, made_list) VALUES (?, ?, ?, ?)"
    return db.execute(sql, [file, to_ms(at), list_id, made_list]).lastrowid or 0


def existing_keys(db: Database, keys: Iterable[str]) -> set[str]:
    """Which of these addresses somebody has."""
    sql = "SELECT key FROM contacts WHERE key IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.rows(sql, [json.dumps(list(keys))])}


def finish_import(db: Database, import_id: int, counts: Mapping[str, int]) -> None:
    """Keep what was counted."""
    db.execute("UPDATE imports SET counts = ? WHERE id = ?", [compose_json(dict(counts)), import_id])


def load_imports(db: Database) -> list[ImportRow]:
    """Every import, newest first."""
    rows = db.rows(
        "SELECT imports.id, file, at, lists.name, added, updated, counts, undone "
        "FROM imports LEFT JOIN lists ON lists.id = list_id ORDER BY imports.id DESC"
    )
    return [
        ImportRow(number, file, from_ms(at), name, added, updated, parse_object(counts), bool(undone))
        for number, file, at, name, added, updated, counts, undone in rows
    ]


def add_imported(
    db: Database, import_id: int, rows: Sequence[ImportedContact], at: datetime
) -> tuple[int, int]:
    """Take a batch in; answers how many were added and how many were there before.

    What a row leaves empty stays as it is, and so does a recorded consent. Raises ``NotFound``.
    """
    batch = _merge_twins(rows)
    now = to_ms(at)
    with db.transaction():
        list_id = _list_of(db, import_id)
        _learn_names(db, batch.values())
        there = _load_existing(db, batch)
        new = [row for key, row in batch.items() if key not in there]
        _add(db, import_id, list_id, new, now)
        _update(db, import_id, [(there[key], row) for key, row in batch.items() if key in there], now)
        if list_id is not None:
            _join(db, import_id, list_id, [each.id for each in there.values()])
        db.execute(
            "UPDATE imports SET added = added + ?, updated = updated + ? WHERE id = ?",
            [len(new), len(there), import_id],
        )
    return len(new), len(there)


def _list_of(db: Database, import_id: int) -> int | None:
    found = db.row("SELECT list_id FROM imports WHERE id = ?", [import_id])
    if found is None:
        raise NotFound(ErrorCode.NO_SUCH_IMPORT, import_id=import_id)
    list_id: int | None = found[0]
    return list_id


def _merge_twins(rows: Sequence[ImportedContact]) -> dict[str, ImportedContact]:
    """One row for each address; what a later row says counts."""
    batch: dict[str, ImportedContact] = {}
    for row in rows:
        twin = batch.get(row.key)
        if twin is not None:
            said = {name: text for name, text in row.fields.items() if text}
            row = replace(twin, fields={**twin.fields, **said})  # noqa: PLW2901
        batch[row.key] = row
    return batch


def _learn_names(db: Database, rows: Iterable[ImportedContact]) -> None:
    names: dict[str, None] = {}
    for row in rows:
        if not row.fields.keys() <= names.keys():
            names.update(dict.fromkeys(row.fields))
    add_field_names(db, (name for name in names if name not in STANDARD_FIELDS))


@dataclass(frozen=True, slots=True)
class _Existing:
    id: int
    key: str
    fields: dict[str, str]


def _load_existing(db: Database, keys: Iterable[str]) -> dict[str, _Existing]:
    rows = db.rows(
        "SELECT id, key, fields FROM contacts WHERE key IN (SELECT value FROM json_each(?))",
        [json.dumps(list(keys))],
    )
    return {key: _Existing(number, key, parse_object(fields)) for number, key, fields in rows}


def _add(
    db: Database, import_id: int, list_id: int | None, rows: Sequence[ImportedContact], now: int
) -> None:
    if not rows:
        return
    first = db.number("SELECT seq FROM sqlite_sequence WHERE name = 'contacts'") + 1
    last = first + len(rows) - 1
    db.executemany(
        INSERT_CONTACT,
        (
            compose_row(number, (row.email, row.key, row.legacy), row.fields, now)
            for number, row in enumerate(rows, first)
        ),
    )
    db.execute(
        "INSERT INTO import_stretches (import_id, first, last) VALUES (?, ?, ?)", [import_id, first, last]
    )
    if list_id is not None:
        db.execute(
            "INSERT INTO list_members (list_id, contact_id) "
            "SELECT ?, id FROM contacts WHERE id BETWEEN ? AND ?",
            [list_id, first, last],
        )


def _update(
    db: Database, import_id: int, pairs: Sequence[tuple[_Existing, ImportedContact]], now: int
) -> None:
    ids = [existing.id for existing, _ in pairs]
    earlier = load_changes(db, import_id, ids)
    others = load_other_changes(db, import_id, ids)
    contacts: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    for existing, row in pairs:
        change = plan_change(existing.fields, row.fields)
        number = existing.id
        if change:
            fields = {**existing.fields, **{name: texts[1] for name, texts in change.items()}}
            contacts.append((*compose_fields(existing.key, fields, now), number))
        agreed = plan_agreement(existing.fields, row.fields, others.get(number, ()))
        whole = join_changes(earlier.get(number, {}), agreed | change)
        # also without a change: whom two imports brought stays when one of them is taken back
        changes.append((import_id, number, compose_json(whole)))
    db.executemany(UPDATE_FIELDS, contacts)
    db.executemany(
        "INSERT INTO import_changes (import_id, contact_id, change) VALUES (?, ?, ?) "
        "ON CONFLICT (import_id, contact_id) DO UPDATE SET change = excluded.change",
        changes,
    )


def _join(db: Database, import_id: int, list_id: int, ids: Sequence[int]) -> None:
    """Put people who were there before in the list, and remember who was not in it."""
    members = db.ids(
        "SELECT contact_id FROM list_members WHERE list_id = ? "
        "AND contact_id IN (SELECT value FROM json_each(?))",
        [list_id, ids_json(ids)],
    )
    in_it = frozenset(members)
    new = [number for number in ids if number not in in_it]
    db.executemany(
        "INSERT INTO list_members (list_id, contact_id) VALUES (?, ?)", ((list_id, number) for number in new)
    )
    db.executemany(
        "INSERT INTO import_changes (import_id, contact_id, joined) VALUES (?, ?, 1) "
        "ON CONFLICT (import_id, contact_id) DO UPDATE SET joined = 1",
        ((import_id, number) for number in new),
    )
