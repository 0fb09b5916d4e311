"""One way out at work: its open sessions and, behind an account, the account's pace, allowance, health."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import SLOWING, Effect
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.domain.usage import Usage
from desktop_relay.engine.allowance import Allowance
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

NOTHING_USED = Usage()
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
    """Shared by all lines that send over it. ``busy`` counts the messages begun on it that have not ended;
    ``trouble`` is why it last was of no use.

    Times are seconds of ``clock``, which is the line's. Its governor, where it has an account, knows nothing
    of quota or health: those close it as a whole. A server that does not answer is a matter of health, which
    forgives sooner than a block is forgiven: it is the user's own, and no carrier's verdict.
    """

    def __init__(
        self,
        outlet: Outlet,
        clock: ScaledClock,
        memory: LaneMemory | None = None,
        used: Usage = NOTHING_USED,
        network: str = "",
    ) -> None:
        self.clock = clock
        self.busy = 0
        self.trouble = Reason.NONE
        kept = memory or LaneMemory(clock.now())
        since = kept.since(clock.monotonic(), clock.now())
        self.health = Health(kept.health, since)
        self.allowance = Allowance(clock, kept.warmup)
        is_direct = outlet.route.kind is RouteKind.DIRECT
        self.port25 = Port25Watch(network, kept.port25, since) if is_direct else None
        self.governor = self._govern(outlet.route, memory)
        self._unsaved = False
        self._is_urgent = True
        self._cut_off_until = float("-inf")
        self._use(outlet, used)

    def _use(self, outlet: Outlet, used: Usage) -> None:
        self.route = outlet.route
        self.problem = outlet.problem
        self.way = outlet.way
        self.pool = Pool(outlet.way, self.clock)
        self.allowance.use(outlet.route, used)

    def _govern(self, route: Route, memory: LaneMemory | None) -> Governor | None:
        if route.kind is not RouteKind.SMARTHOST:
            return None
        now = self.clock.now()
        return Governor(account_limits(route), memory=memory, at=self.clock.monotonic(), now=now)

    @property
    def name(self) -> str:
        """Its route's."""
        return self.route.name

    @property
    def quota(self) -> Quota | None:
        """What it may take, where that is limited."""
        return self.allowance.quota

    async def reopen(self, outlet: Outlet, used: Usage = NOTHING_USED, network: str = "") -> None:
        """The route or the network changed; sessions at work end by themselves.

        ``used`` matters where a quota is new.
        """
        before = self.pool
        self._use(outlet, used)
        self._cut_off_until = float("-inf")
        if self.port25 is not None:
            self.port25 = Port25Watch(network)
            self._unsaved = True
        if self.governor is not None:
            self.governor.limit(account_limits(outlet.route), self.clock.monotonic())
        await before.close()

    def connections(self, at: float) -> int:
        """Connections that may be at work at once; none while it is closed."""
        may_be_closed = self.quota is not None or self.port25 is not None or self.is_cut_off(at)
        if (may_be_closed or self.health.strikes) and self.closed_for(at) > 0:
            return 0
        if self.health.strikes or (self.port25 is not None and self.port25.is_doubted):
            return 1  # one finds out
        return MOST_CONNECTIONS if self.governor is None else self.governor.connections(at)

    def cut_off(self, at: float, seconds: float) -> None:
        """There is no network to reach it by, which says nothing about it; it is tried again after that."""
        if not self.is_cut_off(at):
            self._cut_off_until = at + seconds * self.clock.speed

    def is_cut_off(self, at: float) -> bool:
        """It waits for the network."""
        return at < self._cut_off_until

    def closed_for(self, at: float, keep: int = 0) -> float:
        """Seconds until it takes mail again, 0.0 when it does; ``keep`` as for ``admit``."""
        return max(self.blocked_for(at, keep), self._cut_off_until - at)

    def blocked_for(self, at: float, keep: int = 0) -> float:
        """The same as far as another way out would help."""
        wait = self.health.rest(at)
        if self.governor is not None:
            wait = max(wait, self.governor.suspended_for(at))
        wait = max(wait, self.allowance.wait(keep))
        return wait if self.port25 is None else max(wait, self.port25.blocked_for(at))

    def refuses(self, at: float) -> bool:
        """Replies stopped it; a quota that the last message used up does not stop that message."""
        suspended = self.governor is not None and self.governor.suspended_for(at) > 0
        blocked = self.port25 is not None and self.port25.blocked_for(at) > 0
        return suspended or blocked or self.health.rest(at) > 0 or self.is_cut_off(at)

    def why_closed(self, at: float) -> LaneReason:
        """What closes it: for want of a network, or for the longest."""
        if self.is_cut_off(at):
            return LaneReason.NO_NETWORK
        rest, suspended = self.health.rest(at), 0.0
        if self.governor is not None:
            suspended = self.governor.suspended_for(at)
        free = self.allowance.wait()  # asked for once: what is left of it is less at every look
        if free > 0 and free >= max(rest, suspended):
            return self.allowance.why()
        if rest > 0 and rest >= suspended:
            return LaneReason.ACCOUNTS_RESTING
        if self.port25 is not None:
            return LaneReason.PORT25_BLOCKED
        return LaneReason.NONE if self.governor is None else self.governor.reason

    def admit(self, at: float, keep: int = 0) -> float:
        """0.0: one message may go and counts; else the seconds after which to ask again.

        ``keep`` of the day's quota are left to other mail.
        """
        if (wait := self.allowance.wait(keep)) > 0:
            return wait
        wait = 0.0 if self.governor is None else self.governor.admit(at)
        if wait == 0.0:
            self.allowance.take()
        return wait

    def permit_of(self, lane: Governor) -> Callable[[], float]:
        """What is asked before a session is opened: the account where there is one, else the lane."""
        governor = lane if self.governor is None else self.governor
        return lambda: governor.may_connect(self.clock.monotonic())

    def ended(self, disposition: Disposition | None) -> str:
        """A message that was admitted ended so, or was not begun; the account's name if it counts there."""
        self._unsaved = True
        taken = disposition in _TAKEN
        self.allowance.end(taken=taken)
        return self.route.name if taken and self.route.kind.is_counted else ""

    def learn(self, effect: Effect, at: float) -> None:
        """What an attempt taught about the account."""
        if self.governor is not None:
            self.governor.learn(effect, at)
            self._is_urgent |= effect.kind in SLOWING

    def notice(self, exchange: Exchange, at: float) -> bool:
        """Whether nothing gets out to port 25 here, as this attempt shows or others did."""
        if self.port25 is None:
            return False
        self._is_urgent |= self.port25.learn(exchange, at)
        return self.port25.blocked_for(at) > 0

    def may_try(self, at: float) -> bool:
        """Whether a lane that left it may come back; as the watch on port 25 says."""
        self._unsaved = True
        return self.port25 is None or self.port25.may_try(at)

    def fail(self, at: float) -> None:
        """It was of no use, and is left alone for a while."""
        self.health.fail(at)
        self._is_urgent = True

    def forgive(self) -> None:
        """A person changed something, or the network is another one: it may work again at once."""
        self.health.forgive()
        self._unsaved = True

    def lesson(self) -> LaneMemory | None:
        """What a crash must not forget."""
        return self.memory(everything=True) if self._is_urgent or self.allowance.is_urgent else None

    def memory(self, *, everything: bool = False) -> LaneMemory | None:
        """What must outlive the engine, if that changed since this was asked last."""
        changed = self._unsaved or self.allowance.is_urgent or everything
        if (self.governor is None and self.port25 is None) or not changed:
            return None
        self._unsaved = self._is_urgent = self.allowance.is_urgent = False
        at, now = self.clock.monotonic(), self.clock.now()
        kept = LaneMemory(now) if self.governor is None else self.governor.memory(at, now)
        kept = replace(kept, warmup=self.allowance.memory)
        if self.port25 is not None:
            return replace(kept, port25=self.port25.memory(at))
        return replace(kept, health=self.health.memory(at))


def account_limits(route: Route) -> LaneLimits:
    """What the account allows as a whole."""
    connections = MOST_OF_ACCOUNT if route.max_connections is None else route.max_connections
    return LaneLimits(rate=route.rate, connections=max(1, connections))
