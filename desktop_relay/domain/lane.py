"""A lane: what is throttled together, with its limits, their standing, and its live state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LaneState(StrEnum):
    """How a lane is doing."""

    IDLE = "idle"
    RUNNING = "running"
    SLOWED = "slowed"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    FINISHED = "finished"


class LaneReason(StrEnum):
    """Why a lane goes at the pace it goes; each has a sentence in each language."""

    NONE = ""
    PROFILE = "profile"
    UNLIMITED = "unlimited"
    USER_LIMIT = "user_limit"
    ACCOUNT_LIMIT = "account_limit"
    REPLIES = "replies"
    CONNECT_FAILURES = "connect_failures"
    BLOCKED = "blocked"
    USER_PAUSED = "user_paused"
    CAMPAIGN_PAUSED = "campaign_paused"
    WAITING_FOR_RETRY = "waiting_for_retry"
    WAITING_FOR_START = "waiting_for_start"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """The limits in force. ``rate`` is messages per second, ``None`` without a limit; seconds elsewhere."""

    rate: float | None = None
    connections: int = 5
    messages_per_connection: int = 20
    session_seconds: float = 300.0
    idle_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class LaneProfile:
    """A carrier's shipped profile: who it is, how it is recognised, its limits and where they come from.

    ``domains`` and ``mx`` are exact names, or suffixes when they start with a dot.
    ``own_lane_per_mx`` groups independent hosts under one profile, each with a lane of its own.
    ``source``, ``dated`` and ``confidence`` are the standing of the numbers
    (``published``, ``verified``, ``secondary`` or ``estimate``).
    """

    key: str
    name: str
    name_ja: str
    domains: tuple[str, ...]
    mx: tuple[str, ...]
    limits: LaneLimits
    source: str
    dated: str
    confidence: str
    tls_required: bool = False
    max_message_bytes: int | None = None
    own_lane_per_mx: bool = False


@dataclass(frozen=True, slots=True)
class LaneOverride:
    """What the user set on a lane of a route; it sits on top of the profile and survives its updates."""

    rate: float | None = None
    connections: int | None = None
    paused: bool = False
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LaneMemory:
    """What a lane must remember over a restart, so that no restart ever sends faster than none.

    ``tokens`` as of ``at``; ``suspended_until`` after blocks or dead hosts; ``window`` is the
    concurrency reached; ``strikes`` counts suspensions in a row.
    """

    at: datetime
    tokens: float = 0.0
    window: float = 2.0
    slow_factor: float = 1.0
    suspended_until: datetime | None = None
    reason: LaneReason = LaneReason.NONE
    strikes: int = 0
