"""``identity``: senders and their DKIM keys."""

from __future__ import annotations

import argparse

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.identity import Identity
from desktop_relay.operations import identities


def add_arguments(parser: Parser) -> None:
    """``add``, ``list``, ``remove``, ``key``."""
    actions = parser.add_actions()
    added = actions.add("add")
    added.add_argument("address")
    added.add_argument("--name", default="")
    added.add_argument("--reply-to")
    added.add_argument("--postal", default="")
    added.add_argument("--unsubscribe-mailto")
    added.add_argument("--unsubscribe-url")
    actions.add("list")
    removed = actions.add("remove")
    removed.add_argument("address")
    key = actions.add("key")
    key.add_argument("address")
    key.add_argument("--selector", default=identities.DEFAULT_SELECTOR)


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        match options.action:
            case "add":
                identity = Identity(
                    address=options.address,
                    name=options.name,
                    reply_to=options.reply_to,
                    postal=options.postal,
                    unsubscribe_mailto=options.unsubscribe_mailto,
                    unsubscribe_url=options.unsubscribe_url,
                )
                kept, _ = identities.save(ws, identity)
                console.result({"identity": kept.address}, "identity_added")
            case "remove":
                identity, _ = identities.delete(ws, options.address)
                console.result({"identity": identity.address}, "identity_removed")
            case "key":
                records, _ = identities.create_key(ws, options.address, options.selector)
                document = {
                    "selector": options.selector,
                    "records": [{"name": name, "type": "TXT", "text": text} for name, text in records],
                }
                console.result(document, "identity_key")
                if not console.json:
                    for name, text in records:
                        print(identities.zone_line(name, text))
            case _:
                console.lines(
                    {
                        "address": i.address,
                        "name": i.name,
                        "reply_to": i.reply_to,
                        "postal": i.postal,
                        "selector": i.selector,
                    }
                    for i in identities.overview(ws)
                )
    return 0
