"""Small campaigns to simulate, and the carriers they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.operations.carriers import load_directory
from desktop_relay.policy.quota import day_of
from desktop_relay.simulator.audience import MadeUp
from desktop_relay.simulator.conduct import Conduct
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.transport.sandbox.carriers_file import load_carriers

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
DIRECTORY = load_directory()
CARRIERS = load_carriers()


def made_up(**counts: int) -> Mapping[str, Sequence[str]]:
    """People by domain; ``_`` stands for a dot."""
    return {name.replace("_", "."): MadeUp(name.replace("_", "."), n) for name, n in counts.items()}


_OF_CAMPAIGN = frozenset(Campaign.__dataclass_fields__)


def simulate(
    audience: Mapping[str, Sequence[str]], *, conduct: Conduct | None = None, **options: Any
) -> SimulationResult:
    """The result of one campaign."""
    own = {name: options.pop(name) for name in _OF_CAMPAIGN & options.keys()}
    return play([Campaign(audience, **own)], conduct=conduct, **options)


def play(
    campaigns: Sequence[Campaign],
    *,
    conduct: Conduct | None = None,
    begins_before_midnight: float | None = None,
    **options: Any,
) -> SimulationResult:
    """The result of several; on the evening of a day, so many hours before this machine's midnight."""
    start = START
    if begins_before_midnight is not None:
        start = day_of(START, None)[1] - timedelta(hours=begins_before_midnight)
    return Simulation(Scenario(campaigns, start, **options), DIRECTORY, CARRIERS, conduct=conduct).run()


def at_rate(rate: float, connections: int = 10) -> LaneOverride:
    """The user's own limits."""
    return LaneOverride(rate=rate, connections=connections)
