"""Spans as people type them, and that a lane's limit ends after one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_relay.cli.times import parse_span
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
