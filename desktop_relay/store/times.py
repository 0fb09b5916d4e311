"""Aware UTC times as the integer milliseconds that SQL keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, parts of one dropped."""
    return (at - _EPOCH) // _MILLISECOND


def to_ms_or_none(at: datetime | None) -> int | None:
    """Likewise, keeping nothing as nothing."""
    return None if at is None else to_ms(at)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC time."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def from_ms_or_none(milliseconds: int | None) -> datetime | None:
    """Likewise, keeping nothing as nothing."""
    return None if milliseconds is None else from_ms(milliseconds)
