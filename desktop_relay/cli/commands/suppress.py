"""``suppress``: the list above all lists."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.operations import suppressions

_REASONS = tuple(reason.value for reason in SuppressionReason)


def add_arguments(parser: Parser) -> None:
    """``add``, ``remove``, ``list``, ``import``, ``export``."""
    actions = parser.add_actions()
    added = actions.add("add")
    added.add_argument("patterns", nargs="+", metavar="ADDRESS")
    added.add_argument("--reason", choices=_REASONS, default=SuppressionReason.BY_HAND.value)
    removed = actions.add("remove")
    removed.add_argument("patterns", nargs="+", metavar="ADDRESS")
    actions.add("list")
    imported = actions.add("import")
    imported.add_argument("file", type=Path)
    imported.add_argument("--reason", choices=_REASONS, default=SuppressionReason.BY_HAND.value)
    exported = actions.add("export")
    exported.add_argument("file", type=Path)


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        match options.action:
            case "add":
                reason = SuppressionReason(options.reason)
                console.result({"added": suppressions.add(ws, options.patterns, reason)}, "suppress_added")
            case "remove":
                removed = suppressions.remove(ws, options.patterns)
                if not removed:
                    raise NotFound(ErrorCode.NO_SUCH_SUPPRESSION, pattern=options.patterns[0])
                console.result({"removed": removed}, "suppress_removed")
            case "import":
                reason = SuppressionReason(options.reason)
                found = suppressions.import_file(ws, options.file, reason)
                document = {"rows": found.rows, "added": found.added, "invalid": len(found.invalid)}
                console.result(document, "suppress_imported")
            case "export":
                rows = suppressions.export_file(ws, options.file)
                console.result({"rows": rows, "file": options.file}, "suppress_exported")
            case _:
                console.lines(
                    {"address": s.pattern, "reason": s.reason, "source": s.source, "added_at": s.added_at}
                    for s in suppressions.overview(ws)
                )
    return 0
