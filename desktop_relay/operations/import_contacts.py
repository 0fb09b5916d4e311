"""Contacts from a file: looked at, rehearsed, imported and taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.imports import ImportedContact, ImportRow
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations.files import LARGEST_TABLE, read_file
from desktop_relay.operations.import_rows import InvalidRow, RowReader
from desktop_relay.operations.lists import clean_name
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.suppress import SuppressionSet
from desktop_relay.protocol.columns import Columns, plan_columns, table_width
from desktop_relay.protocol.table import Table, parse_table
from desktop_relay.store import contacts, imports, lists
from desktop_relay.store.ledger import load_suppressions

_BATCH = 1000  # rows between two calls of ``progress`` and two looks at ``cancelled``
_SAMPLE_ROWS = 200  # from which columns are guessed
_SHOWN_ROWS = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FilePreview:
    """How a file would be read. ``mapping`` is field by header, ``""`` for a column left out."""

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    mapping: dict[str, str]
    sample_rows: tuple[tuple[str, ...], ...]
    total_rows: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do: ``rows = added + updated + duplicates + invalid``.

    ``repaired``, ``legacy`` and ``without_consent`` are of those added, ``suppressed`` of those added or
    updated. ``import_id`` is ``None`` when nothing was written: a rehearsal, or ``cancelled``.
    ``invalid_rows`` are the first of them.
    """

    rows: int
    added: int
    updated: int
    duplicates: int
    invalid: int
    repaired: int
    legacy: int
    without_consent: int
    suppressed: int
    encoding: str
    delimiter: str
    import_id: int | None
    seconds: float
    invalid_rows: tuple[InvalidRow, ...] = ()
    cancelled: bool = False


class _CancelledError(Exception):
    """Leaves the transaction, so that nothing stays behind."""


def preview_file(
    path: Path, encoding: str | None = None, mapping: Mapping[str, str] | None = None
) -> FilePreview:
    """Look at a file; raises as ``import_file`` does, but for a missing column of addresses."""
    table, columns, total = _open(path, encoding, mapping or {}, address_needed=False)
    data = islice(table.rows(), columns.start, None)
    width = len(columns.headers)
    sample = (row for row in data if any(row))
    shown = tuple(tuple((row + [""] * width)[:width]) for row in islice(sample, _SHOWN_ROWS))
    return FilePreview(table.encoding, table.delimiter, columns.headers, columns.mapping, shown, total)


def import_file(
    ws: Workspace,
    path: Path,
    *,
    list_name: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[ImportReport, Changes]:
    """Import the people of a table, all or none; a list that is not there yet is made.

    ``mapping`` (header → field, ``""`` to leave a column out) goes before what is guessed. ``progress`` hears
    the rows done and their likely number about every thousand rows; ``cancelled`` is asked as often.
    Raises ``NotFound`` (``no_such_file``) or ``BadInput`` for a file that cannot be used.
    """
    started = time.monotonic()
    wanted_list = clean_name(list_name) if list_name is not None else None
    table, columns, _ = _open(path, encoding, mapping or {})
    patterns = {entry.pattern: entry.reason for entry in load_suppressions(ws.spool)}
    reader = RowReader(columns, path.name, SuppressionSet(patterns) if patterns else None)
    batches = _batches(table, columns, reader, progress, cancelled)
    import_id = None
    changes = Changes()
    was_cancelled = True
    with suppress(_CancelledError):
        if dry_run:
            for batch in batches:
                reader.count(batch, imports.existing_keys(ws.library, [contact.key for contact in batch]))
        else:
            import_id = _write(ws, path.name, wanted_list, reader, batches)
            changes = Changes(contacts=True, lists=wanted_list is not None)
        was_cancelled = False
    return _report(table, reader, import_id, time.monotonic() - started, was_cancelled), changes


def undo_import(ws: Workspace, import_id: int) -> tuple[tuple[int, int], Changes]:
    """Take an import back: people it added go, people it changed are as before.

    Answers how many were removed and restored; raises ``NotFound`` or ``Refused`` (undone already).
    """
    return imports.undo_import(ws.library, import_id), Changes(contacts=True, lists=True)


def history(ws: Workspace) -> list[ImportRow]:
    """Every import, undone ones too."""
    return imports.load_imports(ws.library)


def _open(
    path: Path, encoding: str | None, mapping: Mapping[str, str], *, address_needed: bool = True
) -> tuple[Table, Columns, int]:
    """The table, its columns, and how many rows below the header are not blank."""
    table = parse_table(read_file(path, largest=LARGEST_TABLE), encoding=encoding, path=str(path))
    rows = table.rows()
    sample = list(islice(rows, _SAMPLE_ROWS))
    width, filled = table_width(sample), 0
    for row in rows:
        filled += any(row)
        if len(row) > width:
            width = table_width([row], width)
    columns = plan_columns(sample, mapping, str(path), width=width, address_needed=address_needed)
    return table, columns, filled + sum(map(any, sample[columns.start :]))


def _batches(
    table: Table,
    columns: Columns,
    reader: RowReader,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[list[ImportedContact]]:
    """The contacts of about a thousand rows at a time; raises ``_CancelledError``."""
    likely = table.rows_at_most - columns.start
    batch: list[ImportedContact] = []
    for row, cells in enumerate(table.rows(), 1):
        if row <= columns.start:
            continue
        contact = reader.read(row, cells)
        if contact is not None:
            batch.append(contact)
        if row % _BATCH == 0:
            if cancelled is not None and cancelled():
                raise _CancelledError
            yield batch
            batch = []
            if progress is not None:
                progress(reader.counts.rows, max(likely, reader.counts.rows))
    if cancelled is not None and cancelled():
        raise _CancelledError
    yield batch
    if progress is not None:
        progress(reader.counts.rows, reader.counts.rows)


def _write(
    ws: Workspace,
    file: str,
    list_name: str | None,
    reader: RowReader,
    batches: Iterator[list[ImportedContact]],
) -> int:
    db, at = ws.library, ws.now()
    with db.transaction():
        list_id, made_list = None, False
        if list_name is not None:
            list_id = lists.find_list(db, list_name)
            if list_id is None:
                list_id, made_list = lists.create_list(db, list_name, at), True
        import_id = imports.begin_import(db, file, at, list_id, made_list=made_list)
        is_first = contacts.count_contacts(db, ContactQuery()) == 0
        for batch in batches:
            keys = [] if is_first else [contact.key for contact in batch]
            reader.count(batch, imports.existing_keys(db, keys) if keys else ())
            imports.add_imported(db, import_id, batch, at)
        imports.finish_import(db, import_id, asdict(reader.counts))
    return import_id


def _report(
    table: Table, reader: RowReader, import_id: int | None, seconds: float, cancelled: bool
) -> ImportReport:
    return ImportReport(
        **asdict(reader.counts),
        encoding=table.encoding,
        delimiter=table.delimiter,
        import_id=import_id,
        seconds=round(seconds, 3),
        invalid_rows=tuple(reader.invalid_rows),
        cancelled=cancelled,
    )
