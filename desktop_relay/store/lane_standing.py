"""What lanes of a route remember, and what the user set on them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from desktop_relay.domain.brake import BrakeTally
from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.lane import LaneOverride, LaneReason, PassingLimit
from desktop_relay.domain.lane_memory import (
    Counted,
    HealthMemory,
    LaneMemories,
    LaneMemory,
    PaceMemory,
    Port25Memory,
    SuspensionMemory,
    WindowMemory,
)
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.warmup import Warmup, WarmupMemory
from desktop_relay.store.connection import Database
from desktop_relay.store.decisions import compose_finding, parse_finding
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms, to_ms_or_none

_MOMENT = timedelta(milliseconds=1)


def load_lane_memory(db: Database, route: str) -> dict[str, LaneMemory]:
    """What every lane of a route learned."""
    rows = db.rows("SELECT lane, at, memory FROM lane_memory WHERE route = ?", [route])
    return {lane: _parse_memory(from_ms(at), parse_object(memory)) for lane, at, memory in rows}


def save_lane_memory(db: Database, memories: LaneMemories) -> None:
    """Keep what these lanes learned; the others keep what they have."""
    rows = (
        # a moment too late rather than too early: nothing may be thought to be longer ago than it is
        (route, lane, to_ms(memory.at + _MOMENT), compose_json(_memory_values(memory)))
        for (route, lane), memory in memories.items()
    )
    with db.transaction():
        db.executemany(
            "INSERT OR REPLACE INTO lane_memory (route, lane, at, memory) VALUES (?, ?, ?, ?)", rows
        )


def load_lane_overrides(db: Database, route: str) -> dict[str, LaneOverride]:
    """What the user set on lanes of a route."""
    rows = db.rows(
        "SELECT lane, rate, connections, paused, paused_until, per_hour, per_day, passing "
        "FROM lane_overrides WHERE route = ?",
        [route],
    )
    return {
        lane: LaneOverride(
            rate,
            connections,
            bool(paused),
            from_ms_or_none(until),
            per_hour,
            per_day,
            tuple(PassingLimit(name, value, from_ms(end)) for name, value, end in json.loads(passing)),
        )
        for lane, rate, connections, paused, until, per_hour, per_day, passing in rows
    }


def save_lane_override(db: Database, route: str, lane: str, override: LaneOverride | None) -> None:
    """Keep what the user set, or with ``None`` go back to the profile."""
    if override is None:
        db.execute("DELETE FROM lane_overrides WHERE route = ? AND lane = ?", [route, lane])
        return
    db.execute(
        "INSERT OR REPLACE INTO lane_overrides "
        "(route, lane, rate, connections, paused, paused_until, per_hour, per_day, passing) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            route,
            lane,
            override.rate,
            override.connections,
            int(override.paused),
            to_ms_or_none(override.paused_until),
            override.per_hour,
            override.per_day,
            compose_json([[limit.name, limit.value, to_ms(limit.until)] for limit in override.passing]),
        ],
    )


def rename_route(db: Database, route: str, name: str) -> None:
    """What lanes of a route remember and are set to is that of ``name``, within the caller's transaction."""
    for table in ("lane_memory", "lane_overrides", "pace_changes"):
        db.execute(f"DELETE FROM {table} WHERE route = ?", [name])
        db.execute(f"UPDATE {table} SET route = ? WHERE route = ?", [name, route])


def load_pace_changes(db: Database, route: str) -> dict[str, tuple[PaceChange, ...]]:
    """What changed the pace of each lane lately, oldest first."""
    rows = db.rows("SELECT lane, changes FROM pace_changes WHERE route = ?", [route])
    return {lane: tuple(_parse_change(values) for values in json.loads(changes)) for lane, changes in rows}


def save_pace_changes(db: Database, route: str, changes: Mapping[str, Sequence[PaceChange]]) -> None:
    """Keep what changed the pace of these lanes; the others keep what they have."""
    rows = (
        (route, lane, compose_json([_change_values(change) for change in listed]))
        for lane, listed in changes.items()
    )
    with db.transaction():
        db.executemany("INSERT OR REPLACE INTO pace_changes (route, lane, changes) VALUES (?, ?, ?)", rows)


def _memory_values(memory: LaneMemory) -> dict[str, object]:
    plain = asdict(memory)
    del plain["at"]
    if memory.warmup is not None:
        plain["warmup"] = _warmup_values(memory.warmup)
    return plain


def _parse_memory(at: datetime, plain: Mapping[str, Any]) -> LaneMemory:
    suspension = plain["suspension"]
    return LaneMemory(
        at=at,
        tokens=plain["tokens"],
        phase=plain["phase"],
        pace=PaceMemory(**plain["pace"]),
        window=WindowMemory(**plain["window"]),
        suspension=SuspensionMemory(**suspension | {"cause": LaneReason(suspension["cause"])}),
        hour=_parse_counted(plain["hour"]),
        day=_parse_counted(plain["day"]),
        connects=_parse_counted(plain["connects"]),
        # what was saved before these were asked for has none
        health=HealthMemory(**plain.get("health", {})),
        egress=plain.get("egress", ""),
        port25=_parse_port25(plain.get("port25", {})),
        warmup=_parse_warmup(plain.get("warmup")),
    )


def _parse_port25(plain: Mapping[str, Any]) -> Port25Memory:
    return Port25Memory(**{**plain, "silent": tuple(plain.get("silent", ()))})


def _warmup_values(warmup: WarmupMemory) -> dict[str, object]:
    return {
        **asdict(warmup),
        "day": _compose_day(warmup.day),
        "set_back_from": _compose_day(warmup.set_back_from),
        "found": compose_finding(warmup.found),
        "held_by": compose_finding(warmup.held_by),
    }


def _parse_warmup(plain: Mapping[str, Any] | None) -> WarmupMemory | None:
    if plain is None:
        return None
    return WarmupMemory(
        plan=Warmup(**plain["plan"]),
        day=_parse_day(plain["day"]),
        step=plain["step"],
        sent=plain["sent"],
        elsewhere=plain["elsewhere"],
        tally=BrakeTally(**plain["tally"]),
        found=parse_finding(plain["found"]),
        held_by=parse_finding(plain["held_by"]),
        set_back_from=_parse_day(plain.get("set_back_from")),  # what was saved before has none
    )


def _compose_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _parse_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _parse_counted(pairs: Sequence[tuple[float, int]]) -> Counted:
    return tuple((ago, number) for ago, number in pairs)


def _change_values(change: PaceChange) -> list[object]:
    return [
        to_ms(change.at),
        change.kind.value,
        change.reason.value,
        change.code,
        change.enhanced,
        change.text,
        change.pace,
        to_ms_or_none(change.until),
    ]


def _parse_change(values: Sequence[Any]) -> PaceChange:
    at, kind, reason, code, enhanced, text, pace, until = values
    return PaceChange(
        at=from_ms(at),
        kind=EffectKind(kind),
        reason=Reason(reason),
        code=code,
        enhanced=enhanced,
        text=text,
        pace=pace,
        until=from_ms_or_none(until),
    )
