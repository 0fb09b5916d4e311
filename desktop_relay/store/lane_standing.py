"""What lanes of a route remember, and what the user set on them."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_relay.domain.lane import LaneMemory, LaneOverride, LaneReason
from desktop_relay.store.connection import Database
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms, to_ms_or_none


def load_lane_memory(db: Database, route: str) -> dict[str, LaneMemory]:
    """What every lane of a route learned."""
    rows = db.rows(
        "SELECT lane, at, tokens, window, slow_factor, suspended_until, reason, strikes "
        "FROM lane_memory WHERE route = ?",
        [route],
    )
    return {
        lane: LaneMemory(
            at=from_ms(at),
            tokens=tokens,
            window=window,
            slow_factor=slow_factor,
            suspended_until=from_ms_or_none(suspended_until),
            reason=LaneReason(reason),
            strikes=strikes,
        )
        for lane, at, tokens, window, slow_factor, suspended_until, reason, strikes in rows
    }


def save_lane_memory(db: Database, route: str, memories: Mapping[str, LaneMemory]) -> None:
    """Keep what these lanes learned; the others keep what they have."""
    with db.transaction():
        db.executemany(
            "INSERT OR REPLACE INTO lane_memory "
            "(route, lane, at, tokens, window, slow_factor, suspended_until, reason, strikes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    route,
                    lane,
                    to_ms(memory.at),
                    memory.tokens,
                    memory.window,
                    memory.slow_factor,
                    to_ms_or_none(memory.suspended_until),
                    memory.reason.value,
                    memory.strikes,
                )
                for lane, memory in memories.items()
            ),
        )


def load_lane_overrides(db: Database, route: str) -> dict[str, LaneOverride]:
    """What the user set on lanes of a route."""
    rows = db.rows(
        "SELECT lane, rate, connections, paused, paused_until FROM lane_overrides WHERE route = ?", [route]
    )
    return {
        lane: LaneOverride(rate, connections, bool(paused), from_ms_or_none(paused_until))
        for lane, rate, connections, paused, paused_until in rows
    }


def save_lane_override(db: Database, route: str, lane: str, override: LaneOverride | None) -> None:
    """Keep what the user set, or with ``None`` go back to the profile."""
    if override is None:
        db.execute("DELETE FROM lane_overrides WHERE route = ? AND lane = ?", [route, lane])
        return
    db.execute(
        "INSERT OR REPLACE INTO lane_overrides (route, lane, rate, connections, paused, paused_until) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            route,
            lane,
            override.rate,
            override.connections,
            int(override.paused),
            to_ms_or_none(override.paused_until),
        ],
    )
