"""What is foreseen on the way by the engine's own outlook is what comes: pace, hour, day, account, quota."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.route import Route
from desktop_relay.policy.forecast import USUAL_RETRY
from desktop_relay.policy.quota import BUCKET, HOUR
from tests.docs.forecasts import MOMENTS, TRIALS, Trial, account, pool, watch

CLOSE = 0.10
LEARNED = 0.12  # a pace that complaints go on correcting
_BY_CONTENT = [trial for trial in TRIALS if not trial.is_guess]


@pytest.mark.parametrize("trial", _BY_CONTENT, ids=lambda trial: trial.name)
def test_every_forecast_from_a_twentieth_on_is_close(trial: Trial) -> None:
    seen = watch(trial)
    assert abs(seen.by_moment[0.0]) <= 1.5 * CLOSE, (
        "before it is known how many are put off, and for how long"
    )
    assert seen.worst <= CLOSE
    assert (seen.limit, seen.account) == (trial.limit, trial.account)


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if trial.is_guess], ids=lambda trial: trial.name)
def test_a_pace_that_is_corrected_by_complaints_is_foreseen_once_it_was_learned(trial: Trial) -> None:
    seen = watch(trial)
    assert all(abs(seen.by_moment[moment]) <= LEARNED for moment in MOMENTS if moment >= 0.10)
    assert seen.limit is LaneReason.LEARNED_CEILING


ROUTES = st.builds(
    lambda name, rate, daily, hourly: account(name, rate=rate, daily_quota=daily, hourly_quota=hourly),
    st.just(""),
    st.floats(0.05, 1.0),
    st.none() | st.integers(200, 2000),
    st.none() | st.integers(50, 600),
)
RULES = st.lists(
    st.builds(
        "{} keep:{} -> {}{}".format,
        st.sampled_from(["lane:docomo", "lane:au", "over:1M", "from:@shop.example"]),
        st.integers(0, 100),
        st.sampled_from("AB"),
        st.sampled_from(["", " only"]),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(ROUTES, ROUTES, RULES, st.integers(1, 4), st.booleans(), st.floats(0.1, 1.0))
def test_a_pool_is_foreseen_by_its_rules_whatever_they_are(
    a: Route, b: Route, rules: list[str], weight: int, is_large: bool, share: float
) -> None:
    """Nobody is put off here: the forecast may be late by what it has to expect, a retry or three in a
    hundred more messages, for which another day or hour of a quota may be needed.
    """
    number = int(1800 * share)
    trial = Trial(
        "any",
        {"docomo.ne.jp": number, "gmail.com": 1800 - number, "au.com": 200},
        LaneReason.NONE,
        pool(*rules, members=f"A:{weight} B"),
        accounts=(replace(a, name="A"), replace(b, name="B")),
        sender="news@shop.example",
        octets=2_000_000 if is_large else 20_000,
        faults=False,
    )
    seen = watch(trial)
    by_day = a.daily_quota is not None or b.daily_quota is not None
    by_hour = a.hourly_quota is not None or b.hourly_quota is not None
    expected = timedelta(days=1) if by_day else HOUR + BUCKET if by_hour else USUAL_RETRY
    assert seen.worst * seen.lasted <= CLOSE * seen.lasted + expected.total_seconds()
