"""The simulations that the documentation tells about."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.outcome import Reason
from desktop_relay.operations.carriers import load_directory
from desktop_relay.simulator.audience import MIXES, MadeUp, make_audience
from desktop_relay.simulator.conduct import Conduct, EngineConduct
from desktop_relay.simulator.result import LaneResult, SimulationResult
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from tests.docs.rivals import FixedConduct, PostfixConduct

LARGE_LANE = 20
"""People: the delay of fewer is chance."""

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
SEED = 1

REFUSALS = frozenset(
    {
        Reason.THROTTLED,
        Reason.CONNECTION_LIMIT,
        Reason.SESSION_LIMIT,
        Reason.BLOCKED,
        Reason.POSSIBLE_BLOCK,
        Reason.BAD_REPUTATION,
        Reason.SERVER_BUSY,
        Reason.CONNECTION_LOST,
        Reason.CONNECT_REFUSED,
    }
)
"""Answers to too much, and what a carrier does to a sender it has enough of."""

CONDUCTS: Mapping[str, type[Conduct]] = {
    "ours": EngineConduct,
    "fixed rate": FixedConduct,
    "Postfix-like": PostfixConduct,
}


@dataclass(frozen=True, slots=True)
class Contest:
    """A carrier whose pace the sender takes for ``guess`` messages a second, with that many people there."""

    domain: str
    lane: str
    guess: float
    connections: int = 5


CONTESTS = (
    Contest("docomo.ne.jp", "docomo", 5.0),
    Contest("au.com", "au", 5.0),
    Contest("yahoo.co.jp", "yahoo_jp", 10.0),
    Contest("gmail.com", "google", 25.0),
)
"""Each guess is two and a half times what the practice carrier bears."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A result and what it cost: real seconds, and those of the processor."""

    result: SimulationResult
    seconds: float
    processor_seconds: float


def compete(contest: Contest, people: int, conduct: Conduct) -> SimulationResult:
    """One contest under one conduct."""
    scenario = Scenario(
        [Campaign({contest.domain: MadeUp(contest.domain, people)})],
        START,
        seed=SEED,
        overrides={contest.lane: LaneOverride(rate=contest.guess, connections=contest.connections)},
    )
    return Simulation(scenario, load_directory(), load_carriers(), conduct=conduct).run()


def campaign(number: int, *, seed: int = SEED, troubles: Sequence[Trouble] = ()) -> Timed:
    """The Japanese mix, at the shipped profiles' paces."""
    campaigns = [Campaign(make_audience(number, MIXES["jp"]))]
    scenario = Scenario(campaigns, START, seed=seed, troubles=troubles)
    began, worked = time.perf_counter(), time.process_time()
    result = Simulation(scenario, load_directory(), load_carriers()).run()
    return Timed(result, time.perf_counter() - began, time.process_time() - worked)


def cost_of_trouble(number: int) -> Mapping[TroubleKind, float]:
    """By how much docomo's trouble over half a day delays the lane that it delays most, as a share."""
    usual = campaign(number).result
    costs = {}
    for kind in TroubleKind:
        trouble = Trouble("docomo", kind, until=timedelta(hours=12).total_seconds())
        worse = campaign(number, troubles=[trouble]).result
        costs[kind] = max(
            reached(worse.lanes[lane], 0.75) / reached(usual.lanes[lane], 0.75) - 1.0
            for lane in usual.lanes
            if lane != "docomo" and usual.lanes[lane].recipients >= LARGE_LANE
        )
    return costs


def reached(lane: LaneResult, share: float) -> float:
    """Seconds until that share of the lane's people had an attempt, at least one second."""
    return max(1.0, lane.begun[min(int(share * lane.recipients), len(lane.begun) - 1)])


def accepted_by(lane: LaneResult, share: float) -> float | None:
    """Seconds until that share of all that were ever accepted was; ``None`` when nobody was."""
    return lane.accepted[int(share * (len(lane.accepted) - 1))] if lane.accepted else None


def refusals(lane: LaneResult) -> int:
    """Attempts that were turned away for our pace or standing."""
    return sum(number for reason, number in lane.reasons.items() if reason in REFUSALS)
