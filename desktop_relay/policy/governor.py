"""One lane's pace: who may be sent now, over how many connections, and what replies change about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneLimits, LaneMemory, LaneReason
from desktop_relay.policy.bucket import Bucket
from desktop_relay.policy.slowing import Slowing
from desktop_relay.policy.window import ConcurrencyWindow

_NEVER = float("-inf")
_SLOWEST_LIMIT = 1 / 3600  # a limit below one an hour is taken as one an hour
_UNLIMITED_PACE = 10.0  # messages per second that a lane without a limit is slowed from
_STREAK = 5  # connect failures in a row that look like a block
_FIRST_PAUSE = 3600.0
_LONGEST_PAUSE = 86400.0
_DEAD_PAUSE = 300.0  # more than a whole cohort failed: the host may just be restarting
_QUIET = 600.0  # seconds without growth after "too many connections"


class Governor:
    """A pure state machine; every ``at`` is monotonic seconds, already scaled by the caller's speed.

    Pace: a token bucket on ``limits.rate``, halved by SLOW (never below one a minute) and given back by a
    tenth for each clean minute. Connections: a window from 2 that grows by 1/N per success and shrinks by 1/N
    per connect failure, within 1 and ``limits.connections``. Suspension: by SUSPEND, by more than a cohort of
    failures, or by five failures in a row; the latter and repeated SUSPENDs double, up to a day, until
    something goes through.
    """

    def __init__(self, limits: LaneLimits, *, memory: LaneMemory | None, at: float, now: datetime) -> None:
        """``memory`` is what an earlier governor left at ``memory.at``; ``now`` is aware UTC for ``at``."""
        self._at = at
        self._limits = limits
        self._suspended_until = _NEVER
        # With nothing remembered one message may go at once, not a whole burst.
        kept = memory or LaneMemory(at=now, tokens=1.0)
        self._slowing = Slowing(kept.slow_factor, at)
        self._window = ConcurrencyWindow(limits.connections, kept.window)
        self._bucket = Bucket(self.pace_allowed, kept.tokens, at - _seconds(now - kept.at))
        self._bucket.advance(at)
        self._cause = kept.reason
        self._strikes = kept.strikes
        # How far the streak had come is not remembered: one more failure completes it.
        self._streak = _STREAK - 1 if kept.reason is LaneReason.CONNECT_FAILURES else 0
        if kept.reason is not LaneReason.NONE:
            self._window.hold_growth(at + _QUIET)
        if kept.suspended_until is not None and kept.suspended_until > now:
            self._suspended_until = at + _seconds(kept.suspended_until - now)
            self._slowing.hold(self._suspended_until)

    def admit(self, at: float) -> float:
        """0.0: one message may go, and its token is taken; else the seconds after which to ask again."""
        waiting = self.suspended_for(at)
        return waiting if waiting > 0 else self._bucket.take()

    def give_back(self, at: float) -> None:
        """An admitted message was not sent; it counts as the newest one, so no burst can come of it."""
        self._pass_time(at)
        self._bucket.give_back()

    def connections(self, at: float) -> int:
        """Connections that may be open now; none while suspended."""
        return 0 if self.suspended_for(at) > 0 else self._window.connections

    def suspended_for(self, at: float) -> float:
        """Seconds until the suspension ends, 0.0 without one."""
        self._pass_time(at)
        return max(0.0, self._suspended_until - self._at)

    def learn(self, effect: Effect, at: float) -> None:
        """Take in what an attempt taught."""
        suspended = self.suspended_for(at) > 0
        match effect.kind:
            case EffectKind.SUCCESS:
                if not suspended:
                    self._succeed()
            case EffectKind.SLOW:
                self._slowing.slow(self._base_pace, effect.rate, self._at)
                self._slowing.hold(self._suspended_until)
                self._bucket.change(self.pace_allowed)
            case EffectKind.SUSPEND:
                pause = effect.pause.total_seconds() if effect.pause is not None else _FIRST_PAUSE
                self._block(pause, effect.reason)
            case EffectKind.FEWER_CONNECTIONS if effect.reason is LaneReason.CONNECT_FAILURES:
                if not suspended:
                    self._fail()
            case EffectKind.FEWER_CONNECTIONS:
                self._window.shrink()
                self._window.hold_growth(self._at + _QUIET)
            case _:
                pass  # about the recipient, the connection or the campaign, not about the lane

    def limit(self, limits: LaneLimits, at: float) -> None:
        """Go on under other limits, from this moment."""
        self._pass_time(at)
        self._limits = limits
        self._window.change(limits.connections)
        self._bucket.change(self.pace_allowed)

    @property
    def pace_allowed(self) -> float | None:
        """Messages per second as of the last call, ``None`` without a limit."""
        if self._limits.rate is None and not self.slowed:
            return None
        return self._base_pace * self._slowing.factor

    @property
    def slowed(self) -> bool:
        """Whether replies hold the pace below the limit."""
        return self._slowing.factor < 1.0

    @property
    def reason(self) -> LaneReason:
        """Why the lane goes at this pace, as of the last call."""
        if self._suspended_until > self._at:
            return self._cause
        if self.slowed:
            return LaneReason.REPLIES
        return LaneReason.UNLIMITED if self._limits.rate is None else LaneReason.PROFILE

    def memory(self, at: float, now: datetime) -> LaneMemory:
        """What the next governor of this lane needs in order not to be faster than this one."""
        remaining = self.suspended_for(at)
        return LaneMemory(
            at=now,
            tokens=self._bucket.tokens,
            window=self._window.size,
            slow_factor=self._slowing.factor,
            suspended_until=now + timedelta(seconds=remaining) if remaining > 0 else None,
            reason=self._trouble(),
            strikes=self._strikes,
        )

    @property
    def _base_pace(self) -> float:
        rate = self._limits.rate
        return _UNLIMITED_PACE if rate is None else max(rate, _SLOWEST_LIMIT)

    def _pass_time(self, at: float) -> None:
        self._at = max(at, self._at)
        self._bucket.advance(self._at)
        if self._slowing.recover(self._at):
            self._bucket.change(self.pace_allowed)

    def _succeed(self) -> None:
        self._window.succeed(self._at)
        self._streak = self._strikes = 0

    def _fail(self) -> None:
        self._streak += 1
        cohort_failed = self._window.fail()
        if self._streak >= _STREAK or self._strikes:
            self._block(_FIRST_PAUSE, LaneReason.CONNECT_FAILURES)
        elif cohort_failed:
            self._suspend(_DEAD_PAUSE, LaneReason.CONNECT_FAILURES)

    def _block(self, pause: float, reason: LaneReason) -> None:
        """Suspend for longer each time in a row; what arrives during a suspension only stretches it."""
        if self._suspended_until <= self._at:
            pause = min(max(pause, _LONGEST_PAUSE), pause * 2.0 ** min(self._strikes, 10))
            self._strikes += 1
        self._suspend(pause, reason if reason is not LaneReason.NONE else LaneReason.BLOCKED)

    def _suspend(self, pause: float, cause: LaneReason) -> None:
        self._cause = cause
        self._suspended_until = max(self._suspended_until, self._at + pause)
        self._slowing.hold(self._suspended_until)
        self._window.restart()

    def _trouble(self) -> LaneReason:
        """What a later governor has to be careful about."""
        if self._suspended_until > self._at:
            return self._cause
        if self._streak:
            return LaneReason.CONNECT_FAILURES
        held = self.slowed or self._window.held(self._at)
        return LaneReason.REPLIES if held else LaneReason.NONE


def _seconds(span: timedelta) -> float:
    return max(0.0, span.total_seconds())
