"""What is foreseen on the way by the engine's own outlook is what comes: pace, hour, day, account, quota."""

from __future__ import annotations

import pytest

from desktop_relay.domain.lane import LaneReason
from tests.docs.forecasts import MOMENTS, TRIALS, Trial, watch

CLOSE = 0.10
_BY_CONTENT = [trial for trial in TRIALS if not trial.is_guess]


@pytest.mark.parametrize("trial", _BY_CONTENT, ids=lambda trial: trial.name)
def test_every_forecast_from_a_twentieth_on_is_close(trial: Trial) -> None:
    seen = watch(trial)
    assert abs(seen.by_moment[0.0]) <= 1.5 * CLOSE, (
        "before it is known how many are put off, and for how long"
    )
    assert seen.worst <= CLOSE
    assert seen.limit is trial.limit


@pytest.mark.parametrize("trial", [trial for trial in TRIALS if trial.is_guess], ids=lambda trial: trial.name)
def test_a_pace_that_is_corrected_by_complaints_is_foreseen_once_it_was_learned(trial: Trial) -> None:
    seen = watch(trial)
    assert all(abs(seen.by_moment[moment]) <= CLOSE for moment in MOMENTS if moment >= 0.10)
    assert seen.limit is LaneReason.LEARNED_CEILING
