"""One way out at work: its open sessions and, behind an account, the account's pace, quota and health."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.health import Health
from desktop_relay.policy.port25 import Port25Watch
from desktop_relay.policy.quota import Quota
from desktop_relay.transport.pool import Pool
from desktop_relay.transport.ways import Way

MOST_CONNECTIONS = 256
"""Of a way out without an account: far more than one machine's mail needs, and a stop for runaways."""

MOST_OF_ACCOUNT = 100

Used = Iterable[tuple[datetime, int]]
"""Messages an account took, by the time they are counted at."""

_TAKEN = frozenset({Disposition.ACCEPTED, Disposition.UNKNOWN})
"""What the account's provider counts, or may have counted."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A way out that is open, with the route as it is in force; ``problem`` says why it is of no use.

    ``members`` are the accounts of a pool, ``fallback`` what a direct route's lanes move to.
    """

    route: Route
    way: Way
    problem: PauseReason = PauseReason.NONE
    members: tuple[Route, ...] = ()
    fallback: Route | None = None


class Egress:
    """Shared by all lines that send over it. ``busy`` counts the messages begun on it that have not ended.

    Times are seconds of ``clock``, which is the line's. Its governor, where it has an account, knows nothing
    of quota or health: those close it as a whole.
    """

    def __init__(
        self, outlet: Outlet, clock: ScaledClock, memory: LaneMemory | None = None, used: Used = ()
    ) -> None:
        self.clock = clock
        self.busy = 0
        self.health = Health()
        self.quota: Quota | None = None
        self.port25 = Port25Watch() if outlet.route.kind is RouteKind.DIRECT else None
        self.governor = self._govern(outlet.route, memory)
        self._unsaved = False
        self._use(outlet, used)

    def _use(self, outlet: Outlet, used: Used) -> None:
        self.route = outlet.route
        self.problem = outlet.problem
        self.way = outlet.way
        self.pool = Pool(outlet.way, self.clock)
        daily, hourly = outlet.route.daily_quota, outlet.route.hourly_quota
        if daily is None and hourly is None:
            self.quota = None
        elif self.quota is None:
            self.quota = Quota(daily, hourly, used=used)
        else:
            self.quota.limit(daily, hourly)

    def _govern(self, route: Route, memory: LaneMemory | None) -> Governor | None:
        if route.kind is not RouteKind.SMARTHOST:
            return None
        now = self.clock.now()
        return Governor(account_limits(route), memory=memory, at=self.clock.monotonic(), now=now)

    @property
    def name(self) -> str:
        """Its route's."""
        return self.route.name

    async def reopen(self, outlet: Outlet, used: Used = ()) -> None:
        """The route changed; sessions at work end by themselves. ``used`` matters where a quota is new."""
        before = self.pool
        self._use(outlet, used)
        self.health.forgive()
        if self.port25 is not None:
            self.port25.forget()
        if self.governor is not None:
            self.governor.limit(account_limits(outlet.route), self.clock.monotonic())
        await before.close()

    def connections(self, at: float) -> int:
        """Connections that may be at work at once; none while it is closed."""
        if (self.quota is not None or self.port25 is not None) and self.closed_for(at) > 0:
            return 0
        return MOST_CONNECTIONS if self.governor is None else self.governor.connections(at)

    def closed_for(self, at: float, keep: int = 0) -> float:
        """Seconds until it takes mail again, 0.0 when it does; ``keep`` as for ``admit``."""
        wait = 0.0 if self.governor is None else self.governor.suspended_for(at)
        if self.quota is not None:
            wait = max(wait, self._until_free(keep))
        return wait if self.port25 is None else max(wait, self.port25.blocked_for(at))

    def why_closed(self, at: float) -> LaneReason:
        """What closes it for the longest."""
        wait = self.closed_for(at)
        if self.quota is not None and wait <= self._until_free():
            return LaneReason.QUOTA_USED
        if self.port25 is not None:
            return LaneReason.PORT25_BLOCKED
        return LaneReason.NONE if self.governor is None else self.governor.reason

    def admit(self, at: float, keep: int = 0) -> float:
        """0.0: one message may go and counts; else the seconds after which to ask again.

        ``keep`` of the day's quota are left to other mail.
        """
        if self.quota is not None and (wait := self._until_free(keep)) > 0:
            return wait
        wait = 0.0 if self.governor is None else self.governor.admit(at)
        if wait == 0.0 and self.quota is not None:
            self.quota.take(self.clock.now())
        return wait

    def permit_of(self, lane: Governor) -> Callable[[], float]:
        """What is asked before a session is opened: the account where there is one, else the lane."""
        governor = lane if self.governor is None else self.governor
        return lambda: governor.may_connect(self.clock.monotonic())

    def ended(self, disposition: Disposition | None) -> str:
        """A message that was admitted ended so, or was not begun; the account's name if it counts there."""
        self._unsaved = True
        if disposition in _TAKEN:
            return self.route.name if self.governor is not None else ""
        if self.quota is not None:
            self.quota.give_back(self.clock.now())
        return ""

    def memory(self, *, everything: bool = False) -> LaneMemory | None:
        """What must outlive the engine, if that changed since this was asked last."""
        if self.governor is None or not (self._unsaved or everything):
            return None
        self._unsaved = False
        return self.governor.memory(self.clock.monotonic(), self.clock.now())

    def _until_free(self, keep: int = 0) -> float:
        if self.quota is None:
            return 0.0
        now = self.clock.now()
        free_at = self.quota.free_at(now, keep)
        # a little more than nothing: what is closed must not look open for want of a microsecond
        return 0.0 if free_at is None else max((free_at - now).total_seconds(), 0.001) * self.clock.speed


def account_limits(route: Route) -> LaneLimits:
    """What the account allows as a whole."""
    connections = MOST_OF_ACCOUNT if route.max_connections is None else route.max_connections
    return LaneLimits(rate=route.rate, connections=max(1, connections))
