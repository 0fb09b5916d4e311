"""``engine``: run it, ask it, stop it."""

from __future__ import annotations

import argparse
import time

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.domain.command import Shutdown
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, RelayError
from desktop_relay.engine.process import run_engine
from desktop_relay.ipc.launcher import Link

_STOP_SECONDS = 60.0


def add_arguments(parser: Parser) -> None:
    """Without an action it runs here; ``status`` and ``stop`` speak to the running one."""
    parser.add_argument("--foreground", action="store_true")
    actions = parser.add_actions(required=False)
    actions.add("status")
    stopped = actions.add("stop")
    stopped.add_argument("--now", action="store_true")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    link = Link(options.data)
    match options.action:
        case "status":
            return _status(link, options, console)
        case "stop":
            return _stop(link, options, console)
        case _ if options.foreground:
            return run_engine(options.data, foreground=True)
        case _:
            link.start()
            return _status(link, options, console)


def _status(link: Link, options: argparse.Namespace, console: Console) -> int:
    progress = link.progress()
    if progress is None:
        raise EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING, path=str(options.data))
    document = {
        "pid": progress.pid,
        "data": options.data,
        "version": progress.version,
        "uptime": progress.uptime,
        "memory": progress.memory,
    }
    console.result(document, "engine_runs")
    return 0


def _stop(link: Link, options: argparse.Namespace, console: Console) -> int:
    if link.find(Shutdown(drain=not options.now)) is None:
        raise EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING, path=str(options.data))
    deadline = time.monotonic() + _STOP_SECONDS
    while _runs(link):
        if time.monotonic() > deadline:
            raise EngineUnreachable(ErrorCode.ENGINE_SILENT, path=str(options.data))
        time.sleep(0.05)
    console.result({"stopped": True}, "engine_stopped")
    return 0


def _runs(link: Link) -> bool:
    try:
        return link.progress() is not None
    except RelayError:
        return True  # it is ending, and answers no more questions
