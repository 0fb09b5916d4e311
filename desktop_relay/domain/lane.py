"""A lane: what is throttled together, with its limits, their standing, and its live state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class LaneState(StrEnum):
    """How a lane is doing."""

    IDLE = "idle"
    RUNNING = "running"
    SLOWED = "slowed"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class LaneReason(StrEnum):
    """Why a lane goes at the pace it goes; each has a sentence in each language."""

    NONE = ""
    PROFILE = "profile"
    UNLIMITED = "unlimited"
    USER_LIMIT = "user_limit"
    ACCOUNT_LIMIT = "account_limit"
    QUOTA_USED = "quota_used"
    WARMING_UP = "warming_up"
    ACCOUNTS_RESTING = "accounts_resting"
    PORT25_BLOCKED = "port25_blocked"
    NO_NETWORK = "no_network"
    REPLIES = "replies"
    CONNECT_FAILURES = "connect_failures"
    BLOCKED = "blocked"
    HOUR_LIMIT = "hour_limit"
    DAY_LIMIT = "day_limit"
    CONNECT_LIMIT = "connect_limit"
    LEARNED_CEILING = "learned_ceiling"
    RETURNING = "returning"
    CLOCK = "clock"
    ANSWERS = "answers"
    DEADLINE = "deadline"
    USER_PAUSED = "user_paused"
    CAMPAIGN_PAUSED = "campaign_paused"
    WAITING_FOR_RETRY = "waiting_for_retry"
    WAITING_FOR_START = "waiting_for_start"
    BRAKED = "braked"
    CANARY_TRYING = "canary_trying"
    CANARY_WAITING = "canary_waiting"
    DONE = "done"


MOST_RECIPIENTS_PER_SESSION = 100
"""Never more: at the 101st docomo ends the session and none of its recipients gets the mail."""

HIGHEST_LIMIT = 10**9
"""Of whatever a user sets a number for; more is a slip of the finger, and no database keeps any number."""


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """The limits in force. ``rate`` is messages per second, ``None`` without a limit; seconds elsewhere.

    ``rate`` is what the limits by the second and by the minute come to: it is kept by spacing messages out.
    ``per_hour`` and ``per_day`` are kept by counting; ``connects_per_minute`` counts sessions opened.
    """

    rate: float | None = None
    connections: int = 5
    messages_per_connection: int = 20
    session_seconds: float = 300.0
    idle_seconds: float = 5.0
    per_hour: int | None = None
    per_day: int | None = None
    connects_per_minute: int | None = None
    recipients_per_session: int = MOST_RECIPIENTS_PER_SESSION

    @property
    def messages_per_session(self) -> int:
        """The most that one session carries, each message having one recipient."""
        return min(self.messages_per_connection, self.recipients_per_session, MOST_RECIPIENTS_PER_SESSION)


@dataclass(frozen=True, slots=True)
class LaneProfile:
    """A carrier's shipped profile: who it is, how it is recognised, its limits and where they come from.

    ``domains`` and ``mx`` are exact names, or suffixes when they start with a dot.
    ``own_lane_per_mx`` groups independent hosts under one profile, each with a lane of its own.
    ``source`` (``source_ja`` in Japanese), ``dated`` and ``confidence`` are the standing of the numbers
    (``published``, ``verified``, ``secondary`` or ``estimate``).
    """

    key: str
    name: str
    name_ja: str
    domains: tuple[str, ...]
    mx: tuple[str, ...]
    limits: LaneLimits
    source: str
    source_ja: str
    dated: str
    confidence: str
    tls_required: bool = False
    max_message_bytes: int | None = None
    own_lane_per_mx: bool = False


LIMITS = ("rate", "connections", "per_hour", "per_day")
"""What a user can set on a lane, by name."""


@dataclass(frozen=True, slots=True)
class PassingLimit:
    """A limit that the user set until a time: its name in ``LaneOverride``; 0 stands for the profile's."""

    name: str
    value: float
    until: datetime


@dataclass(frozen=True, slots=True)
class LaneOverride:
    """What the user set on a lane of a route; it sits on top of the profile and survives its updates.

    ``passing`` limits lie on top of it while their time lasts, each name once.
    """

    rate: float | None = None
    connections: int | None = None
    paused: bool = False
    paused_until: datetime | None = None
    per_hour: int | None = None
    per_day: int | None = None
    passing: tuple[PassingLimit, ...] = ()

    def at(self, now: datetime) -> LaneOverride:
        """What of it is in force: what ended is gone, and ``passing`` names what ends by itself."""
        passing = tuple(limit for limit in self.passing if now < limit.until)
        ended = self.paused_until is not None and self.paused_until <= now
        if not passing and not ended and not self.passing:
            return self
        values: dict[str, Any] = {limit.name: _kind_of(limit)(limit.value) or None for limit in passing}
        if ended:
            values |= {"paused": False, "paused_until": None}
        return replace(self, **values, passing=passing)

    def until(self, name: str) -> datetime | None:
        """When the limit of this name ends by itself."""
        return next((limit.until for limit in self.passing if limit.name == name), None)


def _kind_of(limit: PassingLimit) -> type[float] | type[int]:
    return float if limit.name == "rate" else int
