"""``contacts``: list and export."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser, whole_number
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts, lists
from desktop_relay.operations.workspace import Workspace

_PAGE = 1000


def add_arguments(parser: Parser) -> None:
    """``list`` and ``export``."""
    actions = parser.add_actions()
    shown = actions.add("list")
    shown.add_argument("--list", dest="list_name", metavar="NAME")
    shown.add_argument("--limit", type=whole_number, metavar="N")
    exported = actions.add("export")
    exported.add_argument("file", type=Path)
    exported.add_argument("--encoding", default="utf-8-sig")
    exported.add_argument("--list", dest="list_name", metavar="NAME")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        query = ContactQuery(list_id=_list_id(ws, options.list_name))
        if options.action == "export":
            written = contacts.export(ws, options.file, query, encoding=options.encoding)
            document = {"rows": written.rows, "damaged": written.damaged, "file": options.file}
            sentence = "contacts_exported_damaged" if written.damaged else "contacts_exported"
            console.result(document, sentence)
            return 0
        ids = list(contacts.list_ids(ws, query))[: options.limit]
        for start in range(0, len(ids), _PAGE):
            found = contacts.rows(ws, ids[start : start + _PAGE])
            console.lines(
                {**c.fields, "email": c.email, "contact": c.id, "legacy": c.legacy}
                if console.json
                else {"email": c.email, "name": c.name}
                for c in found
            )
    return 0


def _list_id(ws: Workspace, name: str | None) -> int | None:
    if name is None:
        return None
    for row in lists.overview(ws):
        if row.name == name:
            return row.id
    raise NotFound(ErrorCode.NO_SUCH_LIST, name=name)
