"""Small campaigns to simulate, and the carriers they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.operations.carriers import load_directory
from desktop_relay.simulator.audience import MadeUp
from desktop_relay.simulator.conduct import Conduct
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.transport.sandbox.carriers_file import load_carriers

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
DIRECTORY = load_directory()
CARRIERS = load_carriers()


def made_up(**counts: int) -> Mapping[str, Sequence[str]]:
    """People by domain; ``_`` stands for a dot."""
    return {name.replace("_", "."): MadeUp(name.replace("_", "."), n) for name, n in counts.items()}


def simulate(
    audience: Mapping[str, Sequence[str]], *, conduct: Conduct | None = None, **options: Any
) -> SimulationResult:
    """The result of one campaign."""
    scenario = Scenario(audience, START, **options)
    return Simulation(scenario, DIRECTORY, CARRIERS, conduct=conduct).run()


def at_rate(rate: float, connections: int = 10) -> LaneOverride:
    """The user's own limits."""
    return LaneOverride(rate=rate, connections=connections)
