"""Large campaigns over pools of relays, simulated: how long they take, and what a relay that dies costs."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.route import Member, Route, RouteKind
from desktop_relay.operations.carriers import load_directory
from desktop_relay.simulator.audience import MIXES, make_audience
from desktop_relay.simulator.lanes import plan_lanes
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from tests.docs.trials import SEED, START

_HOUR = 3600.0
_DAY = 86400.0
_CONNECTIONS = 20
_SHOWN_SHARES = (0.5, 0.99)


@dataclass(frozen=True, slots=True)
class PoolTrial:
    """``people`` of the Japanese mix over ``relays`` alike, one of which may be dead for three hours.

    Played are ``1/shrunk`` of the people at ``1/shrunk`` of the lanes' paces, which takes as long.
    """

    people: int
    relays: int
    shrunk: int = 1
    one_dies: bool = False


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """Seconds by which shares of all who were accepted were; messages a second in the busiest minute.

    ``least`` and ``largest`` are shares of the mail that single relays had; ``twice`` counts messages that
    relays took beyond one for each person.
    """

    trial: PoolTrial
    accepted_by: Mapping[float, float]
    within_a_day: float
    busiest: float
    least: float
    largest: float
    twice: int
    seconds: float


def measure(trial: PoolTrial) -> PoolFigures:
    """Simulate it."""
    began = time.perf_counter()
    result = simulate(trial)
    accepted = array("d", sorted(at for lane in result.lanes.values() for at in lane.accepted))
    minutes = Counter(int(at // 60.0) for at in accepted)
    taken = [len(account.taken) for account in result.accounts.values()]
    ended = result.total(Disposition.ACCEPTED) + result.total(Disposition.UNKNOWN)
    return PoolFigures(
        trial,
        {share: accepted[int(share * (len(accepted) - 1))] for share in _SHOWN_SHARES},
        bisect_right(accepted, _DAY) / result.recipients,
        max(minutes.values()) / 60.0 * trial.shrunk,
        min(taken) / sum(taken),
        max(taken) / sum(taken),
        sum(taken) - ended,
        time.perf_counter() - began,
    )


def simulate(trial: PoolTrial) -> SimulationResult:
    """Lanes are held for the whole pool, at as many times their pace as there are relays."""
    accounts = {
        name: Route(name, RouteKind.SMARTHOST, host=f"{name}.example", max_connections=_CONNECTIONS)
        for name in (f"relay-{number:02}" for number in range(1, trial.relays + 1))
    }
    pool = Route("pool", RouteKind.POOL, members=tuple(Member(name) for name in accounts))
    audience = make_audience(trial.people // trial.shrunk, MIXES["jp"])
    directory, carriers = load_directory(), load_carriers()
    overrides = {}
    for lane in plan_lanes(audience, directory, carriers):
        limits = directory.profile_of_lane(lane).limits
        if limits.rate is not None:
            overrides[lane] = LaneOverride(
                rate=limits.rate * trial.relays / trial.shrunk, connections=limits.connections * trial.relays
            )
    death = Trouble("relay-01", TroubleKind.DEAD, 2 * _HOUR, 5 * _HOUR)
    scenario = Scenario(
        [Campaign(audience, pool)],
        START,
        seed=SEED,
        accounts=accounts,
        overrides=overrides,
        troubles=[death] if trial.one_dies else [],
    )
    return Simulation(scenario, directory, carriers).run()


def with_a_death(trial: PoolTrial) -> PoolTrial:
    """The same, and one relay is dead from the second to the fifth hour."""
    return replace(trial, one_dies=True)
