"""``simulate``: a campaign over the practice carriers in virtual time, days in seconds."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop_relay.cli.console import Console, plain
from desktop_relay.cli.parser import Parser, whole_number
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import rehearsal
from desktop_relay.operations.carriers import lane_names, load_directory
from desktop_relay.operations.files import write_file
from desktop_relay.simulator.audience import MIXES, group_addresses, make_audience
from desktop_relay.simulator.result import LaneResult, PaceStep, SimulationResult
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.transport.sandbox.carriers_file import load_carriers

_SHOWN_LANES = 25
_SHOWN_CHANGES = 40
_OUTCOMES = (
    Disposition.ACCEPTED,
    Disposition.BOUNCED,
    Disposition.DEFERRED,
    Disposition.EXPIRED,
    Disposition.UNKNOWN,
)


def add_arguments(parser: Parser) -> None:
    """A draft, or so many made-up people."""
    audience = parser.add_mutually_exclusive_group(required=True)
    audience.add_argument("campaign", nargs="?", type=int, metavar="CAMPAIGN")
    audience.add_argument("--recipients", type=whole_number, metavar="N")
    parser.add_argument("--mix", choices=tuple(MIXES), default="jp")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trace", type=Path, metavar="FILE")


def run(options: argparse.Namespace, console: Console) -> int:
    """Simulate, and tell when each lane ends and why paces changed."""
    scenario = _scenario(options)
    total = sum(len(addresses) for addresses in scenario.audience.values())
    started = time.monotonic()
    simulation = Simulation(
        scenario,
        load_directory(),
        load_carriers(),
        on_progress=lambda _, done: console.progress(
            console.phrase("cli", "simulate_progress", done=done, total=total)
        ),
    )
    result = simulation.run()
    console.end_progress()
    if options.trace is not None:
        lines = "".join(f"{json.dumps(plain(change), ensure_ascii=False)}\n" for change in result.changes)
        write_file(options.trace, lines.encode())
    console.result(_document(result, time.monotonic() - started))
    if not console.json:
        _tell(result, console)
    return 0


def _scenario(options: argparse.Namespace) -> Scenario:
    now = datetime.now(UTC).replace(microsecond=0)
    if options.campaign is None:
        return Scenario(make_audience(options.recipients, MIXES[options.mix]), now, seed=options.seed)
    with open_workspace(options) as ws:
        planned = rehearsal.plan(ws, options.campaign)
    return Scenario(
        group_addresses(planned.addresses),
        now,
        seed=options.seed,
        route=planned.route,
        overrides=planned.overrides,
        expires_after=planned.expires_after,
        brakes=planned.route.kind is not RouteKind.SANDBOX,
    )


def _document(result: SimulationResult, seconds: float) -> dict[str, Any]:
    return {
        "recipients": result.recipients,
        "seed": result.seed,
        "attempts": result.attempts,
        "simulated_seconds": round(result.seconds, 3),
        "seconds": round(seconds, 3),
        **{outcome.value: result.total(outcome) for outcome in _OUTCOMES},
        "finished_at": result.start + timedelta(seconds=result.seconds),
        "stopped": result.stopped.value or None,
        "lanes": {lane.lane: _lane_document(lane) for lane in result.lanes.values()},
        "changes": [change for change in result.changes if _is_of_pace(change)],
    }


def _lane_document(lane: LaneResult) -> dict[str, Any]:
    return {
        "recipients": lane.recipients,
        **{outcome.value: lane.outcomes.get(outcome, 0) for outcome in _OUTCOMES},
        "attempts": lane.attempts,
        "started_at": lane.started_at,
        "finished_at": lane.finished_at,
        "suspended": lane.suspended,
        "braked": lane.braked,
        "reasons": lane.reasons,
        "windows": lane.windows,
    }


def _tell(result: SimulationResult, console: Console) -> None:
    names = lane_names(console.language)
    counts = {outcome.value: f"{result.total(outcome):,}" for outcome in _OUTCOMES}
    print(
        console.phrase(
            "cli",
            "simulate_done",
            recipients=f"{result.recipients:,}",
            attempts=f"{result.attempts:,}",
            lasted=_span(result.seconds),
            **counts,
        )
    )
    lanes = sorted(result.lanes.values(), key=lambda lane: -lane.recipients)
    for lane in lanes[:_SHOWN_LANES]:
        print(_lane_line(lane, names.get(lane.lane, lane.lane), result, console))
    _tell_rest(lanes[_SHOWN_LANES:], console)
    changes = [change for change in result.changes if _is_of_pace(change)]
    print(console.phrase("cli", "simulate_changes" if changes else "simulate_steady", number=len(changes)))
    for change in changes[:_SHOWN_CHANGES]:
        print(_change_line(change, names.get(change.lane, change.lane), console))
    if len(changes) > _SHOWN_CHANGES:
        print(console.phrase("cli", "simulate_more", number=len(changes) - _SHOWN_CHANGES))


def _tell_rest(lanes: Sequence[LaneResult], console: Console) -> None:
    if lanes:
        last = max((lane.finished_at or 0.0 for lane in lanes), default=0.0)
        people = sum(lane.recipients for lane in lanes)
        print(
            console.phrase(
                "cli", "simulate_rest", number=len(lanes), recipients=f"{people:,}", lasted=_span(last)
            )
        )


def _lane_line(lane: LaneResult, name: str, result: SimulationResult, console: Console) -> str:
    pace = _pace(lane.windows[2].most / lane.windows[2].seconds)
    accepted, bounced = (
        f"{lane.outcomes.get(outcome, 0):,}" for outcome in (Disposition.ACCEPTED, Disposition.BOUNCED)
    )
    if lane.braked is not None:
        return console.phrase("cli", "simulate_braked", name=name, found=_found(lane.braked, console))
    if lane.finished_at is None:
        return console.phrase("cli", "simulate_unfinished", name=name, accepted=accepted, bounced=bounced)
    finished = result.start + timedelta(seconds=lane.finished_at)
    return console.phrase(
        "cli",
        "simulate_lane",
        name=name,
        recipients=f"{lane.recipients:,}",
        accepted=accepted,
        bounced=bounced,
        lasted=_span(lane.finished_at),
        finished=f"{finished.astimezone():%Y-%m-%d %H:%M}",
        pace=pace,
    )


def _found(finding: BrakeFinding, console: Console) -> str:
    return console.phrase(
        "brakes",
        finding.cause.value,
        share=f"{finding.share:.1%}",
        limit=f"{finding.limit:.1%}",
        number=finding.number,
        sample=finding.sample,
    )


def _change_line(change: PaceStep, name: str, console: Console) -> str:
    why = (
        console.phrase("reason_words", change.cause.value)
        if change.cause is not Reason.NONE
        else console.phrase("cli", "simulate_by_itself")
    )
    told = "simulate_suspended" if change.suspended > 0 else "simulate_change"
    return console.phrase(
        "cli",
        told,
        at=_span(change.at),
        name=name,
        before=_pace(change.pace_before),
        after=_pace(change.pace),
        suspended=_span(change.suspended),
        why=f"{why} {change.text[:80]}".rstrip(),
    )


def _is_of_pace(change: PaceStep) -> bool:
    """Not only another number of connections."""
    return change.pace != change.pace_before or change.suspended > 0


def _pace(pace: float | None) -> str:
    return "∞" if pace is None else f"{pace:.3g}"


def _span(seconds: float) -> str:
    """Hours, minutes and seconds, with days before them where there are any."""
    days, rest = divmod(round(seconds), 86400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    return f"{days}+{clock}" if days else clock
