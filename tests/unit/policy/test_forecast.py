from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.policy.forecast import USUAL_RETRY, Work, forecast

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
FEW = Work(fresh=20)
"""So few that nobody among them is likely to be put off."""


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_nothing_left_is_now() -> None:
    assert forecast(Work(0), 1.0, 1.0, NOW, 0.0) == NOW


def test_the_pace_that_is_reached_counts() -> None:
    assert forecast(FEW, 10.0, 2.0, NOW, 0.0) == later(10)
    assert forecast(FEW, None, 2.0, NOW, 0.0) == later(10)


def test_but_never_more_than_is_allowed() -> None:
    assert forecast(FEW, 1.0, 2.0, NOW, 0.0) == later(20)


def test_an_average_that_wavers_below_the_limit_is_the_limit() -> None:
    assert forecast(FEW, 1.0, 0.9, NOW, 0.0) == later(20)
    assert forecast(FEW, 1.0, 0.5, NOW, 0.0) == later(40)


def test_before_anything_was_sent_the_allowed_pace_counts() -> None:
    assert forecast(FEW, 4.0, 0.0, NOW, 0.0) == later(5)
    assert forecast(FEW, None, 0.0, NOW, 0.0) is None


def test_a_suspension_is_waited_for_and_the_old_pace_forgotten() -> None:
    assert forecast(FEW, 4.0, 0.1, NOW, 60.0) == later(65)


def test_what_starts_later_ends_later() -> None:
    assert forecast(FEW, 1.0, 0.0, NOW, 0.0, later(600)) == later(620)
    assert forecast(FEW, 1.0, 0.0, NOW, 900.0, later(600)) == later(920)
    assert forecast(FEW, 1.0, 0.0, NOW, 0.0, later(-600)) == later(20)


def test_somebody_among_many_is_put_off() -> None:
    many = Work(fresh=1000)
    assert forecast(many, 10.0, 10.0, NOW, 0.0) == later(100) + USUAL_RETRY
    assert forecast(many, 10.0, 10.0, NOW, 0.0, speed=20.0) == later(100) + USUAL_RETRY / 20


def test_retries_are_waited_for() -> None:
    assert forecast(Work(20, 3, later(500)), 1.0, 1.0, NOW, 0.0) == later(500)
    assert forecast(Work(20, 3, later(5)), 1.0, 1.0, NOW, 0.0) == later(20)
    assert forecast(Work(0, 3, later(5)), 1.0, 1.0, NOW, 3600.0) == later(3600)
    assert forecast(Work(0, 3, None), 1.0, 1.0, NOW, 0.0) == NOW


def test_full_mailboxes_are_not_waited_for_unless_they_are_all() -> None:
    end = later(99_999)
    assert forecast(Work(20, 0, None, 2, end), 1.0, 1.0, NOW, 0.0) == later(20)
    assert forecast(Work(0, 0, None, 2, end), 1.0, 1.0, NOW, 0.0) == end


def test_the_unforeseeable_is_not_foreseen() -> None:
    assert forecast(Work(10), 1e-12, 0.0, NOW, 0.0) is None
    assert forecast(Work(10), 1.0, 0.0, NOW, float("inf")) is None
    assert forecast(Work(10), 0.0, 0.0, NOW, 0.0) is None


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.none() | st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.floats(-10, 1e6),
    st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
)
def test_never_in_the_past(
    fresh: int,
    retries: int,
    allowed: float | None,
    actual: float,
    suspended: float,
    due: datetime | None,
) -> None:
    moment = due.replace(tzinfo=UTC) if due else None
    found = forecast(Work(fresh, retries, moment), allowed, actual, NOW, suspended, moment)
    assert found is None or found >= NOW
