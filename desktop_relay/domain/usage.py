"""What counts against an account's quota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Other programs sent ``number`` messages over an account on ``day`` of the user's zone."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Usage:
    """Messages an account took, by the ``steps`` of its quota, oldest first; and what went by others."""

    steps: tuple[tuple[datetime, int], ...] = ()
    elsewhere: Elsewhere | None = None
