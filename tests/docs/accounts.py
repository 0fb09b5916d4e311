"""A campaign over two accounts with quotas, one of which dies for three hours: simulated."""

from __future__ import annotations

from desktop_relay.domain.route import Member, Route, RouteKind
from desktop_relay.operations.carriers import load_directory
from desktop_relay.policy.quota import day_of
from desktop_relay.simulator.audience import MIXES, make_audience
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from tests.docs.trials import SEED, START

_HOUR = 3600.0

LARGE = Route(
    "large", RouteKind.SMARTHOST, host="large.example", rate=2.0, daily_quota=30_000, max_connections=10
)
SMALL = Route(
    "small", RouteKind.SMARTHOST, host="small.example", rate=1.0, hourly_quota=3_000, daily_quota=20_000
)
POOL = Route("pool", RouteKind.POOL, members=(Member("large", 2), Member("small", 1)))
DEATH = Trouble("large", TroubleKind.DEAD, 2 * _HOUR, 5 * _HOUR)


def simulate(people: int) -> SimulationResult:
    """The Japanese mix, from midnight of this machine's day on."""
    scenario = Scenario(
        [Campaign(make_audience(people, MIXES["jp"]), POOL)],
        day_of(START, None)[0],
        seed=SEED,
        accounts={route.name: route for route in (LARGE, SMALL)},
        troubles=[DEATH],
    )
    return Simulation(scenario, load_directory(), load_carriers()).run()
