"""A line: a route in force with its open sessions, its account's pace and its lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import Effect, EffectKind, Verdict
from desktop_relay.domain.exchange import OPENING, Exchange
from desktop_relay.domain.lane import LaneLimits, LaneOverride, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.route import RouteKind
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.egress import Egress, Outlet
from desktop_relay.engine.lane import AHEAD_PACE, Lane
from desktop_relay.engine.spread import Spread
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.port25 import Port25Watch
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.routing import Mail, concerns_account, may_fail_over

if TYPE_CHECKING:
    from desktop_relay.engine.stream import Parcel

__all__ = ["ACCOUNT", "Line", "Outlet", "later"]

ACCOUNT = "*"
"""Stands in for a lane where an account's own memory is kept."""

UNHELD_PACE = 300.0
"""Messages per second of an account from which building them needs more than this process."""

FAIL_OVER = timedelta(seconds=1)
"""A message that one account could not take goes over another one so much later."""

_ACCOUNT_SESSIONS = LaneLimits(messages_per_connection=100)
_OPEN_OVERRIDE = LaneOverride()


class Line:
    """Everything that campaigns on one route share. ``clock`` runs at the line's speed.

    ``egresses`` are the accounts behind the route, shared with other lines; a route without an account has
    one way out of its own. ``fallback`` is where its lanes move to when they are blocked here: the line of
    the route ``other``.
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
    ) -> None:
        self.clock = clock
        self.speed = clock.speed
        self.lanes: dict[str, Lane] = {}
        self.directory = directory
        self.fallback: Line | None = None
        self.begun = 0
        self._overrides = dict(overrides)
        self._memories = dict(memories)
        self._changes = dict(changes or {})
        memory = self._memories.pop(ACCOUNT, None)
        self.use(outlet, egresses or (Egress(outlet, clock, memory),))

    def use(self, outlet: Outlet, egresses: Sequence[Egress]) -> None:
        """Send over these from now on; what is on the wire ends by itself."""
        self.route = outlet.route
        self.way = outlet.way
        self.problem = outlet.problem
        self.other = outlet.fallback
        self.egresses = tuple(egresses)
        self._only = self.egresses[0]
        pooled = outlet.route.kind is RouteKind.POOL
        self._spread = Spread(outlet.route, self.egresses) if pooled else None

    async def reopen(self, outlet: Outlet, accounts: Sequence[Egress]) -> None:
        """The route changed; its accounts know already."""
        own = () if accounts else self.egresses
        for egress in own:
            await egress.reopen(outlet)
        self.use(outlet, accounts or own)

    @property
    def account(self) -> Governor | None:
        """The pace of the account, where the route is one."""
        return None if self._spread is not None else self._only.governor

    def lane(self, key: str) -> Lane:
        """The lane, made when first asked for with what is remembered of it."""
        found = self.lanes.get(key)
        if found is None:
            override = self._overrides.get(key, _OPEN_OVERRIDE)
            profile = self.directory.profile_of_lane(key)
            found = Lane(profile, override, self._memories.pop(key, None), self.clock)
            found.recall(self._changes.pop(key, ()))
            self.lanes[key] = found
        return found

    def override(self, key: str, override: LaneOverride) -> None:
        """The user set a lane otherwise."""
        self._overrides[key] = override
        if key in self.lanes:
            self.lanes[key].change(override, self.clock.monotonic())

    def capacity(self, at: float) -> int:
        """Connections that may be at work at once; none while the account is closed."""
        if self._spread is not None:
            return self._spread.free_connections(at) + self.begun
        others = self._only.busy - self.begun
        return max(0, self._only.connections(at) - others)

    def assign(self, parcel: Parcel, at: float) -> float:
        """0.0: the message is admitted to the egress it now has, else seconds after which to ask again."""
        chosen: Egress | float = self._only
        if self._spread is not None:
            chosen = self._spread.assign(_mail(parcel), at)
        elif (wait := self._only.admit(at)) > 0:
            return wait
        if isinstance(chosen, float):
            return chosen
        parcel.egress = chosen
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
        return self._spread is None or not self._spread.has_rules

    def is_fast(self) -> bool:
        """The account's pace is no reason to wait with beginning the next message."""
        if self._spread is not None:
            return False  # the next one may go over another account
        pace = None if self.account is None else self.account.pace_allowed
        return pace is None or pace >= AHEAD_PACE

    def is_unheld(self) -> bool:
        """The account allows more than one thread could build."""
        pace = None if self.account is None else self.account.pace_allowed
        return self.account is not None and (pace is None or pace >= UNHELD_PACE)

    def pace(self) -> float | None:
        """Messages per second of all accounts, ``None`` without a limit."""
        if self._spread is not None:
            return self._spread.pace()
        return None if self.account is None else self.account.pace_allowed

    def learn(self, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Who learns what from an attempt; a message that another account may take goes there soon."""
        egress, lane, effect = parcel.egress or self._only, parcel.stream.lane, verdict.effect
        opening = exchange.stage in OPENING
        if egress.governor is not None and (opening or effect.kind is EffectKind.SUCCESS):
            # what happens before MAIL on an account's server concerns the account, not the carrier
            egress.governor.learn(effect, at)
        if egress.port25 is not None:
            egress.port25.learn(exchange, at)
            if verdict.outcome.disposition is Disposition.DEFERRED and egress.port25.blocked_for(at) > 0:
                return self._behind_port25(egress.port25, verdict)
        if self._spread is not None and self._trouble(egress, exchange, effect, at):
            deferred = verdict.outcome.disposition is Disposition.DEFERRED
            if deferred and may_fail_over(exchange) and self._spread.has_other(egress, _mail(parcel), at):
                return Verdict(replace(verdict.outcome, retry_after=FAIL_OVER))
        if egress.governor is None or not opening:
            lane.learn(effect, verdict.outcome.reason, at)
        return verdict

    def _behind_port25(self, watch: Port25Watch, verdict: Verdict) -> Verdict:
        """Nothing gets out to port 25: over the fallback, or a person has to know."""
        if self.fallback is not None:
            return Verdict(replace(verdict.outcome, reason=Reason.PORT25_BLOCKED, retry_after=FAIL_OVER))
        watch.forget()  # whoever resumes wants it tried again
        stop = Effect(EffectKind.STOP_CAMPAIGN, pause_reason=PauseReason.PORT25_BLOCKED)
        return Verdict(replace(verdict.outcome, reason=Reason.PORT25_BLOCKED), stop)

    def _trouble(self, egress: Egress, exchange: Exchange, effect: Effect, at: float) -> bool:
        """Whether the attempt shows that the account of a pool is of no use now; it rests then."""
        if effect.kind is EffectKind.SUCCESS:
            egress.health.succeed(at)
            return False
        if not (concerns_account(exchange) or effect.kind is EffectKind.STOP_CAMPAIGN):
            return False
        egress.health.fail(at)
        return True

    def session_limits(self, lane: Lane) -> LaneLimits:
        """How long a session is used: behind an account the carrier's own patience does not count."""
        return lane.limits if self._only.governor is None else _ACCOUNT_SESSIONS

    def account_suspended_for(self, at: float) -> float:
        """Seconds until any mail goes out again, 0.0 while it does."""
        return self.closed_for(None, at)

    def closed_for(self, mail: Mail | None, at: float) -> float:
        """Seconds until this mail, or any, goes out again."""
        return self._only.closed_for(at) if self._spread is None else self._spread.closed_for(mail, at)

    def why_closed(self, mail: Mail | None, at: float) -> LaneReason:
        """What it waits for."""
        return self._only.why_closed(at) if self._spread is None else self._spread.why_closed(mail, at)

    def blocked_for(self, lane: Lane, at: float) -> float:
        """Seconds for which nothing of the lane gets out here."""
        return max(lane.governor.suspended_for(at), self._only.closed_for(at))

    @property
    def has_trouble(self) -> bool:
        """A lane was slowed or stopped, and a crash would make it forget."""
        return any(lane.unsaved_trouble for lane in self.lanes.values())

    def memories(self, *, everything: bool = False) -> dict[str, LaneMemory]:
        """What changed since this was asked last and must outlive the engine."""
        changed = {}
        for key, lane in self.lanes.items():
            if lane.unsaved or everything:
                lane.unsaved = lane.unsaved_trouble = False
                changed[key] = lane.memory()
        return changed

    def pace_changes(self) -> dict[str, Sequence[PaceChange]]:
        """The pace changes of lanes that had a new one since this was asked last."""
        changed: dict[str, Sequence[PaceChange]] = {}
        for key, lane in self.lanes.items():
            if lane.changes_unsaved:
                lane.changes_unsaved = False
                changed[key] = tuple(lane.changes)
        return changed


def _mail(parcel: Parcel) -> Mail:
    message = parcel.message
    sender = parcel.stream.run.submitted.snapshot.identity.address
    return Mail(parcel.stream.lane.key, sender, len(message.content))


def later(now: datetime, then: datetime | None) -> float:
    """Seconds from ``now`` until ``then``, none when it has passed or never comes."""
    return 0.0 if then is None else max(0.0, (then - now).total_seconds())
