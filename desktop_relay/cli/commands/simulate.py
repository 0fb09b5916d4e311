"""``simulate``: campaigns in virtual time, days in seconds: a draft, made-up people, or a scenario's file."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop_relay.cli.console import Console, plain
from desktop_relay.cli.parser import Parser, integer, whole_number
from desktop_relay.cli.simulated import OUTCOMES, is_of_pace, tell
from desktop_relay.cli.workplace import open_workspace
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.route import PRACTICE
from desktop_relay.operations import campaigns, rehearsal, settings
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.files import read_text_file, write_file
from desktop_relay.simulator.audience import MIXES, MOST_PEOPLE, group_addresses, make_audience
from desktop_relay.simulator.result import AccountResult, CampaignResult, LaneResult, SimulationResult
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.scenario_file import parse_scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.simulator.trouble import Trouble, parse_trouble
from desktop_relay.transport.sandbox.carriers_file import load_carriers


def people(text: str) -> int:
    """A number of made-up people; raises ``ValueError`` for a usage message."""
    number = whole_number(text)
    if number > MOST_PEOPLE:
        raise ValueError(text)
    return number


def add_arguments(parser: Parser) -> None:
    """A draft, so many made-up people, or a whole scenario."""
    audience = parser.add_mutually_exclusive_group(required=True)
    audience.add_argument("campaign", nargs="?", type=integer, metavar="CAMPAIGN")
    audience.add_argument("--recipients", type=people, metavar="N")
    audience.add_argument("--scenario", type=Path, metavar="FILE")
    parser.add_argument("--mix", choices=tuple(MIXES), default="jp")
    parser.add_argument("--route", metavar="NAME")
    parser.add_argument("--canary", type=float, nargs="?", const=True, metavar="MINUTES")
    parser.add_argument("--trouble", action="append", default=[], metavar="WHERE:KIND[:FROM-UNTIL]")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trace", type=Path, metavar="FILE")


def run(options: argparse.Namespace, console: Console) -> int:
    """Simulate, and tell when each lane and account ends and why paces changed."""
    scenario = _scenario(options)
    total = sum(len(people) for campaign in scenario.campaigns for people in campaign.audience.values())
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
        tell(result, console)
    return 0


def _scenario(options: argparse.Namespace) -> Scenario:
    now = datetime.now(UTC).replace(microsecond=0)
    if options.scenario is not None:
        scenario = parse_scenario(read_text_file(options.scenario), now, options.seed)
    elif options.campaign is None and options.route is None:
        scenario = Scenario([Campaign(make_audience(options.recipients, MIXES[options.mix]))], now)
    else:
        scenario = _of_library(options, now)
    troubles = [*scenario.troubles, *map(parse_trouble, options.trouble)]
    _check_places(troubles, scenario)
    sent = scenario.campaigns
    if options.canary is not None:
        minutes = _canary_minutes(options)
        sent = [replace(campaign, canary_minutes=minutes) for campaign in sent]
    seed = scenario.seed if options.scenario is not None else options.seed
    return replace(scenario, campaigns=sent, troubles=troubles, seed=seed)


def _canary_minutes(options: argparse.Namespace) -> float | None:
    """Those of the setting where none are given; ``--canary 0`` leaves it out."""
    if options.canary is not True:
        if not 0 <= options.canary <= campaigns.MOST_CANARY_MINUTES:
            raise BadInput(ErrorCode.VALUE_INVALID, field="canary", value=options.canary)
        return options.canary or None
    with open_workspace(options) as ws:
        return float(str(settings.get(ws, "campaign.canary_minutes")))


def _check_places(troubles: Sequence[Trouble], scenario: Scenario) -> None:
    """A misspelt one must not pass for no trouble at all; raises ``BadInput`` (``value_invalid``)."""
    routes = (campaign.route.name for campaign in scenario.campaigns)
    known = {*(carrier.name for carrier in load_carriers().all), *scenario.accounts, *routes}
    for trouble in troubles:
        if trouble.where not in known:
            raise BadInput(ErrorCode.VALUE_INVALID, field="trouble", value=trouble.where)


def _of_library(options: argparse.Namespace, now: datetime) -> Scenario:
    """A draft, or made-up people over a route, with all that is known of the route."""
    with open_workspace(options) as ws:
        if options.campaign is None:
            standing = rehearsal.find_standing(ws, options.route)
            audience = make_audience(options.recipients, MIXES[options.mix])
            campaign = Campaign(audience, standing.route, brakes=standing.route.kind is not PRACTICE.kind)
        else:
            planned = rehearsal.plan(ws, options.campaign)
            standing = rehearsal.find_standing(ws, options.route) if options.route else planned.standing
            campaign = Campaign(
                group_addresses(planned.addresses),
                standing.route,
                name=planned.name,
                expires_after=planned.expires_after,
                brakes=planned.brakes,
                canary_minutes=planned.canary_minutes,
                sender=planned.sender,
            )
    return Scenario(
        [campaign],
        now,
        accounts=standing.accounts,
        overrides=standing.overrides,
        memories=standing.memories,
        used=standing.used,
    )


def _document(result: SimulationResult, seconds: float) -> dict[str, Any]:
    return {
        "recipients": result.recipients,
        "seed": result.seed,
        "attempts": result.attempts,
        "simulated_seconds": round(result.seconds, 3),
        "seconds": round(seconds, 3),
        **{outcome.value: result.total(outcome) for outcome in OUTCOMES},
        "finished_at": result.start + timedelta(seconds=result.seconds),
        "stopped": result.stopped.value or None,
        "campaigns": [_campaign_document(campaign) for campaign in result.campaigns],
        "lanes": {key: _lane_document(lane) for key, lane in result.lanes.items()},
        "accounts": {name: _account_document(account) for name, account in result.accounts.items()},
        "days": [{**plain(day), "day": day.day.isoformat()} for day in result.days],
        "changes": [change for change in result.changes if is_of_pace(change)],
    }


def _campaign_document(campaign: CampaignResult) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "route": campaign.route,
        "recipients": campaign.recipients,
        **{outcome.value: campaign.outcomes.get(outcome, 0) for outcome in OUTCOMES},
        "untried": campaign.untried,
        "finished_at": campaign.finished_at,
        "stopped": campaign.stopped.value or None,
        "canary": campaign.canary,
    }


def _lane_document(lane: LaneResult) -> dict[str, Any]:
    return {
        "route": lane.route,
        "recipients": lane.recipients,
        **{outcome.value: lane.outcomes.get(outcome, 0) for outcome in OUTCOMES},
        "attempts": lane.attempts,
        "started_at": lane.started_at,
        "finished_at": lane.finished_at,
        "suspended": lane.suspended,
        "braked": lane.braked,
        "reasons": lane.reasons,
        "windows": lane.windows,
    }


def _account_document(account: AccountResult) -> dict[str, Any]:
    return {
        "attempts": len(account.begun),
        "taken": len(account.taken),
        "finished_at": account.finished_at,
        "suspended": account.suspended,
        "used_up": account.used_up,
    }
