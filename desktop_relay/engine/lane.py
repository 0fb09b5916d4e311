"""One lane of one line at work: its governor, the user's override, and the connections it uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneLimits, LaneMemory, LaneOverride, LaneProfile, LaneReason
from desktop_relay.domain.outcome import Reason
from desktop_relay.policy.governor import Governor

AHEAD_PACE = 50.0
"""Messages per second from which one may be begun while the one before it is still on the wire."""


class Lane:
    """What is throttled together on a line. Times are seconds of the line's clock.

    ``busy`` counts the connections at work for it.
    """

    def __init__(
        self, profile: LaneProfile, override: LaneOverride, memory: LaneMemory | None, clock: Clock
    ) -> None:
        self.key = profile.key
        self.profile = profile
        self.override = override
        self.limits = limits_in_force(profile.limits, override)
        self.busy = 0
        self.cause = Reason.NONE
        self.unsaved = False
        self._clock = clock
        self.governor = Governor(self.limits, memory=memory, at=clock.monotonic(), now=clock.now())

    def is_paused(self, now: datetime) -> bool:
        """The user stopped this lane, and no end of that has come."""
        until = self.override.paused_until
        return self.override.paused and (until is None or now < until)

    def has_room(self, at: float, freed: int = 0) -> bool:
        """One more connection may be used, ``freed`` of the present ones being about to end."""
        return self.busy - freed < self.governor.connections(at)

    def delay(self, at: float) -> float:
        """Seconds until a message could go, taking no token."""
        wait = self.governor.admit(at)
        if wait == 0.0:
            self.governor.give_back(at)
        return wait

    def is_fast(self) -> bool:
        """So fast that beginning one ahead cannot be noticed in the pace."""
        pace = self.governor.pace_allowed
        return pace is None or pace >= AHEAD_PACE

    def learn(self, effect: Effect, reason: Reason, at: float) -> None:
        """Take in what an attempt taught."""
        self.governor.learn(effect, at)
        self.unsaved = True
        if effect.kind in (EffectKind.SLOW, EffectKind.SUSPEND, EffectKind.FEWER_CONNECTIONS):
            self.cause = reason

    def change(self, override: LaneOverride, at: float) -> None:
        """The user set it otherwise, from now on."""
        self.override = override
        self.limits = limits_in_force(self.profile.limits, override)
        self.governor.limit(self.limits, at)
        self.unsaved = True

    def memory(self) -> LaneMemory:
        """What the next engine must know."""
        return self.governor.memory(self._clock.monotonic(), self._clock.now())

    @property
    def reason(self) -> LaneReason:
        """Why it goes at this pace."""
        told = self.governor.reason
        if told in (LaneReason.PROFILE, LaneReason.UNLIMITED) and self.override.rate is not None:
            return LaneReason.USER_LIMIT
        return told


def limits_in_force(limits: LaneLimits, override: LaneOverride) -> LaneLimits:
    """The profile's limits with the user's on top."""
    return replace(
        limits,
        rate=limits.rate if override.rate is None else override.rate,
        connections=limits.connections if override.connections is None else override.connections,
    )
