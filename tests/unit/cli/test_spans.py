"""Times and spans as people type them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from desktop_relay.cli.times import parse_span, parse_time
from desktop_relay.domain.errors import BadInput, ErrorCode


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("45S", timedelta(seconds=45)),
        (" 1d ", timedelta(days=1)),
    ],
)
def test_spans(text: str, span: timedelta) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "2", "h", "0h", "-1h", "1.5h", "2w", "9999999d"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_span(text)
    assert caught.value.code is ErrorCode.VALUE_INVALID


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this system cannot be changed for a test")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20:30", datetime(2026, 3, 28, 19, 30, tzinfo=UTC)),
        ("09:00", datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),  # clocks go forward that night
        ("9:00", datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        ("2026-04-01 9:30", datetime(2026, 4, 1, 7, 30, tzinfo=UTC)),
        ("2026-04-01T9:30+02:00", datetime(2026, 4, 1, 7, 30, tzinfo=UTC)),
        ("23:00Z", datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        ("09:00Z", datetime(2026, 3, 29, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_time_of_day_is_the_next_one_on_the_clock_of_that_day(text: str, moment: datetime) -> None:
    assert parse_time(text, datetime(2026, 3, 28, 19, 0, tzinfo=UTC)) == moment
