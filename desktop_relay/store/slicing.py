"""Work on very many rows, cut into transactions between which other work can go on."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Slices = Generator[None, None, T]
"""Work that yields after each of its transactions, none of which holds the spool for long, and returns its
result. Nothing of it is done before somebody asks for the first slice."""

SLICE = 4_000
"""Rows in one slice: some 20 ms here, and below 200 ms on a PC a few times slower."""


def at_once(slices: Slices[T]) -> T:
    """All slices in a row, where nobody else waits; inside a transaction they are part of it."""
    try:
        while True:
            next(slices)
    except StopIteration as end:
        result: T = end.value
    return result
