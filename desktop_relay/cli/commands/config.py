"""``config``: every setting."""

from __future__ import annotations

import argparse

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.settings import format_setting
from desktop_relay.operations import settings


def add_arguments(parser: Parser) -> None:
    """``get``, ``set``, ``list``."""
    actions = parser.add_actions()
    got = actions.add("get")
    got.add_argument("key")
    put = actions.add("set")
    put.add_argument("key")
    put.add_argument("value")
    actions.add("list")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        if options.action == "list":
            console.lines(
                {
                    "key": setting.key,
                    "value": value if console.json else format_setting(value),
                    "type": setting.type,
                    "default": setting.default if console.json else format_setting(setting.default),
                    "meaning": console.phrase("settings", setting.key),
                }
                for setting, value in settings.overview(ws)
            )
            return 0
        value = (
            settings.set_value(ws, options.key, options.value)[0]
            if options.action == "set"
            else settings.get(ws, options.key)
        )
        console.result({"key": options.key, "value": value}, "config_value", shown=format_setting(value))
    return 0
