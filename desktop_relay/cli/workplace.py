"""The workspace of the data directory that the options name."""

from __future__ import annotations

import argparse

from desktop_relay.ipc.launcher import Link
from desktop_relay.operations.workspace import Workspace


def open_workspace(options: argparse.Namespace) -> Workspace:
    """Open it; raises ``StoreUnusable`` when it cannot be worked with."""
    return Workspace(options.data, Link(options.data, language=options.lang or ""))
