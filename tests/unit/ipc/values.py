"""Strategies for every dataclass that crosses the local socket, made from their declared types."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from desktop_relay.domain.command import Command
from desktop_relay.domain.contact import Contact
from desktop_relay.domain.outcome import Outcome
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.domain.recipient import AttemptRow, LedgerRow

CROSSING: tuple[type, ...] = (*get_args(Command), Progress, Changed)
OTHERS: tuple[type, ...] = (Outcome, LedgerRow, AttemptRow, Contact)

_TEXT = st.text(max_size=8)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(minutes=-210))])
_TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=_ZONES)  # noqa: DTZ001
_DURATIONS = st.integers(0, 10**9).map(lambda ms: timedelta(milliseconds=ms))


@cache
def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a declared type."""
    origin, members = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(values_of(member) for member in members))
    if origin is tuple:
        return st.lists(values_of(members[0]), max_size=2).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(_TEXT, values_of(members[1]), max_size=3)
    simple = {
        int: st.integers(-(2**53), 2**53),
        float: _NUMBERS,
        str: _TEXT,
        bool: st.booleans(),
        datetime: _TIMES,
        timedelta: _DURATIONS,
        type(None): st.none(),
    }
    if kind in simple:
        return simple[kind]
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})
