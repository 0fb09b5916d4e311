"""``import``: contacts from a file, or an import taken back."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser, integer
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.operations import import_contacts
from desktop_relay.operations.workspace import Workspace

_KEYS = (
    "rows",
    "added",
    "updated",
    "duplicates",
    "invalid",
    "repaired",
    "legacy",
    "without_consent",
    "suppressed",
    "encoding",
    "delimiter",
    "import_id",
    "seconds",
)


def add_arguments(parser: Parser) -> None:
    """A file with its options, or ``--undo``."""
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("file", nargs="?", type=Path)
    target.add_argument("--undo", type=integer, metavar="IMPORT_ID")
    parser.add_argument("--list", dest="list_name", metavar="NAME")
    parser.add_argument("--encoding")
    parser.add_argument("--map", dest="mapping", action="append", default=[], metavar="COLUMN=FIELD")
    parser.add_argument("--dry-run", action="store_true")


def run(options: argparse.Namespace, console: Console) -> int:
    """Import or undo."""
    with open_workspace(options) as ws:
        if options.undo is not None:
            (removed, restored), _ = import_contacts.undo_import(ws, options.undo)
            console.result({"removed": removed, "restored": restored}, "import_undone")
        else:
            _import(ws, options, console)
    return 0


def _import(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    def tell(done: int, total: int) -> None:
        console.progress(console.phrase("cli", "import_progress", done=done, total=total))

    report, _ = import_contacts.import_file(
        ws,
        options.file,
        list_name=options.list_name,
        encoding=options.encoding,
        mapping=dict(_pair(text) for text in options.mapping),
        dry_run=options.dry_run,
        progress=tell,
    )
    console.end_progress()
    sentence = "import_rehearsed" if options.dry_run else "import_done"
    console.result({key: getattr(report, key) for key in _KEYS}, sentence)


def _pair(text: str) -> tuple[str, str]:
    column, separator, field = text.rpartition("=")
    if not separator or not column or not field:
        raise BadInput(ErrorCode.VALUE_INVALID, field="--map", value=text)
    return column, field
