"""Counting the people of lists by what is alike in them, without making a contact of each."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import MEMBERS

SINGLE = ""
"""The shape of a contact that has to be looked at by itself."""

_KEYS = 10_000
_CONSENTS = "SELECT domain, consent_at <> '' FROM contacts"
_ESCAPED = re.compile(r'["\\\x00-\x1f]')  # by JSON
_COLUMNS = frozenset(("name", "kana", "company", "prefecture", "consent_at"))
_CONTROLS = "'*['||char(1)||'-'||char(31)||char(127)||'-'||char(159)||char(8232)||char(8233)||']*'"
_STANDARD = frozenset(STANDARD_FIELDS)


def load_consents(db: Database, lists: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Domain, and whether there is a record of consent (0 or 1), of everybody on any of the lists."""
    for chunk in db.chunks(f"{_CONSENTS} WHERE id IN ({MEMBERS})", [_json(lists)]):
        yield from chunk


def load_consents_of(db: Database, lists: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The same of those among them who have one of these keys."""
    sql = f"{_CONSENTS} WHERE key IN (SELECT value FROM json_each(?)) AND +id IN ({MEMBERS})"
    for start in range(0, len(keys), _KEYS):
        yield from db.rows(sql, [_json(keys[start : start + _KEYS]), _json(lists)])


def load_shapes(
    db: Database, lists: Sequence[str], fields: Sequence[str], header: Collection[str], longest: int
) -> Iterator[tuple[int, str]]:
    """Id and shape of everybody on any of the lists, in the order of ids.

    A shape has a digit for each field: 0 missing, 1 empty, 2 filled. ``SINGLE`` is who has more than
    ``longest`` characters in one of them, or a control character in one of ``header``.
    """
    columns = range(len(fields))
    kinds = " || ".join(f"CASE WHEN v{n} IS NULL THEN 0 ELSE 1 + (v{n} <> '') END" for n in columns)
    odd = [f"length(v{n}) > {longest:d}" for n in columns]
    odd += [f"v{n} GLOB {_CONTROLS}" for n, name in enumerate(fields) if name in header]
    if header:
        odd.append("instr(fields, '\\u0000')")  # a text ends there for SQLite
    values = "".join(f", {_value(name)} AS v{n}" for n, name in enumerate(fields))
    sql = (
        f"SELECT id, CASE WHEN {' OR '.join(odd) or '0'} THEN '{SINGLE}' ELSE {kinds or repr('-')} END "
        f"FROM (SELECT id, fields{values} FROM contacts WHERE id IN ({MEMBERS})) ORDER BY id"
    )
    paths = [f'$."{name}"' for name in fields if name not in _COLUMNS]
    for chunk in db.chunks(sql, [*paths, _json(lists)]):
        yield from chunk


def is_addressable(field: str) -> bool:
    """Whether SQLite finds a field of this name."""
    return _ESCAPED.search(field) is None


def _value(field: str) -> str:
    if field in _COLUMNS:
        return field
    value = "fields ->> ?"
    return f"coalesce({value}, '')" if field in _STANDARD else value


def _json(texts: Sequence[str]) -> str:
    return json.dumps(list(texts))
