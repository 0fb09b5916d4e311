"""``template``: add from a file, list, render for one address."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.operations import preview, templates
from desktop_relay.operations.files import write_file
from desktop_relay.operations.workspace import Workspace


def add_arguments(parser: Parser) -> None:
    """``add``, ``list``, ``render``."""
    actions = parser.add_actions()
    added = actions.add("add")
    added.add_argument("file", type=Path)
    added.add_argument("--name")
    added.add_argument("--yes", action="store_true")
    actions.add("list")
    rendered = actions.add("render")
    rendered.add_argument("name")
    rendered.add_argument("--to", required=True, metavar="ADDRESS")
    rendered.add_argument("--out", type=Path, metavar="FILE.eml")
    rendered.add_argument("--from", dest="sender", metavar="ADDRESS")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        match options.action:
            case "add":
                _add(ws, options, console)
            case "render":
                template = templates.load(ws, options.name)
                shown = preview.preview_for(ws, template, options.to, options.sender)
                if shown.problem is not None:
                    raise shown.problem
                if options.out:
                    write_file(options.out, shown.content)
                document = {"subject": shown.subject, "size": shown.size, "warnings": list(shown.warnings)}
                console.result(document, "template_rendered")
                for code in shown.warnings:
                    if not console.json:
                        print(f"- {console.phrase('warnings', code)}")
            case _:
                console.lines(
                    {"template": t.name, "subject": t.subject, "updated_at": t.updated_at}
                    for t in templates.overview(ws)
                )
    return 0


def _add(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    """Says when another template has the name, and asks wherever there is a person to answer."""
    template = templates.read_file(options.file, options.name)
    seen = templates.find(ws, template.name)
    if seen is not None and seen != template:
        console.say("template_replaces", template=seen.name)
        if not (options.yes or console.confirms("template_confirm")):
            console.say("template_left")
            return
    templates.save(ws, template, seen)
    console.result({"template": template.name, "subject": template.subject}, "template_added")
