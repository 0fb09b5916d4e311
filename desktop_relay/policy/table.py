"""A table of a data file, read key by key; every complaint says where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from desktop_relay.domain.errors import BadInput, ErrorCode

E = TypeVar("E", bound=StrEnum)

_SHOWN = 80  # characters of a wrong value that travel in the complaint


@dataclass(frozen=True, slots=True)
class Table:
    """``where`` is the dotted path in the file. Every reader raises ``BadInput`` (``profile_invalid``)."""

    where: str
    content: Mapping[str, object]

    def refusal(self, key: str, problem: str) -> BadInput:
        """The error to raise about ``key`` (or the table itself, when empty)."""
        return BadInput(
            ErrorCode.PROFILE_INVALID, where=".".join(p for p in (self.where, key) if p), problem=problem
        )

    def allow(self, known: frozenset[str]) -> None:
        """Refuse any key that is not ``known``: a misspelt one must not be ignored."""
        for key in self.content:
            if key not in known:
                raise self.refusal(key, "unknown key")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank, or ``default`` when the key is missing."""
        value = self.content.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text")
        if not value.strip() and value != default:
            raise self.refusal(key, "must not be empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is missing."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise self._wrong(key, value, "a list of texts")
        if any(not part.strip() for part in value):
            raise self.refusal(key, "must not hold an empty text")
        return tuple(value)

    def switch(self, key: str) -> bool:
        """True or false, false when the key is missing."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def number(self, key: str) -> float | None:
        """A number above zero, or ``None`` when the key is missing."""
        value = self.content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(key, value, "a number")
        if not 0 < value <= 1e12:
            raise self.refusal(key, f"must be above zero and sensible, not: {str(value)[:_SHOWN]}")
        return float(value)

    def day(self, key: str) -> date | None:
        """A calendar date, or ``None`` when the key is missing."""
        value = self.content.get(key)
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            raise self._wrong(key, value, "a date like 2025-03-13")
        return value

    def pattern(self, key: str, default: str | None = None) -> re.Pattern[str] | None:
        """A regular expression that ignores case, one of several where a list is given, or ``None``."""
        if key not in self.content and default is None:
            return None
        several = isinstance(self.content.get(key), list)
        parts = self.texts(key) if several else (self.text(key, default),)
        if not parts:
            raise self.refusal(key, "must not be empty")
        try:
            for part in parts:
                re.compile(part)  # so that a bracket left open in one is not closed by the next
            return re.compile("|".join(parts), re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise self.refusal(key, f"not a regular expression: {error}") from error

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """A member of ``kind`` by its value; required unless there is a ``default``."""
        return self._member(key, self.text(key, default), kind)

    def choices(self, key: str, kind: type[E]) -> frozenset[E]:
        """Members of ``kind``, none when the key is missing."""
        return frozenset(self._member(key, text, kind) for text in self.texts(key))

    def table(self, key: str) -> Table:
        """The table below, an empty one when the key is missing."""
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, value, "a table")
        return Table(f"{self.where}.{key}" if self.where else key, value)

    def tables(self, key: str) -> Iterator[Table]:
        """The list of tables below, numbered from 1."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self._wrong(key, value, "a list of tables")
        for number, part in enumerate(value, start=1):
            yield Table(f"{self.where}.{key}[{number}]" if self.where else f"{key}[{number}]", part)

    def _member(self, key: str, text: str, kind: type[E]) -> E:
        try:
            return kind(text)
        except ValueError as error:
            raise self.refusal(key, f"is none of: {', '.join(kind)}") from error

    def _wrong(self, key: str, value: object, wanted: str) -> BadInput:
        problem = f"must be {wanted}" if value is not None else f"is missing, must be {wanted}"
        return self.refusal(key, problem)
