"""``demo``: the main job on the practice carriers, from the messy file to the report."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop_relay.cli.commands.gui import load_window
from desktop_relay.cli.console import Console, plain
from desktop_relay.cli.follow import at_rest, follow
from desktop_relay.cli.parser import Parser, whole_number
from desktop_relay.cli.standing import campaign_document
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import campaigns, ledger, practice
from desktop_relay.operations.files import write_file
from desktop_relay.operations.workspace import Workspace

SPEED = 40
"""How many times faster than life the practice carriers and our pace run; told on screen."""

_LONGEST_SECONDS = 600.0
_SOON = timedelta(minutes=30)
"""Carrier time: a greylisted mail is waited for, one to a full mailbox (hours) is not."""


def add_arguments(parser: Parser) -> None:
    """How many people, which seed, with or without the window."""
    parser.add_argument("--contacts", type=whole_number, metavar="N")
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=SPEED)
    parser.add_argument("--screenshot", type=Path, metavar="FILE.png")


def run(options: argparse.Namespace, console: Console) -> int:
    """Play it and print the report."""
    directory = options.data if options.data_given else Path(tempfile.mkdtemp(prefix="desktop-relay-demo-"))
    console.say("demo_where", path=directory, speed=f"{options.speed:g}")
    link = Link(directory, language=console.language)
    was_running = link.progress() is not None
    started, code = time.monotonic(), 0
    with Workspace(directory, link) as ws:
        try:
            prepared = practice.prepare(
                ws,
                language=console.language,
                contacts=options.contacts,
                seed=options.seed,
                speed=options.speed,
            )
            console.say("demo_imported", **prepared.figures)
            campaigns.send(ws, prepared.campaign)
            if not options.headless and has_display():
                code = load_window("main")(directory, options.lang, "monitor")
            else:
                _wait(ws, prepared.campaign, console, soon=_SOON / options.speed)
            seconds = time.monotonic() - started
            if options.headless or not has_display():
                _screenshot(options, directory, console)
        finally:
            if not was_running:
                with contextlib.suppress(RelayError):
                    link.stop()
        # nothing moves any more, so that the report is true for as long as it is read
        document = _report(ws, prepared.campaign, seconds)
    write_file(directory / "report.json", json.dumps(plain(document), ensure_ascii=False).encode())
    console.result(document, "demo_report")
    return code


def has_display() -> bool:
    """Whether a window can be shown."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _wait(ws: Workspace, campaign: int, console: Console, *, soon: timedelta) -> None:
    """Until nobody is left, or only such as will be tried again much later (a full mailbox)."""
    deadline = time.monotonic() + _LONGEST_SECONDS

    def done(progress: CampaignProgress) -> bool:
        if at_rest(progress) or time.monotonic() > deadline:
            return True
        counts = progress.counts
        if counts.total == 0 or counts.open > counts.deferred:
            return False
        return ledger.waiting(ws, campaign, before=ws.now() + soon) == 0

    follow(ws, campaign, console, done)


def _screenshot(options: argparse.Namespace, directory: Path, console: Console) -> None:
    target = options.screenshot or directory / "monitor.png"
    try:
        load_window("screenshot")(directory, options.lang, "monitor", target)
    except RelayError as error:
        console.fail(error)
    else:
        console.say("demo_screenshot", path=target)


def _report(ws: Workspace, campaign: int, seconds: float) -> dict[str, Any]:
    status = campaign_document(campaigns.status(ws, campaign))
    keys = ("campaign", "total", "accepted", "bounced", "deferred", "suppressed", "held", "unknown")
    return {
        **{key: status[key] for key in keys},
        "seconds": round(seconds, 1),
        "lanes": status["lanes"],
        "sandbox_received": practice.received(ws, campaign),
        "reasons": {
            reason.value: number
            for state in (RecipientState.BOUNCED, RecipientState.DEFERRED, RecipientState.HELD)
            for reason, number in ledger.reasons(ws, campaign, state).items()
        },
    }
