"""The lines and accounts of a simulation: the engine's own, opened as it opens them, without a socket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from desktop_relay.domain.lane_memory import ACCOUNT, LaneMemory
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.usage import Usage
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.egress import NOTHING_USED, Egress, Outlet
from desktop_relay.engine.line import Line
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.quota import REMEMBERED, bucket_of
from desktop_relay.simulator.account_score import AccountScore
from desktop_relay.simulator.clock import VirtualClock
from desktop_relay.simulator.no_way import NoWay
from desktop_relay.simulator.result import PaceStep
from desktop_relay.simulator.scenario import Scenario


class Accounts:
    """Every line's accounts, shared by name; ``scores`` outlive the engine, as its store does."""

    def __init__(
        self,
        scenario: Scenario,
        directory: Directory,
        clock: VirtualClock,
        on_change: Callable[[PaceStep], None],
    ) -> None:
        self.scores: dict[str, AccountScore] = {}
        self._scenario = scenario
        self._directory = directory
        self._clock = clock
        self._on_change = on_change
        self._egresses: dict[str, Egress] = {}
        self._memories = {
            name: lanes[ACCOUNT] for name, lanes in scenario.memories.items() if ACCOUNT in lanes
        }

    def open(self, route: Route, memories: Mapping[str, LaneMemory] | None = None) -> Line:
        """The line of a route, whose lanes remember so much: at first what the scenario knows of them."""
        members = tuple(
            self._scenario.accounts[member.route]
            for member in route.members
            if member.route in self._scenario.accounts
        )
        accounts = (route,) if _is_counted(route) else members
        return Line(
            Outlet(route, NoWay(), members=members),
            ScaledClock(self._clock, 1.0),
            self._directory,
            self._scenario.overrides,
            self._scenario.memories.get(route.name, {}) if memories is None else memories,
            egresses=[self._account(account) for account in accounts],
        )

    def end(self) -> None:
        """The engine ends; what its accounts learned is kept for the next one."""
        for name, egress in self._egresses.items():
            memory = egress.memory(everything=True)
            if memory is not None:
                self._memories[name] = memory
        self._egresses.clear()

    def _account(self, route: Route) -> Egress:
        found = self._egresses.get(route.name)
        if found is None:
            clock = ScaledClock(self._clock, 1.0)
            memory, used = self._memories.get(route.name), self._used(route.name)
            found = self._egresses[route.name] = Egress(Outlet(route, NoWay()), clock, memory, used)
            self._score(route.name, found)
        return found

    def _score(self, name: str, egress: Egress) -> None:
        score = self.scores.get(name)
        if score is None:
            self.scores[name] = AccountScore(egress, self._clock.seconds, self._on_change)
        else:
            score.follow(egress)

    def _used(self, name: str) -> Usage:
        """What the account took lately, in the steps that the store counts it by."""
        before = self._scenario.used.get(name, NOTHING_USED)
        score = self.scores.get(name)
        if score is None:
            return before
        start, since = self._scenario.start, self._clock.now() - REMEMBERED
        times = (start + timedelta(seconds=at) for at in score.taken)
        steps = Counter(bucket_of(time) for time in times if time >= since)
        return replace(before, steps=(*before.steps, *steps.items()))


def _is_counted(route: Route) -> bool:
    """An account, or a direct line that is warmed up like one."""
    return route.kind is RouteKind.SMARTHOST or (route.kind is RouteKind.DIRECT and route.warmup is not None)
