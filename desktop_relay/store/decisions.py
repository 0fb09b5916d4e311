"""What brakes counted and how far canaries are: decisions that outlive the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel, BrakeMemory, BrakeTally
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.store.connection import Database
from desktop_relay.store.plain import compose_json, parse_object
from desktop_relay.store.times import from_ms_or_none, to_ms_or_none


def load_brakes(db: Database, campaign: int) -> dict[str, BrakeMemory]:
    """What the brakes of a campaign counted, by lane."""
    rows = db.rows("SELECT lane, memory FROM brakes WHERE campaign = ? ORDER BY lane", [campaign])
    return {lane: _parse_memory(parse_object(memory)) for lane, memory in rows}


def save_brakes(db: Database, campaign: int, memories: Mapping[str, BrakeMemory]) -> None:
    """Keep what these brakes counted; the others keep what they have."""
    rows = ((campaign, lane, compose_json(_memory_values(memory))) for lane, memory in memories.items())
    with db.transaction():
        db.executemany("INSERT OR REPLACE INTO brakes (campaign, lane, memory) VALUES (?, ?, ?)", rows)


def load_canary(db: Database, campaign: int) -> Canary | None:
    """The canary of a campaign, if it has one."""
    row = db.row("SELECT canary FROM canaries WHERE campaign = ?", [campaign])
    return None if row is None else _parse_canary(parse_object(row[0]))


def save_canary(db: Database, campaign: int, canary: Canary) -> None:
    """Keep how far it is."""
    db.execute(
        "INSERT OR REPLACE INTO canaries (campaign, canary) VALUES (?, ?)",
        [campaign, compose_json(_canary_values(canary))],
    )


def _memory_values(memory: BrakeMemory) -> dict[str, object]:
    return {
        "tally": asdict(memory.tally),
        "stopped": compose_finding(memory.stopped),
        "stopped_at": to_ms_or_none(memory.stopped_at),
        "left": memory.left,
        "released": sorted(cause.value for cause in memory.released),
    }


def _parse_memory(plain: Mapping[str, Any]) -> BrakeMemory:
    return BrakeMemory(
        tally=BrakeTally(**plain["tally"]),
        stopped=parse_finding(plain["stopped"]),
        stopped_at=from_ms_or_none(plain["stopped_at"]),
        left=plain["left"],
        released=frozenset(BrakeCause(cause) for cause in plain["released"]),
    )


def _canary_values(canary: Canary) -> dict[str, object]:
    return {
        "phase": canary.phase.value,
        "size": canary.size,
        "kept": dict(canary.kept),
        "until": to_ms_or_none(canary.until),
        "finding": compose_finding(canary.finding),
    }


def _parse_canary(plain: Mapping[str, Any]) -> Canary:
    return Canary(
        phase=CanaryPhase(plain["phase"]),
        size=plain["size"],
        kept=plain["kept"],
        until=from_ms_or_none(plain["until"]),
        finding=parse_finding(plain["finding"]),
    )


def compose_finding(finding: BrakeFinding | None) -> dict[str, object] | None:
    """What a brake found, as plain values."""
    return None if finding is None else asdict(finding)


def parse_finding(plain: Mapping[str, Any] | None) -> BrakeFinding | None:
    """The finding of its plain values."""
    if plain is None:
        return None
    return BrakeFinding(**{**plain, "cause": BrakeCause(plain["cause"]), "level": BrakeLevel(plain["level"])})
