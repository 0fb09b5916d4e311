"""One lane of one line at work: its governor, the user's override, and the connections it uses."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.effect import SLOWING, Effect, Verdict
from desktop_relay.domain.lane import LaneLimits, LaneOverride, LaneProfile, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import MOST_CHANGES, PaceChange
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.lane_limits import limits_in_force

AHEAD_PACE = 50.0
"""Messages per second from which one may be begun while the one before it is still on the wire."""

_CRCS = 2**32
_SAME_MOMENT = timedelta(seconds=10)
"""Answers to what was under way together are told once."""

_NOBODY: frozenset[Lane] = frozenset()


class Lane:
    """What is throttled together on a line. Times are seconds of the line's clock.

    ``busy`` counts the connections at work for it. ``is_urgent``: its memory goes to the disk with the next
    commit, because a crash must not forget it.
    """

    def __init__(
        self, profile: LaneProfile, override: LaneOverride, memory: LaneMemory | None, clock: Clock
    ) -> None:
        self.key = profile.key
        self.profile = profile
        self.override = override
        self.busy = 0
        self.cause = Reason.NONE
        self.unsaved = False
        self.is_urgent = True  # also a first memory: it tells the next engine what time it was
        self.changes: deque[PaceChange] = deque(maxlen=MOST_CHANGES)
        self.changes_unsaved = False
        self._egress = "" if memory is None else memory.egress
        self._clock = clock
        self.guests = _NOBODY
        self._in_force = override.at(clock.now())
        self.limits = self._limits()
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
        if effect.kind in SLOWING:
            self.cause = reason
            self.is_urgent = True

    def recall(self, changes: Iterable[PaceChange]) -> None:
        """What changed the pace before this engine began."""
        self.changes.extendleft(reversed(tuple(changes)))

    def note(self, verdict: Verdict, now: datetime, speed: float) -> None:
        """Remember an answer that changed the pace, after it was learned; paces are told in real seconds."""
        outcome, kind = verdict.outcome, verdict.effect.kind
        if kind not in SLOWING:
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

    def change(self, override: LaneOverride) -> None:
        """The user set it otherwise, from now on."""
        self.override = override
        self.renew(self.guests)
        self.unsaved = True

    def renew(self, guests: frozenset[Lane] = _NOBODY) -> bool:
        """What the user set may have ended; whether something else holds now.

        ``guests`` are the lanes of other lines whose mail goes here: what the user set on them holds, too.
        """
        in_force = self.override.at(self._clock.now())
        if in_force is self._in_force and not guests and not self.guests:
            return False
        before = (self._in_force.paused, self.limits)
        self._in_force, self.guests = in_force, guests
        limits = self._limits()
        if limits != self.limits:
            self.limits = limits
            self.governor.limit(limits, self._clock.monotonic())
        return before != (in_force.paused, limits)

    def _limits(self) -> LaneLimits:
        now = self._clock.now()
        guests = (guest.override.at(now) for guest in self.guests)
        return limits_in_force(self.profile.limits, self._in_force, guests)

    def leave_from(self, egress: str) -> None:
        """Mail leaves from this address. What was learned at another one proves nothing here: with care."""
        if not egress or egress == self._egress:
            return
        if self._egress:
            self.governor.come_back(self._clock.monotonic())
        self._egress = egress
        self.unsaved = True

    def memory(self) -> LaneMemory:
        """What the next engine must know; whoever asks has to keep it."""
        self.unsaved = self.is_urgent = False
        memory = self.governor.memory(self._clock.monotonic(), self._clock.now())
        return replace(memory, egress=self._egress)

    @property
    def reason(self) -> LaneReason:
        """Why it goes at this pace."""
        told = self.governor.reason
        if told in (LaneReason.PROFILE, LaneReason.UNLIMITED) and self._in_force.rate is not None:
            return LaneReason.USER_LIMIT
        return told
