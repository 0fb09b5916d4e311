"""Other ways of pacing, to compare ours with: a fixed rate, and Postfix's feedback on connections alone."""

from __future__ import annotations

from datetime import UTC, datetime

from desktop_relay.domain.effect import Effect, Verdict
from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.lane import LaneLimits
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel
from desktop_relay.policy.governor import Governor

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_HANDSHAKE = frozenset({Stage.CONNECT, Stage.BANNER, Stage.EHLO, Stage.STARTTLS})

INITIAL = 5
LIMIT = 20
COHORTS = 1.0
DEAD_SECONDS = 60.0
"""Postfix: initial_destination_concurrency, default_destination_concurrency_limit,
default_destination_concurrency_failed_cohort_limit and transport_retry_time as they are shipped."""


class FixedGovernor(Governor):
    """The limits as they stand; replies change nothing."""

    def __init__(self, limits: LaneLimits, at: float) -> None:
        super().__init__(limits, memory=None, at=at, now=_EPOCH)
        self._fixed = limits.connections

    def connections(self, at: float) -> int:
        """All of them."""
        return self._fixed

    def learn(self, effect: Effect, at: float) -> None:
        """Nothing."""


class FixedConduct:
    """Every lane at its fixed rate."""

    def prepare(self, lane: Lane, at: float) -> None:
        """Another governor under the same limits."""
        lane.governor = FixedGovernor(lane.limits, at)

    def learn(self, line: Line, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Nothing."""
        return verdict


class PostfixGovernor(Governor):
    """Concurrency by feedback as Postfix's SCHEDULER_README describes it, each feedback 1; no rate."""

    def __init__(self, at: float) -> None:
        super().__init__(LaneLimits(connections=LIMIT), memory=None, at=at, now=_EPOCH)
        self._concurrency = INITIAL
        self._success = self._failure = self._cohorts = 0.0
        self._dead_until = float("-inf")

    def admit(self, at: float) -> float:
        """Whatever a connection is free for."""
        return self.suspended_for(at)

    def connections(self, at: float) -> int:
        """The window, none while the destination is dead."""
        return 0 if at < self._dead_until else self._concurrency

    def wait(self, at: float) -> float:
        """The same, taking nothing."""
        return self.suspended_for(at)

    def suspended_for(self, at: float) -> float:
        """Until transport_retry_time is over."""
        return max(0.0, self._dead_until - at)

    def learn(self, effect: Effect, at: float) -> None:
        """Replies after the handshake teach it nothing."""

    def succeed(self, busy: int) -> None:
        """A delivery came through the handshake."""
        self._cohorts = 0.0
        self._success += 1.0
        while self._success >= 1.0:
            self._success -= 1.0
            self._failure = 0.0
            if self._concurrency < min(LIMIT, busy + INITIAL):
                self._concurrency += 1

    def fail(self, at: float) -> None:
        """A connection or its handshake failed."""
        self._cohorts += 1.0 / self._concurrency
        if self._cohorts > COHORTS:
            self._dead_until = at + DEAD_SECONDS
            self._concurrency, self._cohorts = INITIAL, 0.0
            return
        self._failure -= 1.0
        while self._failure < 0.0:
            self._failure += 1.0
            self._success = 0.0
            self._concurrency = max(1, self._concurrency - 1)


class PostfixConduct:
    """Every lane by Postfix's feedback, as its defaults are."""

    def prepare(self, lane: Lane, at: float) -> None:
        """Another governor, without the lane's limits."""
        lane.governor = PostfixGovernor(at)

    def learn(self, line: Line, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Only whether the handshake came about."""
        lane = parcel.stream.lane
        governor = lane.governor
        assert isinstance(governor, PostfixGovernor)
        if exchange.stage in _HANDSHAKE:
            governor.fail(at)
        else:
            governor.succeed(lane.busy)
        return verdict
