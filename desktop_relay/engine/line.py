"""A line: a route in force with its open sessions, its account's pace and its lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneLimits, LaneOverride, LaneReason
from desktop_relay.domain.lane_memory import ACCOUNT, LaneMemories, LaneMemory
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.route import RouteKind
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.egress import Egress, Outlet
from desktop_relay.engine.lane import AHEAD_PACE, Lane
from desktop_relay.engine.learning import Learning, mail_of
from desktop_relay.engine.spread import Spread
from desktop_relay.engine.uplink import Uplink
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.routing import Mail

if TYPE_CHECKING:
    from desktop_relay.engine.stream import Parcel

__all__ = ["ACCOUNT", "Line", "Outlet"]

UNHELD_PACE = 300.0
"""Messages per second of an account from which building them needs more than this process."""

_ACCOUNT_SESSIONS = LaneLimits(messages_per_connection=100)
_OPEN_OVERRIDE = LaneOverride()


class Line:
    """Everything that campaigns on one route share. ``clock`` runs at the line's speed.

    ``egresses`` are the accounts behind the route, shared with other lines; a route without an account has
    one way out of its own. ``fallback`` is where its lanes move to when they are blocked here: the line of
    the route ``other``. ``uplink`` tells what failed by the network alone.
    """

    def __init__(
        self,
        outlet: Outlet,
        clock: ScaledClock,
        directory: Directory,
        overrides: Mapping[str, LaneOverride],
        memories: Mapping[str, LaneMemory],
        changes: Mapping[str, Sequence[PaceChange]] | None = None,
        egresses: Sequence[Egress] = (),
        uplink: Uplink | None = None,
    ) -> None:
        self.clock = clock
        self.speed = clock.speed
        self.lanes: dict[str, Lane] = {}
        self.directory = directory
        self.fallback: Line | None = None
        self.begun = 0
        self._uplink = uplink
        self._learning = Learning(self, uplink)
        self._overrides = dict(overrides)
        self._memories = dict(memories)
        self._changes = dict(changes or {})
        memory = self._memories.pop(ACCOUNT, None)
        self.use(outlet, egresses or (Egress(outlet, clock, memory, network=self._network),))

    def use(self, outlet: Outlet, egresses: Sequence[Egress]) -> None:
        """Send over these from now on; what is on the wire ends by itself."""
        self.route = outlet.route
        self.way = outlet.way
        self.problem = outlet.problem
        self.other = outlet.fallback
        self.egresses = tuple(egresses)
        self._only = self.egresses[0]
        pooled = outlet.route.kind is RouteKind.POOL
        self.spread = Spread(outlet.route, self.egresses) if pooled else None
        for lane in self.lanes.values():
            lane.leave_from(self._leaving_from)

    @property
    def _leaving_from(self) -> str:
        """The address that counts with carriers; the server of an account has its own."""
        if self.route.kind is not RouteKind.DIRECT or self._uplink is None:
            return ""
        return self.route.egress or self._uplink.network.egress

    @property
    def _network(self) -> str:
        return "" if self._uplink is None else self._uplink.network.mark

    async def reopen(self, outlet: Outlet, accounts: Sequence[Egress]) -> None:
        """The route changed; its accounts know already."""
        own = () if accounts else self.egresses
        for egress in own:
            await egress.reopen(outlet, network=self._network)
        self.use(outlet, accounts or own)

    @property
    def account(self) -> Governor | None:
        """The pace of the account, where the route is one."""
        return None if self.spread is not None else self._only.governor

    def lane(self, key: str) -> Lane:
        """The lane, made when first asked for with what is remembered of it."""
        found = self.lanes.get(key)
        if found is None:
            override = self._overrides.get(key, _OPEN_OVERRIDE)
            profile = self.directory.profile_of_lane(key)
            found = Lane(profile, override, self._memories.pop(key, None), self.clock)
            found.recall(self._changes.pop(key, ()))
            found.leave_from(self._leaving_from)
            self.lanes[key] = found
        return found

    def override(self, key: str, override: LaneOverride) -> None:
        """The user set a lane otherwise."""
        self._overrides[key] = override
        if key in self.lanes:
            self.lanes[key].change(override)

    def capacity(self, at: float) -> int:
        """Connections that may be at work at once; none while the account is closed."""
        if self.spread is not None:
            return self.spread.free_connections(at) + self.begun
        others = self._only.busy - self.begun
        return max(0, self._only.connections(at) - others)

    def assign(self, parcel: Parcel, at: float) -> float:
        """0.0: the message is admitted to the egress it now has, else seconds after which to ask again."""
        chosen: Egress | float = self._only
        if self.spread is not None:
            chosen = self.spread.assign(mail_of(parcel), at)
        elif (wait := self._only.admit(at)) > 0:
            return wait
        if isinstance(chosen, float):
            return chosen
        parcel.egress = chosen
        parcel.era = 0 if self._uplink is None else self._uplink.era
        chosen.busy += 1
        self.begun += 1
        return 0.0

    def ended(self, parcel: Parcel, disposition: Disposition | None) -> str:
        """A message ended so, or was not begun (``None``); the name of the account that it counts for."""
        egress = parcel.egress or self._only
        egress.busy -= 1
        self.begun -= 1
        return egress.ended(disposition)

    @property
    def is_uniform(self) -> bool:
        """What one message has to wait for, all have to."""
        return self.spread is None or not self.spread.has_rules

    def is_fast(self) -> bool:
        """The account's pace is no reason to wait with beginning the next message."""
        if self.spread is not None:
            return False  # the next one may go over another account
        pace = None if self.account is None else self.account.pace_allowed
        return pace is None or pace >= AHEAD_PACE

    def is_unheld(self) -> bool:
        """The account allows more than one thread could build."""
        pace = None if self.account is None else self.account.pace_allowed
        return self.account is not None and (pace is None or pace >= UNHELD_PACE)

    def pace(self) -> float | None:
        """Messages per second of all accounts, ``None`` without a limit."""
        if self.spread is not None:
            return self.spread.pace()
        return None if self.account is None else self.account.pace_allowed

    def learn(self, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Who learns what from an attempt; a message that another account may take goes there soon."""
        return self._learning.learn(parcel, exchange, verdict, at)

    def session_limits(self, lane: Lane) -> LaneLimits:
        """How long a session is used: behind an account the carrier's own patience does not count."""
        return lane.limits if self._only.governor is None else _ACCOUNT_SESSIONS

    def account_suspended_for(self, at: float) -> float:
        """Seconds until any mail goes out again, 0.0 while it does."""
        return self.closed_for(None, at)

    def closed_for(self, mail: Mail | None, at: float) -> float:
        """Seconds until this mail, or any, goes out again."""
        return self._only.closed_for(at) if self.spread is None else self.spread.closed_for(mail, at)

    def is_held(self, mail: Mail, at: float) -> bool:
        """The pace of its accounts lets none of this mail go now."""
        if self.spread is not None:
            return self.spread.is_held(mail, at)
        return self.account is not None and self.account.wait(at) > 0

    def why_closed(self, mail: Mail | None, at: float) -> LaneReason:
        """What it waits for."""
        return self._only.why_closed(at) if self.spread is None else self.spread.why_closed(mail, at)

    def takes_back(self, lane: Lane, at: float) -> bool:
        """Whether mail of a lane that goes elsewhere may go here again, from now on with care.

        Where port 25 was blocked one lane finds out whether it still is, and the others follow.
        """
        if self.blocked_for(lane, at) > 0 or self.closed_for(None, at) > 0:
            return False
        if not self._only.may_try(at):
            return False
        if not lane.governor.is_returning:
            lane.governor.come_back(at)
        return True

    def refuses(self, parcel: Parcel, at: float) -> bool:
        """Replies stopped its lane or its way out since it was admitted."""
        egress = parcel.egress or self._only
        return parcel.stream.lane.governor.suspended_for(at) > 0 or egress.refuses(at)

    def blocked_for(self, lane: Lane, at: float) -> float:
        """Seconds for which nothing of the lane gets out here."""
        return max(lane.governor.suspended_for(at), self._only.blocked_for(at))

    def lessons(self, lane: Lane) -> LaneMemories:
        """What a crash must not forget of a lane and of the accounts."""
        found = {}
        if lane.is_urgent:
            found[self.route.name, lane.key] = lane.memory()
        for egress in self.egresses:
            if (account := egress.lesson()) is not None:
                found[egress.name, ACCOUNT] = account
        return found

    def memories(self, *, everything: bool = False) -> dict[str, LaneMemory]:
        """What changed since this was asked last and must outlive the engine."""
        changed = (lane for lane in self.lanes.values() if lane.unsaved or everything)
        return {lane.key: lane.memory() for lane in changed}

    def pace_changes(self) -> dict[str, Sequence[PaceChange]]:
        """The pace changes of lanes that had a new one since this was asked last."""
        changed: dict[str, Sequence[PaceChange]] = {}
        for key, lane in self.lanes.items():
            if lane.changes_unsaved:
                lane.changes_unsaved = False
                changed[key] = tuple(lane.changes)
        return changed
