"""A line: a route in force with its open sessions, its account's pace and its lanes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneLimits, LaneMemory, LaneOverride
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.lane import AHEAD_PACE, Lane
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.profiles import Directory
from desktop_relay.transport.pool import Pool
from desktop_relay.transport.ways import Way

ACCOUNT = "*"
"""Stands in for a lane where an account's own memory is kept."""

MOST_CONNECTIONS = 256
"""Of a line without an account: far more than one machine's mail needs, and a stop for runaways."""

MOST_OF_ACCOUNT = 100

UNHELD_PACE = 300.0
"""Messages per second of an account from which building them needs more than this process."""

_ACCOUNT_SESSIONS = LaneLimits(messages_per_connection=100)
_OPEN_OVERRIDE = LaneOverride()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A way out that is open, with the route as it is in force; ``problem`` says why it is of no use."""

    route: Route
    way: Way
    problem: PauseReason = PauseReason.NONE


class Line:
    """Everything that campaigns on one route share. ``clock`` runs at the line's speed."""

    def __init__(
        self,
        outlet: Outlet,
        clock: ScaledClock,
        directory: Directory,
        overrides: Mapping[str, LaneOverride],
        memories: Mapping[str, LaneMemory],
    ) -> None:
        self.clock = clock
        self.speed = clock.speed
        self.lanes: dict[str, Lane] = {}
        self.directory = directory
        self._overrides = dict(overrides)
        self._memories = dict(memories)
        self.account = self._account(outlet.route, self._memories.pop(ACCOUNT, None))
        self._use(outlet)

    def _use(self, outlet: Outlet) -> None:
        self.route = outlet.route
        self.problem = outlet.problem
        self.way = outlet.way
        self.pool = Pool(outlet.way, self.clock)

    def _account(self, route: Route, memory: LaneMemory | None) -> Governor | None:
        if route.kind is not RouteKind.SMARTHOST:
            return None
        now = self.clock.now()
        return Governor(account_limits(route), memory=memory, at=self.clock.monotonic(), now=now)

    def lane(self, key: str) -> Lane:
        """The lane, made when first asked for with what is remembered of it."""
        found = self.lanes.get(key)
        if found is None:
            override = self._overrides.get(key, _OPEN_OVERRIDE)
            profile = self.directory.profile_of_lane(key)
            found = Lane(profile, override, self._memories.pop(key, None), self.clock)
            self.lanes[key] = found
        return found

    def override(self, key: str, override: LaneOverride) -> None:
        """The user set a lane otherwise."""
        self._overrides[key] = override
        if key in self.lanes:
            self.lanes[key].change(override, self.clock.monotonic())

    def capacity(self, at: float) -> int:
        """Connections that may be at work at once; none while the account is suspended."""
        if self.account is None:
            return MOST_CONNECTIONS
        return self.account.connections(at)

    def admit(self, at: float) -> float:
        """The account's word: 0.0 for one message admitted, else the seconds after which to ask again."""
        return 0.0 if self.account is None else self.account.admit(at)

    def is_fast(self) -> bool:
        """The account's pace is no reason to wait with beginning the next message."""
        pace = None if self.account is None else self.account.pace_allowed
        return pace is None or pace >= AHEAD_PACE

    def is_unheld(self) -> bool:
        """The account allows more than one thread could build."""
        pace = None if self.account is None else self.account.pace_allowed
        return self.account is not None and (pace is None or pace >= UNHELD_PACE)

    def session_limits(self, lane: Lane) -> LaneLimits:
        """How long a session is used: behind an account the carrier's own patience does not count."""
        return lane.limits if self.account is None else _ACCOUNT_SESSIONS

    def account_suspended_for(self, at: float) -> float:
        """Seconds."""
        return 0.0 if self.account is None else self.account.suspended_for(at)

    async def reopen(self, outlet: Outlet) -> None:
        """The route changed; sessions at work end by themselves."""
        before = self.pool
        self._use(outlet)
        if self.account is not None:
            self.account.limit(account_limits(outlet.route), self.clock.monotonic())
        await before.close()

    def memories(self, *, everything: bool = False) -> dict[str, LaneMemory]:
        """What changed since this was asked last and must outlive the engine."""
        changed = {}
        for key, lane in self.lanes.items():
            if lane.unsaved or everything:
                lane.unsaved = False
                changed[key] = lane.memory()
        if changed and self.account is not None:
            changed[ACCOUNT] = self.account.memory(self.clock.monotonic(), self.clock.now())
        return changed


def account_limits(route: Route) -> LaneLimits:
    """What the account allows as a whole."""
    connections = MOST_OF_ACCOUNT if route.max_connections is None else route.max_connections
    return LaneLimits(rate=route.rate, connections=max(1, connections))


def later(now: datetime, then: datetime | None) -> float:
    """Seconds from ``now`` until ``then``, none when it has passed or never comes."""
    return 0.0 if then is None else max(0.0, (then - now).total_seconds())
