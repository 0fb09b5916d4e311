"""What a lane sent and opened lately, and the limits that are kept by counting it."""

from __future__ import annotations

from dataclasses import replace

from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.policy.sliding_count import SlidingCount

MINUTE, HOUR, DAY = (60.0, 60), (3600.0, 120), (86400.0, 144)
"""What is counted: the length in seconds, and into how many parts it is cut."""

COUNTED = frozenset({LaneReason.HOUR_LIMIT, LaneReason.DAY_LIMIT})
"""Reasons for which nothing goes until enough of what went before is old."""


class LaneCounts:
    """Messages by the hour and by the day, sessions by the minute; counted also while nothing limits them.

    So a limit that is set at noon knows of the morning. Times are the lane's.
    """

    __slots__ = ("_connects", "_day", "_hour", "_is_limited", "_limits")

    def __init__(self, limits: LaneLimits, memory: LaneMemory, at: float) -> None:
        self._hour = SlidingCount(*HOUR, memory.hour, at)
        self._day = SlidingCount(*DAY, memory.day, at)
        self._connects = SlidingCount(*MINUTE, memory.connects, at)
        self.limit(limits)

    def limit(self, limits: LaneLimits) -> None:
        """Other limits; what was counted stays counted."""
        self._limits = limits
        self._is_limited = limits.per_hour is not None or limits.per_day is not None

    def wait(self, at: float) -> float:
        """Seconds until one more message is within the limits."""
        return self.held(at)[0] if self._is_limited else 0.0

    def held(self, at: float) -> tuple[float, LaneReason]:
        """Likewise, with the limit that makes it wait longest."""
        limits, wait, reason = self._limits, 0.0, LaneReason.NONE
        if limits.per_hour is not None:
            wait = self._hour.wait(max(1, limits.per_hour), at)
            reason = LaneReason.HOUR_LIMIT if wait > 0.0 else reason
        if limits.per_day is not None:
            longer = self._day.wait(max(1, limits.per_day), at)
            if longer > wait:
                return longer, LaneReason.DAY_LIMIT
        return wait, reason

    def add(self, at: float) -> None:
        """One more message went."""
        self._hour.add(at)
        self._day.add(at)

    def take_back(self) -> None:
        """The newest one was not sent."""
        self._hour.take_back()
        self._day.take_back()

    def wait_to_connect(self, at: float) -> float:
        """Seconds until one more session is within the limit."""
        limit = self._limits.connects_per_minute
        return 0.0 if limit is None else self._connects.wait(max(1, limit), at)

    def connect(self, at: float) -> None:
        """One more session is opened."""
        if self._limits.connects_per_minute is not None:
            self._connects.add(at)

    def take_session_back(self, at: float) -> None:
        """The session of this moment was not opened."""
        self._connects.take_back(at)

    def memory(self, memory: LaneMemory, at: float) -> LaneMemory:
        """``memory`` with what was counted."""
        return replace(
            memory,
            hour=self._hour.counted(at),
            day=self._day.counted(at),
            connects=self._connects.counted(at),
        )
