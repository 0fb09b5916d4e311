from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.policy.forecast import forecast

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_nothing_left_is_now() -> None:
    assert forecast(0, 1.0, 1.0, NOW, 0.0, None) == NOW


def test_the_pace_that_is_reached_counts() -> None:
    assert forecast(100, 10.0, 2.0, NOW, 0.0, None) == later(50)
    assert forecast(100, None, 2.0, NOW, 0.0, None) == later(50)


def test_but_never_more_than_is_allowed() -> None:
    assert forecast(100, 1.0, 2.0, NOW, 0.0, None) == later(100)


def test_before_anything_was_sent_the_allowed_pace_counts() -> None:
    assert forecast(100, 4.0, 0.0, NOW, 0.0, None) == later(25)
    assert forecast(100, None, 0.0, NOW, 0.0, None) is None


def test_a_suspension_is_waited_for_and_the_old_pace_forgotten() -> None:
    assert forecast(100, 4.0, 0.1, NOW, 60.0, None) == later(85)


def test_what_is_due_later_starts_later() -> None:
    assert forecast(10, 1.0, 0.0, NOW, 0.0, later(600)) == later(610)
    assert forecast(10, 1.0, 0.0, NOW, 900.0, later(600)) == later(910)
    assert forecast(10, 1.0, 0.0, NOW, 0.0, later(-600)) == later(10)


def test_the_unforeseeable_is_not_foreseen() -> None:
    assert forecast(10, 1e-12, 0.0, NOW, 0.0, None) is None
    assert forecast(10, 1.0, 0.0, NOW, float("inf"), None) is None
    assert forecast(10, 0.0, 0.0, NOW, 0.0, None) is None


@given(
    st.integers(0, 10**9),
    st.none() | st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.floats(-10, 1e6),
    st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
)
def test_never_in_the_past(
    remaining: int, allowed: float | None, actual: float, suspended: float, due: datetime | None
) -> None:
    found = forecast(remaining, allowed, actual, NOW, suspended, due.replace(tzinfo=UTC) if due else None)
    assert found is None or found >= NOW
