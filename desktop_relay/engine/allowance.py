"""What a way out may take today and within the hour: its quota, and its warm-up as a limit of the day."""

from __future__ import annotations

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.effect import Effect
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Outcome
from desktop_relay.domain.route import Route
from desktop_relay.domain.usage import Elsewhere, Usage
from desktop_relay.domain.warmup import Warmup, WarmupMemory
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.policy.quota import Quota
from desktop_relay.policy.warmup import WarmupWatch


class Allowance:
    """``quota`` is ``None`` where nothing limits it. ``is_urgent``: a crash must not forget what was learned.

    ``memory`` is what an earlier engine left of a warm-up. Days are those of ``clock``.
    """

    def __init__(self, clock: ScaledClock, memory: WarmupMemory | None) -> None:
        self.quota: Quota | None = None
        self.is_urgent = False
        self._clock = clock
        self._memory = memory
        self._warmup: WarmupWatch | None = None

    def use(self, route: Route, used: Usage) -> None:
        """Go on by the limits of ``route``; ``used`` matters where a quota is new."""
        self._warm(route.warmup)
        daily, hourly = route.daily_quota, route.hourly_quota
        if daily is None and hourly is None and self._warmup is None:
            self.quota = None
        elif self.quota is None:
            self.quota = Quota(daily, hourly, used=used.steps, elsewhere=used.elsewhere, warmup=self._warmup)
        else:
            self.quota.limit(daily, hourly, self._warmup)

    def _warm(self, plan: Warmup | None) -> None:
        """A plan that is taken away is not forgotten: put back, it goes on where it was."""
        if self._warmup is None or self._warmup.plan != plan:
            self.is_urgent |= self._warmup is not None
            self._memory = self.memory
            self._warmup = None if plan is None else WarmupWatch(plan, self._memory)

    @property
    def memory(self) -> WarmupMemory | None:
        """What the next engine must know of a warm-up."""
        return self._memory if self._warmup is None else self._warmup.memory

    def wait(self, keep: int = 0) -> float:
        """Seconds until a message may go while ``keep`` of the day are left to others, 0.0 when one may."""
        if self.quota is None:
            return 0.0
        now = self._clock.now()
        free_at = self.quota.free_at(now, keep)
        # a little more than nothing: what is closed must not look open for want of a microsecond
        return 0.0 if free_at is None else max((free_at - now).total_seconds(), 0.001) * self._clock.speed

    def why(self) -> LaneReason:
        """What holds, while something does."""
        return LaneReason.NONE if self.quota is None else self.quota.why(self._clock.now())

    def take(self) -> None:
        """One message was admitted."""
        if self.quota is not None:
            self.quota.take(self._clock.now())

    def end(self, *, taken: bool) -> None:
        """One that was admitted was taken, or may have been; or it was not."""
        if self.quota is not None:
            (self.quota.end if taken else self.quota.give_back)(self._clock.now())

    def count_elsewhere(self, elsewhere: Elsewhere) -> None:
        """Other programs sent so many."""
        if self.quota is not None:
            self.quota.count_elsewhere(elsewhere)
            self.is_urgent = True

    # what tells of how the sender is seen

    def hear(self, outcome: Outcome, effect: Effect, at: float) -> None:
        """An attempt ended so."""
        if self._warmup is not None:
            self.is_urgent |= self._warmup.hear(outcome, effect, at, self._clock.now())

    def complain(self) -> None:
        """Somebody reported a mail, which may have gone this way, as unwanted."""
        if self._warmup is not None:
            self._warmup.complain(self._clock.now())
            self.is_urgent = True

    def hold(self, finding: BrakeFinding) -> None:
        """A brake stopped a lane of it for this."""
        if self._warmup is not None:
            self._warmup.hold(finding, self._clock.now())
            self.is_urgent = True
