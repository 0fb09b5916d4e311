"""One lane of one line at work: its governor, the user's override, and the connections it uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from zlib import crc32

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.effect import Effect, EffectKind, Verdict
from desktop_relay.domain.lane import LaneLimits, LaneOverride, LaneProfile, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import MOST_CHANGES, PaceChange
from desktop_relay.policy.governor import Governor

AHEAD_PACE = 50.0
"""Messages per second from which one may be begun while the one before it is still on the wire."""

_SLOWING = frozenset({EffectKind.SLOW, EffectKind.SUSPEND, EffectKind.FEWER_CONNECTIONS})
_CRCS = 2**32
_SPARE_SESSIONS = 2  # times as many as would do if each were used to its end
_SAME_MOMENT = timedelta(seconds=10)
"""Answers to what was under way together are told once."""


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
        self.unsaved_trouble = False
        self.changes: deque[PaceChange] = deque(maxlen=MOST_CHANGES)
        self.changes_unsaved = False
        self._clock = clock
        self.governor = Governor(
            self.limits,
            memory=memory,
            at=clock.monotonic(),
            now=clock.now(),
            phase=crc32(self.key.encode()) / _CRCS,  # lanes that begin together do not go in step
        )

    def is_paused(self, now: datetime) -> bool:
        """The user stopped this lane, and no end of that has come."""
        until = self.override.paused_until
        return self.override.paused and (until is None or now < until)

    def has_room(self, at: float) -> bool:
        """One more connection may be used."""
        return self.busy < self.governor.connections(at)

    def delay(self, at: float) -> float:
        """Seconds until a message could go, taking no token."""
        return self.governor.wait(at)

    def is_fast(self) -> bool:
        """So fast that beginning one ahead cannot be noticed in the pace."""
        pace = self.governor.pace_allowed
        return pace is None or pace >= AHEAD_PACE

    def learn(self, effect: Effect, reason: Reason, at: float) -> None:
        """Take in what an attempt taught."""
        self.governor.learn(effect, at)
        self.unsaved = True
        if effect.kind in _SLOWING:
            self.cause = reason
            self.unsaved_trouble = True

    def recall(self, changes: Iterable[PaceChange]) -> None:
        """What changed the pace before this engine began."""
        self.changes.extendleft(reversed(tuple(changes)))

    def note(self, verdict: Verdict, now: datetime, speed: float) -> None:
        """Remember an answer that changed the pace, after it was learned; paces are told in real seconds."""
        outcome, kind = verdict.outcome, verdict.effect.kind
        if kind not in _SLOWING:
            return
        pace = self.governor.pace_allowed
        seconds = self.governor.suspended_for(self._clock.monotonic()) / speed
        last = self.changes[-1] if self.changes else None
        if last is not None and last.reason is outcome.reason and now - last.at < _SAME_MOMENT / speed:
            self.changes.pop()
        self.changes.append(
            PaceChange(
                at=now,
                kind=kind,
                reason=outcome.reason,
                code=outcome.code,
                enhanced=outcome.enhanced,
                text=outcome.text,
                pace=None if pace is None else pace * speed,
                until=now + timedelta(seconds=seconds) if seconds > 0 else None,
            )
        )
        self.changes_unsaved = True

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
    """The profile's limits with the user's on top; a pace that the user sets has the sessions it needs."""
    connects = limits.connects_per_minute
    if connects is not None and override.rate is not None:
        connects = max(connects, ceil(_SPARE_SESSIONS * override.rate * 60 / limits.messages_per_session))
    return replace(
        limits,
        rate=limits.rate if override.rate is None else override.rate,
        connections=limits.connections if override.connections is None else override.connections,
        per_hour=limits.per_hour if override.per_hour is None else override.per_hour,
        per_day=limits.per_day if override.per_day is None else override.per_day,
        connects_per_minute=connects,
    )


def override_of(before: LaneOverride, command: SetLane) -> LaneOverride:
    """What holds for a lane after ``command``: ``None`` keeps, 0 goes back to the profile."""
    after = before
    if command.rate is not None:
        after = replace(after, rate=command.rate or None)
    if command.connections is not None:
        after = replace(after, connections=command.connections or None)
    if command.per_hour is not None:
        after = replace(after, per_hour=command.per_hour or None)
    if command.per_day is not None:
        after = replace(after, per_day=command.per_day or None)
    if command.paused is not None:
        after = replace(after, paused=command.paused, paused_until=command.until if command.paused else None)
    return after
