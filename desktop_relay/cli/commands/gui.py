"""``gui``: the window."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import cast

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.domain.errors import ErrorCode, RelayError

GROUP = "desktop_relay.window"


def add_arguments(parser: Parser) -> None:
    """No arguments of its own."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Open the window on the data directory; stays until it is closed."""
    return load_window("main")(options.data, options.lang)


def load_window(name: str) -> Callable[..., int]:
    """An entry point of the installed window; the core itself knows no window."""
    for entry in entry_points(group=GROUP, name=name):
        return cast(Callable[..., int], entry.load())
    raise RelayError(ErrorCode.WINDOW_NOT_INSTALLED)
