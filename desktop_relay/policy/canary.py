"""The steps of a canary: who goes first, when the wait begins, and whether the rest may follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from desktop_relay.domain.brake import BrakeFinding, BrakeTally
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.policy.brake import Brake, find_trouble, sum_tallies

SHARE = 0.01
LEAST = 50
"""One in a hundred, but as many as tell something."""

_SLACK = timedelta(seconds=5)
"""By so much clocks are kept right without anybody noticing."""


def plan_canary(waiting: Mapping[str, int], share: float = SHARE, least: int = LEAST) -> Mapping[str, int]:
    """How many of each lane go first, given how many wait in each: in proportion, at least one of each.

    Largest remainders first, so that the sum is the share wanted, or one for each lane where that is more.
    """
    lanes = {lane: number for lane, number in waiting.items() if number > 0}
    total = sum(lanes.values())
    size = min(total, max(least, ceil(total * share)))
    exact = {lane: size * number / total for lane, number in lanes.items()}
    plan = {lane: max(1, int(part)) for lane, part in exact.items()}
    missing = size - sum(plan.values())
    for lane in sorted(lanes, key=lambda name: (plan[name] - exact[name], name)):
        if missing <= 0:
            break
        if plan[lane] < lanes[lane]:
            plan[lane] += 1
            missing -= 1
    return plan


def judge_canary(tallies: Iterable[BrakeTally]) -> BrakeFinding | None:
    """Why the rest should not follow: anything that a brake would even warn of, over all lanes together."""
    found = find_trouble(sum_tallies(tallies))
    return found[0] if found else None


def begin_canary(waiting: Mapping[str, int], until: datetime) -> Canary:
    """Choose who goes first of those who wait in each lane; ``until`` the trying is over at the latest."""
    plan = plan_canary(waiting)
    kept = {lane: waiting[lane] - first for lane, first in plan.items()}
    return Canary(CanaryPhase.TRYING, sum(plan.values()), kept, until)


def is_due(canary: Canary, now: datetime, in_flight: int) -> bool:
    """Whether it is worth looking for its next step, with so many messages on the wire."""
    if canary.until is None:
        return False
    late = now >= canary.until
    return late if canary.phase is CanaryPhase.WAITING else late or in_flight == 0


def begin_wait(canary: Canary, now: datetime, wait: timedelta, *, tried: bool) -> Canary | None:
    """The canary as it waits for answers, once all chosen were ``tried`` or the time for it is over."""
    if tried or (canary.until is not None and now >= canary.until):
        return replace(canary, phase=CanaryPhase.WAITING, until=now + wait)
    return None


def hold_time(canary: Canary, now: datetime, wait: timedelta) -> Canary | None:
    """The canary while nobody can be sent to: at least half of the time for trying is left when that ends."""
    if canary.until is not None and canary.until - now >= wait / 2:
        return None
    return try_on(canary, now, wait)


def try_on(canary: Canary, now: datetime, wait: timedelta) -> Canary:
    """The canary once it turned out that it could tell nothing yet: it is tried for as long again."""
    return replace(canary, phase=CanaryPhase.TRYING, until=now + wait)


def has_told(brakes: Iterable[Brake]) -> bool:
    """Whether anybody answered, or so many connections failed that it means something."""
    return any(brake.tally.answers > 0 or brake.trouble is not None for brake in brakes)


def hurry(canary: Canary, now: datetime, wait: timedelta) -> Canary | None:
    """The canary once a clock was set back: nothing of it lies further ahead than a whole ``wait``."""
    if canary.until is None or canary.until - now <= wait + _SLACK:
        return None
    return replace(canary, until=now + wait)


def end_wait(canary: Canary, brakes: Iterable[Brake], *, strict: bool) -> Canary:
    """The canary after its wait: stopped for what all lanes together show, else passed."""
    finding = judge_canary(brake.tally for brake in brakes)
    phase = CanaryPhase.STOPPED if finding is not None and strict else CanaryPhase.PASSED
    return replace(canary, phase=phase, until=None, finding=finding)


def stop_troubled(brakes: Mapping[str, Brake], kept: Mapping[str, int], now: datetime) -> tuple[str, ...]:
    """Stop the lanes that a brake would only warn of: their rest is not sent without a word from a person."""
    stopped = []
    for lane, brake in brakes.items():
        trouble = brake.trouble
        if trouble is not None and kept.get(lane, 0) and brake.may_stop(trouble):
            brake.stop(trouble, now)
            stopped.append(lane)
    return tuple(stopped)
