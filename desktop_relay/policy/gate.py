"""A gate: what a lane or an account will let through from now on, as far as its rules decide it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.policy.bucket import JITTER, RESERVE
from desktop_relay.policy.counts import DAY, HOUR
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.quota import Quota
from desktop_relay.policy.slowing import Slowing

HELD = (1.0 - RESERVE) / (1.0 + JITTER / 2)
"""Of a pace that is kept by spacing: what goes in the long run."""

_NEAR = 0.9  # of the pace allowed: whoever reaches that is held by the rule
_MINUTE = 60.0
_MOST_STEPS = 720  # minutes for which a slowed lane's way back is foreseen


@dataclass(frozen=True, slots=True)
class Step:
    """From ``after`` seconds on ``pace`` messages a second (``inf``: any number), because of ``reason``."""

    after: float
    pace: float
    reason: LaneReason


@dataclass(frozen=True, slots=True)
class Count:
    """At most ``most`` messages counted together; each is forgotten ``lasts`` seconds after it went.

    With ``resets_in`` all are forgotten at once, so many seconds from now and every ``lasts`` seconds later;
    each reset that had its share of the limit leads to the next number of ``later``. ``used``
    are those that went before, by the seconds in which they are forgotten, soonest first.
    """

    most: int
    reason: LaneReason
    lasts: float
    used: tuple[tuple[float, int], ...] = ()
    resets_in: float | None = None
    later: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Nothing goes for ``closed_for`` seconds (``closed_by``), then what the last of ``steps`` begun allows.

    All seconds are from now on, of the clock that the gate's paces are meant for.
    """

    steps: tuple[Step, ...] = (Step(0.0, inf, LaneReason.UNLIMITED),)
    counts: tuple[Count, ...] = ()
    closed_for: float = 0.0
    closed_by: LaneReason = LaneReason.NONE

    def slower(self, share: float) -> Gate:
        """The same where only this share of the pace is reached, because of what is behind it."""
        steps = tuple(
            Step(step.after, step.pace * share, LaneReason.ANSWERS if share < _NEAR else step.reason)
            for step in self.steps
        )
        return replace(self, steps=steps)


def steady_gate(pace: float | None, reason: LaneReason) -> Gate:
    """A lane that nothing but its pace holds; messages a second, ``None`` without a limit."""
    if pace is None:
        return Gate()
    return Gate((Step(0.0, pace * HELD, reason),))


def lane_gate(limits: LaneLimits, memory: LaneMemory | None, now: datetime, reason: LaneReason) -> Gate:
    """What a lane with these limits and this memory lets through; ``reason`` is what its pace is called.

    A lane that replies slowed comes back as its governor would bring it back, to the pace that was
    complained about: above that somebody is likely to complain again.
    """
    present = Governor(limits, memory=memory, at=0.0, now=now).memory(0.0, now)
    pace = reason if limits.rate is not None else LaneReason.UNLIMITED
    counts = []
    if limits.per_hour is not None:
        counts.append(_sliding(limits.per_hour, LaneReason.HOUR_LIMIT, HOUR, present.hour))
    if limits.per_day is not None:
        counts.append(_sliding(limits.per_day, LaneReason.DAY_LIMIT, DAY, present.day))
    return Gate(
        tuple(_steps(limits.rate, present, pace)),
        tuple(counts),
        present.suspension.left,
        present.suspension.cause,
    )


def account_gate(
    rate: float | None, memory: LaneMemory | None, quota: Quota | None, now: datetime, rests: float = 0.0
) -> Gate:
    """Likewise an account with this pace and quota, which ``rests`` for so many seconds more."""
    gate = lane_gate(LaneLimits(rate=rate), memory, now, LaneReason.ACCOUNT_LIMIT)
    counts = () if quota is None else tuple(_quota_counts(quota, now))
    if rests > gate.closed_for:
        gate = replace(gate, closed_for=rests, closed_by=LaneReason.ACCOUNTS_RESTING)
    return replace(gate, counts=counts)


def _sliding(
    most: int, reason: LaneReason, window: tuple[float, int], counted: tuple[tuple[float, int], ...]
) -> Count:
    seconds, parts = window
    used = tuple((max(0.0, seconds - ago), number) for ago, number in counted)
    return Count(max(1, most), reason, seconds + seconds / parts, used)


def _quota_counts(quota: Quota, now: datetime) -> Iterator[Count]:
    for count in quota.counted(now):
        ahead = tuple((max(0.0, (at - now).total_seconds()), number) for at, number in count.used)
        resets_in = None if count.resets_at is None else (count.resets_at - now).total_seconds()
        yield Count(count.most, count.reason, count.lasts.total_seconds(), ahead, resets_in, count.later)


def _steps(base: float | None, memory: LaneMemory, reason: LaneReason) -> Iterator[Step]:
    slowing = Slowing(base, memory.pace, 0.0)
    yield _step(0.0, slowing, reason)
    before = slowing.allowed
    for minute in range(1, _MOST_STEPS):
        if slowing.pace is None or _is_at_ceiling(slowing):
            return
        slowing.succeed()
        slowing.recover(minute * _MINUTE)
        if slowing.allowed != before:
            before = slowing.allowed
            yield _step(minute * _MINUTE, slowing, reason)


def _is_at_ceiling(slowing: Slowing) -> bool:
    return slowing.ceiling is not None and (slowing.allowed or inf) >= slowing.ceiling


def _step(after: float, slowing: Slowing, reason: LaneReason) -> Step:
    pace = slowing.allowed
    why = slowing.reason if slowing.is_slowed else reason
    return Step(after, inf if pace is None else pace * HELD, why)
