"""What a lane must remember over a restart, so that no restart ever sends faster than none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.warmup import WarmupMemory

Counted = tuple[tuple[float, int], ...]
"""Messages counted together: seconds since the last of them at least, and how many; oldest first."""

ACCOUNT = "*"
"""Stands in for a lane where the memory of an account, or of a direct route, as a whole is kept."""

NEVER = 1e9
"""Seconds ago at which something that never happened is taken to have happened."""

_GRAIN = timedelta(microseconds=2)
"""What times lose by being kept as microseconds."""


@dataclass(frozen=True, slots=True)
class PaceMemory:
    """How replies hold the pace. Paces are messages per second, times seconds before (or until) the saving.

    ``pace`` is what replies hold the lane to, ``None`` when they do not; ``base`` the limit it had at the
    saving, ``None`` without one or where nobody wrote it down. ``ceiling`` is the pace at which the last
    complaint came, ``confirmed`` how often in a row it came there. ``return_to`` is set while the lane
    comes back from a suspension; ``careful`` after one for a complaint. ``bold`` counts how often the ceiling
    was passed without a complaint. ``clean_for`` counts from the last step and is negative while time is not
    clean; ``proven`` says that something was accepted since. No step above the ceiling for ``rest_left``.
    """

    pace: float | None = None
    ceiling: float | None = None
    ceiling_ago: float = NEVER
    confirmed: int = 0
    return_to: float | None = None
    clean_for: float = 0.0
    slowed_ago: float = NEVER
    rest_left: float = 0.0
    proven: bool = False
    careful: bool = False
    bold: int = 0
    base: float | None = None


@dataclass(frozen=True, slots=True)
class WindowMemory:
    """The concurrency window: connections, the shares of the next step gathered, and refusals in a row."""

    connections: int = 2
    success: float = 0.0
    failure: float = 0.0
    cohorts: float = 0.0
    quiet_left: float = 0.0
    refusals: int = 0
    refused: int = 0
    refused_ago: float = NEVER


@dataclass(frozen=True, slots=True)
class SuspensionMemory:
    """A suspension: ``left`` seconds for ``cause``; ``strikes`` in a row; the ``streak`` of failures.

    ``pressure`` counts failures among successes; the last suspension ended ``over_for`` seconds ago.
    """

    left: float = 0.0
    cause: LaneReason = LaneReason.NONE
    strikes: int = 0
    streak: int = 0
    pressure: float = 0.0
    proven: bool = False
    over_for: float = NEVER


@dataclass(frozen=True, slots=True)
class HealthMemory:
    """How an account of a pool does: it rests for ``left`` seconds more, after ``strikes`` in a row."""

    left: float = 0.0
    strikes: int = 0


@dataclass(frozen=True, slots=True)
class Port25Memory:
    """What a direct route knows of port 25 on the network with the mark ``network``.

    ``silent`` are the owners of hosts that found no answer; nobody tries for ``left`` seconds more, and no
    lane but one for ``try_left``.
    """

    silent: tuple[str, ...] = ()
    left: float = 0.0
    try_left: float = 0.0
    network: str = ""


@dataclass(frozen=True, slots=True)
class LaneMemory:
    """All of it as of ``at`` (aware UTC).

    ``tokens`` and ``phase`` are the bucket's. ``hour``, ``day`` and ``connects`` are what was counted.
    ``health`` is an account's alone, ``port25`` a direct route's; ``warmup`` is of either,
    once it had a plan.
    ``egress`` is the address that mail left from, empty where that does not matter.
    """

    at: datetime
    tokens: float = 0.0
    phase: float = 0.0
    pace: PaceMemory = PaceMemory()
    window: WindowMemory = WindowMemory()
    suspension: SuspensionMemory = SuspensionMemory()
    hour: Counted = ()
    day: Counted = ()
    connects: Counted = ()
    egress: str = ""
    health: HealthMemory = HealthMemory()
    port25: Port25Memory = Port25Memory()
    warmup: WarmupMemory | None = None

    def since(self, at: float, now: datetime) -> float:
        """The monotonic second of the saving, where ``at`` is that of ``now``.

        A clock that was set back makes no time pass: then everything lasts as long as it did at the saving.
        """
        return at - max(0.0, (now - self.at - _GRAIN).total_seconds())


LaneMemories = Mapping[tuple[str, str], LaneMemory]
"""What lanes learned, by route and lane."""
