"""``lane``: pace by carrier."""

from __future__ import annotations

import argparse
from datetime import datetime

from desktop_relay.cli.console import Console
from desktop_relay.cli.parser import Parser, integer
from desktop_relay.cli.times import parse_span, parse_time
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.route import PRACTICE
from desktop_relay.operations import campaigns, lanes, routes
from desktop_relay.operations.lanes import LaneRow
from desktop_relay.operations.workspace import Workspace


def add_arguments(parser: Parser) -> None:
    """``list``, ``show``, ``set``, ``release``; without ``--route`` a setting goes to every route."""
    actions = parser.add_actions()
    released = actions.add("release")
    released.add_argument("lane")
    released.add_argument("--campaign", type=integer, required=True)
    released.add_argument("--leave", action="store_true")
    for name in ("list", "show", "set"):
        action = actions.add(name)
        action.add_argument("--route")
        if name == "list":
            continue
        action.add_argument("lane")
        if name == "set":
            action.add_argument("--rate", type=float)
            action.add_argument("--connections", type=integer)
            action.add_argument("--per-hour", type=integer)
            action.add_argument("--per-day", type=integer)
            paused = action.add_mutually_exclusive_group()
            paused.add_argument("--pause", dest="paused", action="store_const", const=True)
            paused.add_argument("--resume", dest="paused", action="store_const", const=False)
            end = action.add_mutually_exclusive_group()
            end.add_argument("--until", metavar="TIME")
            end.add_argument("--for", dest="span", metavar="SPAN")


def run(options: argparse.Namespace, console: Console) -> int:
    """Do the action."""
    with open_workspace(options) as ws:
        if options.action == "release":
            _release(ws, options, console)
            return 0
        shown = options.route or PRACTICE.name
        lanes.check_route(ws, shown)
        if options.action == "list":
            console.lines(_listed(row, console) for row in lanes.overview(ws, shown))
            return 0
        if options.action == "set":
            _set(ws, options)
        row = lanes.load(ws, shown, options.lane)
        pace = row.pace_allowed
        console.result(
            _document(row),
            "lane_shown" if pace is not None else "lane_unlimited",
            name=_name(row, console.language),
            source=_source(row, console.language),
            pace=f"{pace:.3g}" if pace is not None else "",
            standing=console.phrase("confidence", row.profile.confidence),
        )
        if row.until is not None:
            console.say("lane_until", time=f"{row.until.astimezone():%Y-%m-%d %H:%M}")
    return 0


def _set(ws: Workspace, options: argparse.Namespace) -> None:
    lanes.load(ws, PRACTICE.name, options.lane)  # a name nobody knows is told at once
    until: datetime | None = None if options.until is None else parse_time(options.until, ws.now())
    if options.span is not None:
        until = ws.now() + parse_span(options.span)
    for route in [options.route] if options.route else [route.name for route in routes.overview(ws)]:
        wanted = SetLane(
            route,
            options.lane,
            rate=options.rate,
            connections=options.connections,
            paused=options.paused,
            until=until,
            per_hour=options.per_hour,
            per_day=options.per_day,
        )
        lanes.set_lane(ws, wanted)


def _release(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    campaigns.check_submitted(ws, options.campaign)
    stopped = lanes.release(ws, options.campaign, options.lane, leave=options.leave)
    row = lanes.load(ws, PRACTICE.name, options.lane)
    sentence = "lane_left" if options.leave else "lane_released"
    console.result(
        {"campaign": options.campaign, "lane": options.lane, "released": stopped and not options.leave},
        sentence if stopped else "lane_not_stopped",
        name=_name(row, console.language),
    )


def _document(row: LaneRow) -> dict[str, object]:
    profile, limits = row.profile, row.profile.limits
    return {
        "lane": row.lane,
        "domains": profile.domains,
        "mx": profile.mx,
        "pace_allowed": row.pace_allowed,
        "pace_learned": row.pace_learned,
        "per_hour": row.per_hour,
        "per_day": row.per_day,
        "connections": (row.override and row.override.connections) or limits.connections,
        "messages_per_connection": limits.messages_per_connection,
        "tls_required": profile.tls_required,
        "paused": bool(row.override and row.override.paused),
        "until": row.until,
        "source": profile.source,
        "source_ja": profile.source_ja,
        "dated": profile.dated,
        "confidence": profile.confidence,
    }


def _listed(row: LaneRow, console: Console) -> dict[str, object]:
    """Programs are given the source in both languages, people in theirs."""
    document = _document(row)
    if not console.json:
        document["source"] = _source(row, console.language)
        document["confidence"] = console.phrase("confidence", row.profile.confidence)
        del document["source_ja"]
    return document


def _source(row: LaneRow, language: str) -> str:
    return row.profile.source_ja if language == "ja" else row.profile.source


def _name(row: LaneRow, language: str) -> str:
    return row.profile.name_ja if language == "ja" else row.profile.name
