"""People in the library: find, read, write, delete and bring back."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from desktop_relay.domain.contact import STANDARD_FIELDS, Contact
from desktop_relay.domain.deleted_contacts import DeletedContacts as DeletedContacts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.store.connection import Database
from desktop_relay.store.contact_query import compose_conditions, compose_order
from desktop_relay.store.contact_rows import (
    COLUMNS,
    INSERT_CONTACT,
    READ_COLUMNS,
    UPDATE_ADDRESS,
    UPDATE_FIELDS,
    compose_address,
    compose_fields,
    compose_row,
    custom_names,
    parse_contact,
)
from desktop_relay.store.plain import parse_object
from desktop_relay.store.times import to_ms

_SELECT = f"SELECT {READ_COLUMNS} FROM contacts"
MEMBERS = (
    "SELECT contact_id FROM list_members JOIN lists ON lists.id = list_id "
    "WHERE lists.name IN (SELECT value FROM json_each(?))"
)


def load_contact_ids(db: Database, query: ContactQuery) -> array[int]:
    """The ids that a query finds, in its order."""
    conditions, values = compose_conditions(db, query)
    order = compose_order(query)
    return db.ids(f"SELECT id FROM contacts WHERE {conditions} ORDER BY {order}", values)


def count_contacts(db: Database, query: ContactQuery) -> int:
    """How many a query finds."""
    conditions, values = compose_conditions(db, query)
    return db.number(f"SELECT count(*) FROM contacts WHERE {conditions}", values)


def load_contacts(db: Database, ids: Sequence[int]) -> list[Contact]:
    """The contacts of these ids in the order given; ids that are gone are left out."""
    rows = db.rows(f"{_SELECT} WHERE id IN (SELECT value FROM json_each(?))", [ids_json(ids)])
    found = {row[0]: parse_contact(row) for row in rows}
    return [found[number] for number in ids if number in found]


def load_contact(db: Database, contact_id: int) -> Contact | None:
    """One contact."""
    row = db.row(f"{_SELECT} WHERE id = ?", [contact_id])
    return None if row is None else parse_contact(row)


def find_contact(db: Database, key: str) -> Contact | None:
    """The contact that has an address."""
    row = db.row(f"{_SELECT} WHERE key = ?", [key])
    return None if row is None else parse_contact(row)


def load_contacts_of_lists(db: Database, names: Sequence[str]) -> Iterator[Contact]:
    """Everybody in any of the lists, once, in the order of ids."""
    sql = f"{_SELECT} WHERE id IN ({MEMBERS}) ORDER BY id"
    for chunk in db.chunks(sql, [json.dumps(list(names))]):
        yield from map(parse_contact, chunk)


def load_domains_of_lists(db: Database, names: Sequence[str]) -> frozenset[str]:
    """The domains of everybody in any of the lists."""
    # in this order everybody is read once and nobody is remembered
    rows = db.rows(
        "SELECT DISTINCT domain FROM lists CROSS JOIN list_members ON list_id = lists.id "
        "CROSS JOIN contacts ON contacts.id = contact_id "
        "WHERE lists.name IN (SELECT value FROM json_each(?))",
        [json.dumps(list(names))],
    )
    return frozenset(row[0] for row in rows)


def load_field_names(db: Database) -> list[str]:
    """The standard fields, then the custom ones in the order they first came."""
    return [*STANDARD_FIELDS, *(row[0] for row in db.rows("SELECT name FROM field_names ORDER BY position"))]


def add_field_names(db: Database, names: Iterable[str]) -> None:
    """Remember custom fields."""
    db.executemany("INSERT OR IGNORE INTO field_names (name) VALUES (?)", ((name,) for name in names))


def insert_contact(
    db: Database, email: str, key: str, legacy: bool, fields: Mapping[str, str], now: datetime
) -> int:
    """A new contact; raises ``Refused`` (``name_taken``) when somebody has the address."""
    with db.transaction():
        add_field_names(db, _in_order(fields))
        try:
            cursor = db.execute(INSERT_CONTACT, compose_row(None, (email, key, legacy), fields, to_ms(now)))
        except sqlite3.IntegrityError as error:
            raise Refused(ErrorCode.NAME_TAKEN, name=email) from error
    return cursor.lastrowid or 0


def update_contact(
    db: Database,
    contact_id: int,
    email: str,
    key: str,
    legacy: bool,
    fields: Mapping[str, str],
    now: datetime,
) -> None:
    """Write a contact whole; raises ``NotFound``, or ``Refused`` (``name_taken``)."""
    with db.transaction():
        add_field_names(db, _in_order(fields))
        try:
            db.execute(UPDATE_ADDRESS, (*compose_address((email, key, legacy)), contact_id))
        except sqlite3.IntegrityError as error:
            raise Refused(ErrorCode.NAME_TAKEN, name=email) from error
        written = db.execute(UPDATE_FIELDS, (*compose_fields(key, fields, to_ms(now)), contact_id))
        if written.rowcount == 0:
            raise NotFound(ErrorCode.NO_SUCH_CONTACT, contact=contact_id)


def delete_contacts(db: Database, ids: Sequence[int]) -> DeletedContacts:
    """Delete people, their memberships and what imports did to them; the answer brings all back."""
    chosen = [ids_json(ids)]
    with db.transaction():
        rows = db.rows(
            f"SELECT {COLUMNS} FROM contacts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            chosen,
        )
        memberships = db.rows(
            "SELECT list_id, contact_id FROM list_members "
            "WHERE contact_id IN (SELECT value FROM json_each(?))",
            chosen,
        )
        changes = db.rows(
            "SELECT import_id, contact_id, change, joined FROM import_changes "
            "WHERE contact_id IN (SELECT value FROM json_each(?))",
            chosen,
        )
        db.execute("DELETE FROM import_changes WHERE contact_id IN (SELECT value FROM json_each(?))", chosen)
        db.execute("DELETE FROM contacts WHERE id IN (SELECT value FROM json_each(?))", chosen)
    return DeletedContacts(tuple(rows), tuple(memberships), tuple(changes))


def restore_contacts(db: Database, deleted: DeletedContacts) -> int:
    """Bring deleted people back into the lists that are still there; answers how many came back.

    Somebody whose address was entered anew meanwhile stays as entered.
    """
    with db.transaction():
        restored = db.executemany(INSERT_CONTACT.replace("INSERT", "INSERT OR IGNORE", 1), deleted.rows)
        for row in deleted.rows:  # an undone import may have forgotten fields that nobody else has
            add_field_names(db, _in_order(parse_object(str(row[-1]))))
        db.executemany(
            "INSERT OR IGNORE INTO list_members (list_id, contact_id) "
            "SELECT lists.id, contacts.id FROM lists, contacts WHERE lists.id = ? AND contacts.id = ?",
            deleted.memberships,
        )
        db.executemany(
            "INSERT OR IGNORE INTO import_changes (import_id, contact_id, change, joined) "
            "SELECT imports.id, ?2, ?3, ?4 FROM imports WHERE imports.id = ?1 AND NOT undone "
            "AND EXISTS (SELECT 1 FROM contacts WHERE id = ?2)",
            deleted.changes,
        )
    return restored


def ids_json(ids: Sequence[int]) -> str:
    """Ids as one parameter for ``json_each``, however many they are."""
    return f"[{','.join(map(str, ids))}]"


def _in_order(fields: Mapping[str, str]) -> list[str]:
    custom = custom_names(fields)
    return [name for name in fields if name in custom]
