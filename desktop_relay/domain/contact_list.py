"""A list of contacts as an overview shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListRow:
    """``count`` is the number of contacts in the list."""

    id: int
    name: str
    count: int
