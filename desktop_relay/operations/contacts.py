"""Contacts: find, edit, delete and restore people, export them, and see what was sent to one."""

from __future__ import annotations

import codecs
import csv
import io
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.address import parse_address, repair_address
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.contact import Contact
from desktop_relay.domain.deleted_contacts import DeletedContacts
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.recipient import LedgerRow
from desktop_relay.operations.files import write_file
from desktop_relay.operations.workspace import Workspace
from desktop_relay.protocol.consent import denies_consent
from desktop_relay.protocol.dates import iso_date
from desktop_relay.protocol.encoding import fit_text
from desktop_relay.protocol.formulas import neutralise
from desktop_relay.store import contacts
from desktop_relay.store.ledger import load_history_of_address

_PAGE = 1000
_CHANGED = Changes(contacts=True, lists=True)


def list_ids(ws: Workspace, query: ContactQuery) -> array[int]:
    """The ids of the people found, in order."""
    return contacts.load_contact_ids(ws.library, query)


def rows(ws: Workspace, ids: Sequence[int]) -> list[Contact]:
    """People by id, in the order given; those that are gone are left out."""
    return contacts.load_contacts(ws.library, ids)


def get(ws: Workspace, contact_id: int) -> Contact:
    """One person; raises ``NotFound``."""
    found = contacts.load_contact(ws.library, contact_id)
    if found is None:
        raise NotFound(ErrorCode.NO_SUCH_CONTACT)
    return found


def count(ws: Workspace, query: ContactQuery) -> int:
    """How many people are found."""
    return contacts.count_contacts(ws.library, query)


def fields(ws: Workspace) -> list[str]:
    """Every field that a person may have: the standard ones, then the custom ones in use."""
    return contacts.load_field_names(ws.library)


def save(ws: Workspace, contact_id: int | None, values: Mapping[str, str]) -> tuple[Contact, Changes]:
    """Write a person whole, or a new one for ``None``; fields left out are emptied.

    Raises ``BadInput`` (``address_invalid``), ``Refused`` (``name_taken``: another person has the address)
    or ``NotFound``.
    """
    address = parse_address(repair_address(values.get("email", "")))
    db, now = ws.library, ws.now()
    kept = {name: text.strip() for name, text in values.items()} | {"email": address.text}
    if kept.get("consent_at"):
        consent = kept["consent_at"]
        kept["consent_at"] = "" if denies_consent(consent) else iso_date(consent)
    if contact_id is not None:
        get(ws, contact_id)
    twin = contacts.find_contact(db, address.key)
    if twin is not None and twin.id != contact_id:
        raise Refused(ErrorCode.NAME_TAKEN, name=address.text)
    if contact_id is None:
        contact_id = contacts.insert_contact(db, address.text, address.key, address.legacy, kept, now)
    else:
        contacts.update_contact(db, contact_id, address.text, address.key, address.legacy, kept, now)
    return get(ws, contact_id), _CHANGED


def change(ws: Workspace, contact_id: int, values: Mapping[str, str]) -> tuple[Contact, Changes]:
    """Write some fields of a person; whatever came into the others meanwhile stays. Raises as ``save``."""
    with ws.library.transaction():
        return save(ws, contact_id, {**get(ws, contact_id).fields, **values})


def delete(ws: Workspace, ids: Sequence[int]) -> tuple[DeletedContacts, Changes]:
    """Delete people; what is returned brings them back, with their lists."""
    return contacts.delete_contacts(ws.library, ids), _CHANGED


def restore(ws: Workspace, deleted: DeletedContacts) -> tuple[int, Changes]:
    """Undo a deletion; answers how many came back."""
    return contacts.restore_contacts(ws.library, deleted), _CHANGED


def timeline(ws: Workspace, key: str) -> list[LedgerRow]:
    """Every mail that was sent or tried to an address, newest first."""
    return load_history_of_address(ws.spool, key)


@dataclass(frozen=True, slots=True)
class Exported:
    """``rows`` are the people written; for ``damaged`` of them some character became ``?``."""

    rows: int
    damaged: int


def export(
    ws: Workspace,
    path: Path,
    query: ContactQuery,
    encoding: str = "utf-8-sig",
    progress: Callable[[int, int], None] | None = None,
) -> Exported:
    """Write the people found as CSV, whole or not at all.

    No cell can become a formula in a spreadsheet. What ``encoding`` lacks becomes what looks like it, else
    ``?``.
    Raises ``BadInput`` (``encoding_unknown``, ``file_unwritable``).
    """
    try:
        codecs.lookup(encoding)
        "a".encode(encoding, "replace")
    except (LookupError, ValueError) as error:
        raise BadInput(ErrorCode.ENCODING_UNKNOWN, encoding=encoding) from error
    names = fields(ws)
    ids = list_ids(ws, query)
    written = damaged = 0
    content = io.BytesIO()
    text = io.TextIOWrapper(content, encoding, newline="")
    writer = csv.writer(text)
    writer.writerow([neutralise(fit_text(name, encoding)[0]) for name in names])
    for start in range(0, len(ids), _PAGE):
        for contact in rows(ws, ids[start : start + _PAGE]):
            cells = {**contact.fields, "email": contact.email}
            fitted = [fit_text(cells.get(name, ""), encoding) for name in names]
            writer.writerow([neutralise(cell) for cell, _ in fitted])
            written += 1
            damaged += not all(is_whole for _, is_whole in fitted)
        if progress is not None:
            progress(min(start + _PAGE, len(ids)), len(ids))
    text.flush()
    write_file(path, content.getvalue())
    return Exported(written, damaged)
