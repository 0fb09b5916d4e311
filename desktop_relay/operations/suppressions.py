"""The list above all lists: see it, add, remove, import, export."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.address import repair_address
from desktop_relay.domain.command import Suppress, Unsuppress
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.operations.files import LARGEST_TEXT_FILE, read_file, write_file
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import parse_pattern
from desktop_relay.protocol.columns import fold_header
from desktop_relay.protocol.formulas import neutralise, restore
from desktop_relay.protocol.headers import WHOLE_FIELDS
from desktop_relay.protocol.table import parse_table
from desktop_relay.store.ledger import load_suppressions

_ADDRESS_HEADER = "address"
_REASON_HEADER = "reason"
_SAMPLE_ROWS = 200
_IN_PARENTHESES = re.compile(r"[(（].*?[)）]")
_ADDRESS_HEADERS = frozenset(
    fold_header(word) for word in (_ADDRESS_HEADER, "pattern", "アドレス", *WHOLE_FIELDS["email"].split())
)


def overview(ws: Workspace) -> list[Suppression]:
    """Every entry."""
    return load_suppressions(ws.spool)


def add(
    ws: Workspace,
    patterns: list[str],
    reason: SuppressionReason = SuppressionReason.BY_HAND,
    source: str = "",
) -> int:
    """Add addresses, ``@domain`` or ``*.domain``; answers how many were new. Raises ``BadInput``."""
    parsed = tuple(_pattern(pattern) for pattern in patterns)
    return int(ws.engine.call(Suppress(parsed, reason.value, source))["added"])


def remove(ws: Workspace, patterns: list[str]) -> int:
    """Take patterns off; answers how many were on the list."""
    return int(ws.engine.call(Unsuppress(tuple(_pattern(pattern) for pattern in patterns)))["removed"])


@dataclass(frozen=True, slots=True)
class ImportedSuppressions:
    """``rows`` that were not empty; ``invalid`` are the texts that are no address and no domain."""

    rows: int
    added: int
    invalid: tuple[str, ...]


def import_file(
    ws: Workspace, path: Path, reason: SuppressionReason = SuppressionReason.BY_HAND
) -> ImportedSuppressions:
    """Add what a table lists: its column of addresses by header, else the one that has the most.

    A column ``reason`` with the program's own words goes before ``reason``. A row that cannot be used keeps
    no other from being added. Raises ``NotFound`` or ``BadInput`` for a file that cannot be used.
    """
    content = read_file(path, largest=LARGEST_TEXT_FILE)
    table = [row for row in parse_table(content, path=str(path)).rows() if any(row)]
    header = [cell.strip().casefold() for cell in table[0]] if table else []
    column = next((place for place, cell in enumerate(header) if _heads_addresses(cell)), None)
    reasons = header.index(_REASON_HEADER) if column is not None and _REASON_HEADER in header else None
    people, place = (table, _fullest(table)) if column is None else (table[1:], column)
    by_reason: dict[SuppressionReason, list[str]] = {}
    invalid: list[str] = []
    for row in people:
        text = restore(_cell(row, place))
        try:
            by_reason.setdefault(_reason(_cell(row, reasons), reason), []).append(_pattern(text))
        except BadInput:
            invalid.append(text)
    added = sum(add(ws, patterns, why, path.name) for why, patterns in by_reason.items() if patterns)
    return ImportedSuppressions(len(people), added, tuple(invalid))


def _heads_addresses(header: str) -> bool:
    bare = _IN_PARENTHESES.sub("", header)
    return bool({fold_header(header), fold_header(bare)} & _ADDRESS_HEADERS)


def _fullest(table: list[list[str]]) -> int:
    """The column with the most addresses and domains among the first rows."""
    sample = table[:_SAMPLE_ROWS]
    width = max(map(len, sample), default=1)
    return max(range(width), key=lambda place: sum(_is_pattern(_cell(row, place)) for row in sample))


def _is_pattern(text: str) -> bool:
    try:
        _pattern(restore(text))
    except BadInput:
        return False
    return True


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _reason(text: str, otherwise: SuppressionReason) -> SuppressionReason:
    return SuppressionReason(text) if text in list(SuppressionReason) else otherwise


def _pattern(text: str) -> str:
    return parse_pattern(repair_address(text))


def export_file(ws: Workspace, path: Path) -> int:
    """Write the list as CSV that ``import_file`` reads back; answers how many entries."""
    entries = overview(ws)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((_ADDRESS_HEADER, _REASON_HEADER, "source", "added_at"))
    for entry in entries:
        cells = (entry.pattern, entry.reason.value, entry.source, entry.added_at.isoformat())
        writer.writerow([neutralise(cell) for cell in cells])
    write_file(path, text.getvalue().encode("utf-8-sig"))
    return len(entries)
