"""The list above all lists: see it, add, remove, import, export."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_relay.domain.address import repair_address
from desktop_relay.domain.command import Suppress, Unsuppress
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.operations.files import LARGEST_TABLE, read_file, write_file
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import parse_pattern, patterns_of
from desktop_relay.protocol.columns import fold_header
from desktop_relay.protocol.formulas import neutralise, restore
from desktop_relay.protocol.headers import WHOLE_FIELDS
from desktop_relay.protocol.table import parse_table
from desktop_relay.store.ledger import load_suppressions, load_suppressions_of

_PORTION = 2000  # patterns to the engine at once, which answers others between two
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
    patterns: Sequence[str],
    reason: SuppressionReason = SuppressionReason.BY_HAND,
    source: str = "",
) -> int:
    """Add addresses, ``@domain`` or ``*.domain``; answers how many were new. Raises ``BadInput``."""
    commands = [Suppress(portion, reason.value, source) for portion in _portions(patterns)]
    return sum(int(ws.engine.call(command)["added"]) for command in commands)


def add_new(ws: Workspace, patterns: Sequence[str]) -> list[str]:
    """Add by hand what is not on the list yet, and answer just that. Raises ``BadInput``."""
    wanted = dict.fromkeys(map(_pattern, patterns))
    there = load_suppressions_of(ws.spool, wanted)
    new = [pattern for pattern in wanted if pattern not in there]
    add(ws, new)
    return new


def remove(ws: Workspace, patterns: Sequence[str]) -> int:
    """Take patterns off; answers how many were on the list."""
    commands = [Unsuppress(portion) for portion in _portions(patterns)]
    return sum(int(ws.engine.call(command)["removed"]) for command in commands)


def put_back(ws: Workspace, entries: Sequence[Suppression]) -> int:
    """Undo a removal: reasons and sources are as before, the time is now. Answers how many came back."""
    groups: dict[tuple[SuppressionReason, str], list[str]] = {}
    for entry in entries:
        groups.setdefault((entry.reason, entry.source), []).append(entry.pattern)
    return sum(add(ws, patterns, reason, source) for (reason, source), patterns in groups.items())


def find(ws: Workspace, key: str) -> Suppression | None:
    """The entry that keeps mail from an address: its own, or one of its domain."""
    patterns = list(patterns_of(key))
    there = load_suppressions_of(ws.spool, patterns)
    return next((there[pattern] for pattern in patterns if pattern in there), None)


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
    content = read_file(path, largest=LARGEST_TABLE)
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


def _portions(patterns: Sequence[str]) -> list[tuple[str, ...]]:
    parsed = [_pattern(pattern) for pattern in patterns]
    return [tuple(parsed[start : start + _PORTION]) for start in range(0, len(parsed), _PORTION)]


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
