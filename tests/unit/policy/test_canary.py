from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.brake import BrakeCause, BrakeTally
from desktop_relay.policy.canary import LEAST, SHARE, judge_canary, plan_canary

LANES = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 50_000), max_size=40)


@given(LANES)
def test_every_lane_in_proportion_and_one_at_least(waiting: dict[str, int]) -> None:
    plan = plan_canary(waiting)
    total = sum(waiting.values())
    size = min(total, max(LEAST, ceil(total * SHARE)))
    assert set(plan) == {lane for lane, number in waiting.items() if number}
    for lane, number in plan.items():
        assert 1 <= number <= waiting[lane]
        assert number <= max(1, ceil(size * waiting[lane] / total))
    lanes = len(plan)
    assert min(size, total) <= sum(plan.values()) + lanes  # never short by more than rounding
    assert sum(plan.values()) <= size + lanes


def test_one_in_a_hundred() -> None:
    plan = plan_canary({"docomo": 60_000, "au": 30_000, "gmail": 9_950, "small.example": 50})
    assert plan == {"docomo": 600, "au": 300, "gmail": 99, "small.example": 1}


def test_at_least_fifty() -> None:
    assert sum(plan_canary({"docomo": 300, "au": 200}).values()) == 50
    assert plan_canary({"docomo": 300, "au": 200}) == {"docomo": 30, "au": 20}


def test_few_people_all_go() -> None:
    assert plan_canary({"docomo": 3, "au": 2}) == {"docomo": 3, "au": 2}
    assert plan_canary({}) == {}


@pytest.mark.parametrize(
    ("unknown", "refused", "wanted"),
    [(0, 0, None), (1, 0, None), (2, 0, None), (3, 0, BrakeCause.UNKNOWN_USERS), (0, 6, BrakeCause.REFUSALS)],
)
def test_fifty_answers(unknown: int, refused: int, wanted: BrakeCause | None) -> None:
    half = BrakeTally(accepted=25)
    rest = BrakeTally(accepted=25 - unknown - refused, unknown_users=unknown, refusals=refused)
    found = judge_canary([half, rest])
    assert (found.cause if found else None) is wanted
