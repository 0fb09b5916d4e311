"""What an import did to contacts that were there before, field by field, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.plain import parse_object

Change = dict[str, tuple[str | None, str]]
"""Field to what it was (``None``: not there) and what the import made of it."""

_STANDARD = frozenset(STANDARD_FIELDS)
_CONSENT = frozenset({"consent_at", "consent_how", "consent_source"})


def plan_change(fields: Mapping[str, str], imported: Mapping[str, str]) -> Change:
    """What a row changes: its non-empty fields that differ, never the address nor a consent on record.

    A custom field that was not there is there from now on, also when it is empty.
    """
    kept = _CONSENT | {"email"} if fields.get("consent_at") else {"email"}
    return {
        name: (fields.get(name), text)
        for name, text in imported.items()
        if name not in kept
        and text != fields.get(name, "" if name in _STANDARD else None)
        and (text or name not in fields)
    }


def plan_agreement(
    fields: Mapping[str, str], imported: Mapping[str, str], earlier: Sequence[Change]
) -> Change:
    """What a row says that ``earlier`` imports have written, as changes that change nothing.

    It stays when one of those is taken back. A consent is agreed with only whole, evidence and all.
    """
    written = {
        name: after for change in earlier for name, (_, after) in change.items() if fields.get(name) == after
    }
    agreed = {name: (text, text) for name, text in written.items() if imported.get(name) == text}
    if any(name in written and name not in agreed for name in _CONSENT):
        agreed = {name: texts for name, texts in agreed.items() if name not in _CONSENT}
    return dict(agreed)


def join_changes(first: Change, second: Change) -> Change:
    """Two changes of one import as one: what was before the first, what is after the second."""
    return {
        name: ((first.get(name) or second[name])[0], (second.get(name) or first[name])[1])
        for name in first | second
    }


def plan_return(fields: Mapping[str, str], change: Change) -> dict[str, str]:
    """The fields with the change taken back, where nobody has written something else meanwhile."""
    returned = dict(fields)
    for name, (before, after) in change.items():
        if fields.get(name) != after:
            continue
        if before is None:
            del returned[name]
        else:
            returned[name] = before
    return returned


def load_other_changes(db: Database, import_id: int, ids: Sequence[int]) -> dict[int, list[Change]]:
    """What other imports have done to these contacts."""
    rows = db.rows(
        "SELECT contact_id, change FROM import_changes WHERE import_id <> ? AND change <> '{}' "
        "AND contact_id IN (SELECT value FROM json_each(?))",
        [import_id, ids_json(ids)],
    )
    found: dict[int, list[Change]] = {}
    for number, text in rows:
        found.setdefault(number, []).append(_change(text))
    return found


def load_changes(db: Database, import_id: int, ids: Sequence[int]) -> dict[int, Change]:
    """What an import has done so far to these contacts."""
    rows = db.rows(
        "SELECT contact_id, change FROM import_changes WHERE import_id = ? "
        "AND contact_id IN (SELECT value FROM json_each(?))",
        [import_id, ids_json(ids)],
    )
    return {number: _change(text) for number, text in rows}


def _change(text: str) -> Change:
    return {name: (before, after) for name, (before, after) in parse_object(text).items()}
