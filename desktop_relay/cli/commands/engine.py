"""``engine``: run it, ask it, stop it."""

from __future__ import annotations

import argparse

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.network import NetworkState
from desktop_relay.engine.process import run_engine
from desktop_relay.ipc.launcher import Link


def add_arguments(parser: Parser) -> None:
    """Without an action it runs here; ``status`` and ``stop`` speak to the running one."""
    parser.add_argument("--foreground", action="store_true")
    actions = parser.add_actions(required=False)
    actions.add("status")
    stopped = actions.add("stop")
    stopped.add_argument("--now", action="store_true")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    link = Link(options.data, language=options.lang or "")
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
        "network": progress.network.value or None,
    }
    console.result(document, "engine_runs")
    if progress.network is not NetworkState.STEADY:
        console.mention("network", progress.network.value)
    return 0


def _stop(link: Link, options: argparse.Namespace, console: Console) -> int:
    if not link.stop(drain=not options.now):
        raise EngineUnreachable(ErrorCode.ENGINE_NOT_RUNNING, path=str(options.data))
    console.result({"stopped": True}, "engine_stopped")
    return 0
