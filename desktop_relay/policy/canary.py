"""Who goes first: a share of a campaign with every lane in proportion, and whether the rest may follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from desktop_relay.domain.brake import BrakeFinding, BrakeTally
from desktop_relay.policy.brake import find_trouble, sum_tallies

SHARE = 0.01
LEAST = 50
"""One in a hundred, but as many as tell something."""


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
