"""A warm-up: how many messages a day may go over an account, or straight from a line, while it is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_relay.domain.brake import BrakeFinding, BrakeTally

_NOTHING = BrakeTally()


@dataclass(frozen=True, slots=True)
class Warmup:
    """The plan: ``first`` messages on the first day, ``target`` on day ``days`` and from then on."""

    first: int
    target: int
    days: int


@dataclass(frozen=True, slots=True)
class WarmupMemory:
    """How far a plan is, and what must outlive the engine.

    ``day`` is the last day of the user's zone with mail, the plan's day number ``step``: ``sent`` went out by
    this program, ``elsewhere`` by others, and came to what ``tally`` counts. ``found`` is the first bad sign
    of that day, so that the next one is not larger; ``held_by`` is why that day was not. ``set_back_from`` is
    the furthest day there was before the clock was set back to ``day``.
    """

    plan: Warmup
    day: date | None = None
    step: int = 1
    sent: int = 0
    elsewhere: int = 0
    tally: BrakeTally = _NOTHING
    found: BrakeFinding | None = None
    held_by: BrakeFinding | None = None
    set_back_from: date | None = None


@dataclass(frozen=True, slots=True)
class WarmupStanding:
    """A plan as it stands on a day: ``allowance`` messages on its day ``step`` of ``days``.

    ``held_by`` is the bad sign for which that is no more than the day before, ``found`` the one of today, for
    which tomorrow will be no more.
    """

    step: int
    days: int
    allowance: int
    found: BrakeFinding | None = None
    held_by: BrakeFinding | None = None
