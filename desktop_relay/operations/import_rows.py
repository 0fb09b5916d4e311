"""Rows of a table on their way to become contacts: addresses repaired, twins and useless rows counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from desktop_relay.domain.address import Address, parse_address, repair_address
from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.imports import ImportedContact
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.protocol import formulas
from desktop_relay.protocol.columns import Columns
from desktop_relay.protocol.consent import denies_consent
from desktop_relay.protocol.dates import iso_date

_SHOWN_INVALID = 100
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")


class InvalidRow(NamedTuple):
    """A row that cannot be used: its number as a spreadsheet shows it, the address, and a code."""

    row: int
    address: str
    why: str


@dataclass(slots=True)
class ImportCounts:
    """What became of the rows so far."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    duplicates: int = 0
    invalid: int = 0
    repaired: int = 0
    legacy: int = 0
    without_consent: int = 0
    suppressed: int = 0


class RowReader:
    """Turns rows into contacts; the earlier of two rows with one address wins."""

    def __init__(self, columns: Columns, source: str, suppressions: SuppressionSet | None) -> None:
        self.counts = ImportCounts()
        self.invalid_rows: list[InvalidRow] = []
        self._address = columns.address
        self._fields = tuple("" if field == "email" else field for field in columns.fields)
        parts = {field for field in self._fields if field and self._fields.count(field) > 1}
        self._parts = {
            field: tuple(index for index, other in enumerate(self._fields) if other == field)
            for field in parts
        }
        self._family_names = columns.family_names
        # a template may name a custom field of everybody, also of those whose cell is empty
        self._blank = dict.fromkeys((f for f in self._fields if f and f not in STANDARD_FIELDS), "")
        self._source = source
        self._suppressions = suppressions
        self._seen: set[str] = set()
        self._repaired: set[str] = set()

    def read(self, row: int, cells: Sequence[str]) -> ImportedContact | None:
        """The contact of a row, or ``None`` for one that is blank, invalid or there already."""
        text = cells[self._address].strip() if self._address < len(cells) else ""
        if not text and not any(map(str.strip, cells)):
            return None
        self.counts.rows += 1
        repaired = repair_address(formulas.restore(text))
        try:
            address = parse_address(repaired)
        except BadInput as error:
            self._refuse(row, text, error.code)
            return None
        key = address.key
        if key in self._seen:
            self.counts.duplicates += 1
            return None
        self._seen.add(key)
        if repaired is not text and repaired != text:
            self._repaired.add(key)
        return self._contact(row, cells, address, key)

    def count(self, batch: Sequence[ImportedContact], known: Collection[str]) -> None:
        """Count contacts of this reader as added, or as updated when their key is ``known``."""
        counts = self.counts
        for contact in batch:
            if contact.key in known:
                counts.updated += 1
            else:
                counts.added += 1
                counts.legacy += contact.legacy
                counts.repaired += contact.key in self._repaired
                counts.without_consent += "consent_at" not in contact.fields
            if self._suppressions is not None and self._suppressions.match(contact.key) is not None:
                counts.suppressed += 1
        self._repaired.clear()

    def _refuse(self, row: int, text: str, code: ErrorCode) -> None:
        self.counts.invalid += 1
        if len(self.invalid_rows) < _SHOWN_INVALID:
            self.invalid_rows.append(InvalidRow(row, text[:320], code.value))

    def _contact(self, row: int, cells: Sequence[str], address: Address, key: str) -> ImportedContact:
        fields = self._blank | {
            field: text
            for field, cell in zip(self._fields, cells, strict=False)
            if field and (text := cell.strip())
        }
        for field, indexes in self._parts.items():
            found = {index: cells[index].strip() for index in indexes if index < len(cells)}
            texts = {index: text for index, text in found.items() if text}
            if texts:
                if any(map(_JAPANESE.search, texts.values())):
                    texts = dict(sorted(texts.items(), key=self._family_first))
                fields[field] = " ".join(texts.values())
        if "'" in "".join(cells):
            fields = {field: formulas.restore(text) for field, text in fields.items()}
        consent = fields.get("consent_at")
        if consent is not None:
            self._record_consent(fields, consent, row)
        email = address.text
        fields["email"] = email
        return ImportedContact(email, key, address.legacy, fields)

    def _family_first(self, part: tuple[int, str]) -> bool:
        return part[0] not in self._family_names

    def _record_consent(self, fields: dict[str, str], consent: str, row: int) -> None:
        """A consent needs evidence: where nothing better is given, the file and the row it came from."""
        if denies_consent(consent):
            del fields["consent_at"]
            return
        fields["consent_at"] = iso_date(consent)
        fields.setdefault("consent_source", f"{self._source} #{row}")  # read in any language
