"""One lane's pace: who may be sent now, over how many connections, and what replies change about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.policy.adjustment import Adjustment
from desktop_relay.policy.bucket import Bucket
from desktop_relay.policy.counts import LaneCounts
from desktop_relay.policy.pace_telling import PaceTelling
from desktop_relay.policy.slowing import Slowing
from desktop_relay.policy.suspension import DEAD_PAUSE, Suspension
from desktop_relay.policy.window import ConcurrencyWindow

_SLOWEST_LIMIT = 1 / 3600  # a limit below one an hour is taken as one an hour
_JUMP = 60.0  # seconds by which a clock that went back is another clock


class Governor:
    """A pure state machine; every ``at`` is monotonic seconds, already scaled by the caller's speed.

    ``limits.rate`` is kept by a ``Bucket``; the hour, the day and sessions by the minute by ``LaneCounts``:
    in no second, minute, hour or day more than allowed. Replies work through ``Slowing`` (the pace),
    ``ConcurrencyWindow`` (connections) and ``Suspension``. All of it survives in ``memory``.
    """

    def __init__(
        self,
        limits: LaneLimits,
        *,
        memory: LaneMemory | None,
        at: float,
        now: datetime,
        phase: float = 0.0,
        on_change: Callable[[Adjustment], None] | None = None,
    ) -> None:
        """``memory`` is what an earlier governor left at ``memory.at``; ``now`` is aware UTC for ``at``.

        ``phase``, from 0 to 1, sets lanes apart that begin together. ``on_change`` hears of every new pace.
        """
        self._at = at
        self._skew = 0.0
        self._rate = limits.rate
        # With nothing remembered one message may go at once, not a whole burst.
        kept = memory or LaneMemory(at=now, tokens=1.0, phase=phase)
        since = kept.since(at, now)
        self._suspension = Suspension(kept.suspension, since)
        self._slowing = Slowing(_base(limits), kept.pace, since)
        self._window = ConcurrencyWindow(limits.connections, kept.window, since)
        self._bucket = Bucket(self._slowing.allowed, kept.tokens, since, kept.phase)
        self._counts = LaneCounts(limits, kept, since)
        if memory is None:
            self._bucket.scatter()
        self._telling = PaceTelling(self._suspension, self._counts, self._slowing, at, on_change)
        self._catch_up()

    def admit(self, at: float) -> float:
        """0.0: one message may go, and its token is taken; else the seconds after which to ask again."""
        wait = self.suspended_for(at) or self._counts.wait(self._at) or self._bucket.take()
        if wait == 0.0:
            self._counts.add(self._at)
        return wait

    def wait(self, at: float) -> float:
        """Seconds until a message could be admitted; takes nothing."""
        return self.suspended_for(at) or self._counts.wait(self._at) or self._bucket.wait()

    def give_back(self, at: float) -> None:
        """An admitted message was not sent; it counts as the newest one, so no burst can come of it."""
        self._pass_time(at)
        self._bucket.give_back()
        self._counts.take_back()

    def may_connect(self, at: float) -> float:
        """0.0: one session may be opened, and is counted; else the seconds after which to ask again."""
        wait = self.wait_to_connect(at)
        if wait == 0.0:
            self._counts.connect(self._at)
        return wait

    def wait_to_connect(self, at: float) -> float:
        """Seconds until one session may be opened; counts nothing."""
        self._pass_time(at)
        wait = self._counts.wait_to_connect(self._at)
        if wait > 0.0:
            self._telling.connect_until = self._at + wait
            self._tell()
        return wait

    def give_session_back(self, at: float) -> None:
        """The session that was counted ``at`` was not needed."""
        self._counts.take_session_back(at + self._skew)

    def connections(self, at: float) -> int:
        """Connections that may be open now; none while suspended."""
        return 0 if self.suspended_for(at) > 0.0 else self._window.connections

    def suspended_for(self, at: float) -> float:
        """Seconds until the suspension ends, 0.0 without one."""
        self._pass_time(at)
        left = self._suspension.until - self._at
        return left if left > 0.0 else 0.0

    def counted_out_for(self, at: float) -> float:
        """Seconds until the limit by the hour or by the day allows one more message, 0.0 when it does."""
        self._pass_time(at)
        return self._counts.wait(self._at)

    def learn(self, effect: Effect, at: float) -> None:
        """Take in what an attempt taught."""
        suspended = self.suspended_for(at) > 0.0
        match effect.kind:
            case EffectKind.SUCCESS:
                if not suspended:
                    self._succeed()
            case EffectKind.SLOW:
                self._slow(effect.rate)
            case EffectKind.SUSPEND:
                self._block(effect.pause.total_seconds() if effect.pause is not None else None, effect.reason)
            case EffectKind.FEWER_CONNECTIONS if effect.reason is LaneReason.CONNECT_FAILURES:
                if not suspended:
                    self._fail()
            case EffectKind.FEWER_CONNECTIONS:
                if self._window.shrink(self._at):
                    self._slow(None)
            case _:
                pass  # about the recipient, the connection or the campaign, not about the lane

    def come_back(self, at: float) -> None:
        """Mail leaves from another address, or went another way for long: begin like after a suspension.

        It goes towards what was allowed so far.
        """
        self._pass_time(at)
        self._rest(complaint=False)

    def limit(self, limits: LaneLimits, at: float) -> None:
        """Go on under other limits, from this moment; what was counted stays counted."""
        self._pass_time(at)
        self._rate = limits.rate
        self._window.change(limits.connections)
        self._counts.limit(limits)
        self._slowing.change(_base(limits), self._at)
        self._follow()

    @property
    def pace_allowed(self) -> float | None:
        """Messages per second as of the last call, ``None`` without a limit."""
        return self._slowing.allowed

    @property
    def slowed(self) -> bool:
        """Whether replies hold the pace below the limit."""
        return self._slowing.is_slowed

    @property
    def is_returning(self) -> bool:
        """It comes back from a suspension, step by step."""
        return self._slowing.return_to is not None

    @property
    def ceiling(self) -> float | None:
        """The pace at which the other side complained last, ``None`` when nothing is known."""
        return self._slowing.ceiling

    @property
    def reason(self) -> LaneReason:
        """Why the lane goes at this pace, as of the last call."""
        return self._telling.reason(self._at)

    def memory(self, at: float, now: datetime) -> LaneMemory:
        """What the next governor of this lane needs in order not to be faster than this one."""
        self._pass_time(at)
        memory = LaneMemory(
            at=now,
            tokens=self._bucket.tokens,
            phase=self._bucket.phase,
            pace=self._slowing.memory(self._at),
            window=self._window.memory(self._at),
            suspension=self._suspension.memory(self._at),
        )
        return self._counts.memory(memory, self._at)

    def _pass_time(self, at: float) -> None:
        at += self._skew
        if at > self._at:
            self._at = at
            self._catch_up()
        elif at < self._at - _JUMP:
            self._start_anew(at)

    def _catch_up(self) -> None:
        self._bucket.advance(self._at)
        if self._slowing.may_change and self._slowing.recover(self._at):
            self._bucket.change(self._slowing.allowed)
        if self._telling.is_heard:
            self._tell()

    def _start_anew(self, at: float) -> None:
        """The clock is another one: what is counted goes on from here, and a whole interval begins."""
        self._skew += self._at - at
        self._telling.clock_until = self._at + _JUMP
        self._bucket.empty()
        self._tell()

    def _succeed(self) -> None:
        self._window.succeed(self._at)
        self._suspension.succeed()
        self._slowing.succeed()
        if self._slowing.return_to is None:
            self._suspension.forgive()

    def _slow(self, rate: float | None) -> None:
        self._slowing.slow(rate, self._at)
        self._slowing.hold(self._suspension.until)
        self._follow()

    def _fail(self) -> None:
        cohort_failed = self._window.fail()
        if self._suspension.fail(self._at):
            self._block(None, LaneReason.CONNECT_FAILURES)
        elif cohort_failed:
            self._suspension.begin(DEAD_PAUSE, LaneReason.CONNECT_FAILURES, self._at)
            self._rest(complaint=False)
        elif self._suspension.is_pressed and self._rate is not None:
            # without a limit nobody knows from where to slow down
            self._suspension.relieve()
            self._slowing.slow(None, self._at)
            self._follow()

    def _block(self, pause: float | None, reason: LaneReason) -> None:
        is_new = self._suspension.until <= self._at
        self._suspension.block(pause, reason, self._at)
        if is_new:
            self._rest(complaint=True)
        else:
            self._slowing.hold(self._suspension.until)
            self._tell()

    def _rest(self, *, complaint: bool) -> None:
        self._slowing.suspend(self._at, self._suspension.until, complaint=complaint)
        self._window.restart()
        self._follow()

    def _follow(self) -> None:
        self._bucket.change(self._slowing.allowed)
        self._tell()

    def _tell(self) -> None:
        self._telling.tell(self._at, self._skew)


def _base(limits: LaneLimits) -> float | None:
    return None if limits.rate is None else max(limits.rate, _SLOWEST_LIMIT)
