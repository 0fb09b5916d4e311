"""Shares: nobody gets more than it wants or than another in its place, and nothing that fits is left."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.policy.sharing import Claim, share_out

A, B, BOTH = frozenset({0}), frozenset({1}), frozenset({0, 1})
PLACES = st.sampled_from([A, B, frozenset({2}), frozenset({1, 2}), frozenset({0, 1, 2})])
CLAIMS = st.lists(st.builds(Claim, st.floats(0.0, 20.0), PLACES), min_size=1, max_size=8)
ROOMS = st.lists(st.floats(0.0, 20.0) | st.just(inf), min_size=3, max_size=3)
WEIGHTS = st.lists(st.integers(1, 9), min_size=3, max_size=3)
CLOSE = 1e-6


@pytest.mark.parametrize(
    ("claims", "rooms", "flows", "loads"),
    [
        ([Claim(1.0, BOTH), Claim(3.0, BOTH)], (10.0, 10.0), (1.0, 3.0), (2.0, 2.0)),
        ([Claim(9.0, BOTH), Claim(9.0, BOTH), Claim(1.0, BOTH)], (2.0, 3.0), (2.0, 2.0, 1.0), (2.0, 3.0)),
        # who may go either way leaves the narrow one to who may not
        ([Claim(1.0, A), Claim(9.0, BOTH)], (0.3, 0.6), (0.3, 0.6), (0.3, 0.6)),
        ([Claim(9.0, A), Claim(9.0, BOTH)], (0.5, 0.3), (0.4, 0.4), (0.5, 0.3)),
        ([Claim(0.2, A), Claim(9.0, BOTH)], (0.5, 0.3), (0.2, 0.6), (0.5, 0.3)),
        ([Claim(9.0, A), Claim(9.0, B)], (0.0, 2.0), (0.0, 2.0), (0.0, 2.0)),
        ([Claim(9.0, frozenset())], (1.0, 1.0), (0.0,), (0.0, 0.0)),
        ([Claim(inf, A), Claim(inf, BOTH)], (1.0, inf), (1.0, inf), (1.0, 0.0)),
    ],
)
def test_shares(
    claims: list[Claim], rooms: tuple[float, ...], flows: tuple[float, ...], loads: tuple[float, ...]
) -> None:
    found = share_out(claims, rooms, (1, 1))
    assert found.flows == pytest.approx(flows)
    assert found.loads == pytest.approx(loads)


def test_ways_out_are_used_by_their_weights_as_far_as_they_reach() -> None:
    assert share_out([Claim(4.0, BOTH)], (9.0, 9.0), (3, 1)).loads == pytest.approx((3.0, 1.0))
    assert share_out([Claim(4.0, BOTH)], (2.0, 9.0), (3, 1)).loads == pytest.approx((2.0, 2.0))


def test_servers_may_manage_less_than_all_ways_out_allow() -> None:
    found = share_out([Claim(9.0, A), Claim(0.5, B)], (5.0, 5.0), (1, 1), whole=2.0)
    assert (found.flows, found.is_spent) == (pytest.approx((1.5, 0.5)), True)
    assert not share_out([Claim(9.0, A)], (1.0, 5.0), (1, 1), whole=2.0).is_spent


@given(CLAIMS, ROOMS, WEIGHTS, st.floats(0.1, 50.0) | st.just(inf))
def test_the_laws_of_sharing(
    claims: list[Claim], rooms: list[float], weights: list[int], whole: float
) -> None:
    found = share_out(claims, rooms, weights, whole)
    assert sum(found.flows) <= whole + CLOSE
    assert sum(found.loads) == pytest.approx(sum(found.flows), abs=CLOSE)
    for load, room in zip(found.loads, rooms, strict=True):
        assert -CLOSE <= load <= room + CLOSE
    for claim, flow in zip(claims, found.flows, strict=True):
        assert 0.0 <= flow <= claim.bound
        for other, its_flow in zip(claims, found.flows, strict=True):
            may_do_as_much = other.places >= claim.places and other.bound >= claim.bound
            assert not may_do_as_much or its_flow >= flow - CLOSE, "who may do more is never worse off"
        if flow < claim.bound - CLOSE and not found.is_spent:
            assert all(found.loads[way] >= rooms[way] - CLOSE for way in claim.places), "nothing is left"
