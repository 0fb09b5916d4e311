"""The pace of a held lane through the whole simulated path: as fast as allowed, and never faster."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.simulator.windows import most_in

from .emptiest import least_in
from .worlds import at_rate, made_up, simulate

LENGTHS = (1.0, 60.0, 3600.0, 86400.0)
TEN_MINUTES = 600.0
RATES = st.floats(0.2, 6.0).map(lambda rate: round(rate, 3))


def most_allowed(rate: float, seconds: float) -> int:
    """Messages are whole: evenly spread ones reach the next whole number, never more."""
    return max(1, ceil(rate * seconds - 1e-6))


def assert_held(begun: Sequence[float], rate: float) -> None:
    for seconds in (*LENGTHS, TEN_MINUTES):
        assert most_in(begun, seconds) <= most_allowed(rate, seconds), seconds
    least = least_in(begun, TEN_MINUTES)
    assert least is not None
    assert least >= 0.98 * rate * TEN_MINUTES - 1


def enough(rate: float) -> int:
    """Messages for forty minutes."""
    return int(rate * 2400) + 1


@settings(max_examples=12, deadline=None)
@given(RATES, st.integers(0, 1000))
def test_a_held_lane_goes_at_its_pace(rate: float, seed: int) -> None:
    audience = made_up(docomo_ne_jp=enough(rate))
    result = simulate(audience, overrides={"docomo": at_rate(rate)}, faults=False, seed=seed)
    assert_held(result.lanes["docomo"].begun, rate)


@settings(max_examples=6, deadline=None)
@given(RATES)
def test_so_does_an_account_over_all_its_lanes(rate: float) -> None:
    share = enough(rate) // 3 + 1
    audience = made_up(docomo_ne_jp=share, gmail_com=share, yahoo_co_jp=share)
    route = Route("account", RouteKind.SMARTHOST, host="smtp.example.jp", rate=rate)
    fast = {lane: at_rate(100.0) for lane in ("docomo", "google", "yahoo_jp")}
    result = simulate(audience, route=route, overrides=fast, faults=False)
    assert_held(sorted(at for lane in result.lanes.values() for at in lane.begun), rate)


@pytest.mark.parametrize(
    ("limits", "seconds", "most"),
    [
        (LaneOverride(rate=2.0, per_hour=300), 3600.0, 300),
        (LaneOverride(rate=2.0, per_day=2000), 86400.0, 2000),
    ],
)
def test_the_hour_and_the_day_are_kept_whenever_they_begin(
    limits: LaneOverride, seconds: float, most: int
) -> None:
    found = simulate(
        made_up(docomo_ne_jp=4500), overrides={"docomo": limits}, expires_after=None, faults=False
    )
    begun = found.lanes["docomo"].begun
    assert len(begun) == 4500
    assert 0.98 * most <= most_in(begun, seconds) <= most
    assert most_in(begun, 60.0) <= 120


@pytest.mark.parametrize(
    ("domain", "lane"), [("docomo.ne.jp", "docomo"), ("gmail.com", "google"), ("yahoo.co.jp", "yahoo_jp")]
)
def test_carriers_with_all_their_moods_never_see_more_than_the_profile_allows(domain: str, lane: str) -> None:
    result = simulate(made_up(**{domain.replace(".", "_"): 6000}))
    found = result.lanes[lane]
    for window in found.windows:
        assert window.allowed is not None
        assert window.most <= most_allowed(window.allowed / window.seconds, window.seconds), window
