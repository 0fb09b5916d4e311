"""Frozen dataclasses to plain JSON values and back, by their declared types.

Times travel as ISO 8601 with offset, durations as seconds, enums as their values, tuples as lists.
Unknown keys are ignored and missing ones take their defaults, so that a newer peer may say more.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from math import isfinite
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]

_PAST_64_BITS = 1 << 63
"""Whole numbers are those that SQL keeps."""


class Undecodable(ValueError):
    """The plain value is not of the declared type."""


def encode(value: object) -> Any:
    """The plain JSON value of a dataclass, enum, time, collection or scalar."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(encode(key)): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], plain: object) -> T:
    """The value of type ``kind``; raises ``Undecodable`` when ``plain`` does not fit it."""
    try:
        result: T = _decoder(cast(Hashable, kind))(plain)
    except Undecodable:
        raise
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise Undecodable(f"{kind}: {error}") from error
    return result


@cache
def _decoder(kind: Any) -> Decoder:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union_decoder(get_args(kind))
    if origin in (tuple, list):
        return _sequence_decoder(origin, get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_decoder(get_args(kind))
    if isinstance(kind, type):
        return _class_decoder(kind)
    return _anything


def _class_decoder(kind: type) -> Decoder:
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if issubclass(kind, Enum):
        return kind
    if kind is datetime:
        return _moment
    if kind is timedelta:
        return _seconds
    if kind is float:
        return _number
    if kind is int:
        return _whole_number
    if kind in (str, bool):
        return _scalar_decoder(kind)
    return _anything


def _dataclass_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {f.name: _decoder(hints[f.name]) for f in fields(kind)}
    required = frozenset(
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
    )

    def decode_fields(plain: Any) -> Any:
        if not isinstance(plain, Mapping):
            raise Undecodable(f"{kind.__name__} wants an object")
        if missing := required - plain.keys():
            raise Undecodable(f"{kind.__name__} lacks {sorted(missing)}")
        return kind(**{name: decoders[name](plain[name]) for name in decoders if name in plain})

    return decode_fields


def _union_decoder(members: tuple[Any, ...]) -> Decoder:
    optional = type(None) in members
    decoders = [_decoder(member) for member in members if member is not type(None)]

    def decode_union(plain: Any) -> Any:
        if plain is None and optional:
            return None
        for attempt in decoders[:-1]:
            try:
                return attempt(plain)
            except (TypeError, ValueError):
                continue
        return decoders[-1](plain)

    return decode_union


def _sequence_decoder(origin: type, members: tuple[Any, ...]) -> Decoder:
    item = _decoder(members[0]) if members else _anything

    def decode_sequence(plain: Any) -> Any:
        if not isinstance(plain, (list, tuple)):
            raise Undecodable("a list is wanted")
        return origin(item(value) for value in plain)

    return decode_sequence


def _scalar_decoder(kind: type) -> Decoder:
    def decode_scalar(plain: Any) -> Any:
        if type(plain) is not kind:
            raise Undecodable(f"{kind.__name__} is wanted")
        return plain

    return decode_scalar


def _whole_number(plain: Any) -> int:
    if type(plain) is not int or not -_PAST_64_BITS <= plain < _PAST_64_BITS:
        raise Undecodable("a whole number is wanted")
    return plain


def _number(plain: Any) -> float:
    if isinstance(plain, bool) or not isinstance(plain, (int, float)) or not isfinite(plain):
        raise Undecodable("a number is wanted")
    return float(plain)


def _seconds(plain: Any) -> timedelta:
    return timedelta(seconds=_number(plain))


def _moment(plain: Any) -> datetime:
    moment = datetime.fromisoformat(plain)
    if moment.tzinfo is None:
        raise Undecodable("a time with an offset is wanted")
    moment.astimezone(UTC)  # raises where the calendar begins or ends between here and there
    return moment


def _mapping_decoder(members: tuple[Any, ...]) -> Decoder:
    key, value = (_decoder(member) for member in members) if members else (_anything, _anything)

    def decode_mapping(plain: Any) -> Any:
        if not isinstance(plain, Mapping):
            raise Undecodable("an object is wanted")
        return {key(name): value(item) for name, item in plain.items()}

    return decode_mapping


def _anything(plain: Any) -> Any:
    return plain
