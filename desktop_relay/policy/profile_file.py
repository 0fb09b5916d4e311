"""The profile file: carriers with their names, hosts, sourced limits and rules, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.lane import MOST_RECIPIENTS_PER_SESSION, LaneLimits, LaneProfile
from desktop_relay.policy.rules import Rule, parse_rule
from desktop_relay.policy.table import Table

DEFAULT = "default"
"""The entry that holds for lanes without a profile, and fills the numbers that a profile leaves out."""

SCHEMA = 1

_TOP_KEYS = frozenset({"schema", DEFAULT, "carriers"})
_ENTRY_KEYS = frozenset(
    {
        "name",
        "name_ja",
        "domains",
        "mx",
        "own_lane_per_mx",
        "tls_required",
        "limits",
        "rules",
        "last_rules",
        "note",
    }
)
UNITS: Mapping[str, str] = {
    "messages_per_second": "messages/s",
    "messages_per_minute": "messages/min",
    "messages_per_hour": "messages/h",
    "messages_per_day": "messages/d",
    "connections": "connections",
    "connections_per_minute": "connections/min",
    "messages_per_connection": "messages",
    "recipients_per_session": "recipients",
    "session_seconds": "s",
    "idle_seconds": "s",
    "message_bytes": "octets",
}
"""The numbers a profile may have, each with the unit that must stand beside it."""

_LIMIT_KEYS = frozenset(UNITS)
_COUNTED = _LIMIT_KEYS - {"messages_per_second", "messages_per_minute", "session_seconds", "idle_seconds"}
_GROUNDS_KEYS = frozenset({"source", "source_ja", "dated", "confidence", "note"})
_NUMBER_KEYS = _GROUNDS_KEYS | {"value", "unit"}
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_DATED = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?")


class Confidence(StrEnum):
    """How well a number is founded."""

    PUBLISHED = "published"
    VERIFIED = "verified"
    SECONDARY = "secondary"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where something is known from and when it was looked up (``2026-11`` or ``2026-11-01``).

    ``source`` is in English, ``source_ja`` the same in Japanese.
    """

    source: str
    source_ja: str
    dated: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Standing(Grounds):
    """One number with its grounds."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One carrier; ``last_rules`` are asked after the general ones.

    ``tls_required`` says how it is known that its hosts always offer encryption, ``None`` where it is not.
    """

    profile: LaneProfile
    standings: Mapping[str, Standing]
    tls_required: Grounds | None
    rules: tuple[Rule, ...]
    last_rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """All entries by key, ``default`` among them; ``domains`` and ``mx`` map names to keys."""

    entries: Mapping[str, Entry]
    domains: Mapping[str, str]
    mx: Mapping[str, str]


def read_profile_file(toml_text: str) -> ProfileFile:
    """Read and check the file; raises ``BadInput`` (``profile_invalid``)."""
    try:
        top = Table("", tomllib.loads(toml_text))
    except (ValueError, RecursionError) as error:
        raise BadInput(ErrorCode.PROFILE_INVALID, where="", problem=f"not TOML: {error}") from error
    top.allow(_TOP_KEYS)
    if top.number("schema") != SCHEMA:
        raise top.refusal("schema", f"must be {SCHEMA}")
    if DEFAULT not in top.content:
        raise top.refusal(DEFAULT, "is missing")
    general = _read_entry(DEFAULT, top.table(DEFAULT), {})
    entries = {DEFAULT: general}
    carriers = top.table("carriers")
    for key in carriers.content:
        if _KEY.fullmatch(key) is None or key == DEFAULT:
            raise carriers.refusal(key[:40], "a key is lower-case letters, digits and underscores")
        entries[key] = _read_entry(key, carriers.table(key), general.standings)
    return ProfileFile(
        entries=entries,
        domains=_index({key: entry.profile.domains for key, entry in entries.items()}, "domains"),
        mx=_index({key: entry.profile.mx for key, entry in entries.items()}, "mx"),
    )


def _read_entry(key: str, table: Table, general: Mapping[str, Standing]) -> Entry:
    table.allow(_ENTRY_KEYS)
    table.text("note", "")
    standings = dict(general) | _read_limits(table.table("limits"))
    rate = standings.get("messages_per_minute")
    size = standings.get("message_bytes")
    tls_required = _read_grounds(table.table("tls_required")) if "tls_required" in table.content else None
    profile = LaneProfile(
        key=key,
        name=table.text("name"),
        name_ja=table.text("name_ja"),
        domains=_read_names(table, "domains"),
        mx=_read_names(table, "mx"),
        limits=_limits(standings),
        source=rate.source if rate else "",
        source_ja=rate.source_ja if rate else "",
        dated=rate.dated if rate else "",
        confidence=(rate.confidence if rate else Confidence.ESTIMATE).value,
        tls_required=tls_required is not None,
        max_message_bytes=int(size.value) if size else None,
        own_lane_per_mx=table.switch("own_lane_per_mx"),
    )
    if (key == DEFAULT) == bool(profile.domains or profile.mx):
        raise table.refusal("domains", "every profile but the default needs domains or mx to be known by")
    return Entry(
        profile=profile,
        standings=standings,
        tls_required=tls_required,
        rules=tuple(parse_rule(rule) for rule in table.tables("rules")),
        last_rules=tuple(parse_rule(rule) for rule in table.tables("last_rules")),
    )


def _read_limits(table: Table) -> dict[str, Standing]:
    table.allow(_LIMIT_KEYS)
    return {key: _read_number(key, table.table(key)) for key in table.content}


def _read_number(key: str, table: Table) -> Standing:
    table.allow(_NUMBER_KEYS)
    value = table.number("value")
    if value is None:
        raise table.refusal("value", "is missing, must be a number")
    unit = table.text("unit")
    if unit != UNITS[key]:
        raise table.refusal("unit", f"must be {UNITS[key]}")
    if key in _COUNTED and value != int(value):
        raise table.refusal("value", "must be a whole number")
    if key == "recipients_per_session" and value > MOST_RECIPIENTS_PER_SESSION:
        raise table.refusal("value", f"must be {MOST_RECIPIENTS_PER_SESSION} or less")
    grounds = _read_grounds(table, _NUMBER_KEYS)
    return Standing(grounds.source, grounds.source_ja, grounds.dated, grounds.confidence, value, unit)


def _read_grounds(table: Table, keys: frozenset[str] = _GROUNDS_KEYS) -> Grounds:
    table.allow(keys)
    table.text("note", "")
    dated = table.text("dated")
    if _DATED.fullmatch(dated) is None:
        raise table.refusal("dated", "must be a month or day like 2026-11 or 2026-11-01")
    return Grounds(
        source=table.text("source"),
        source_ja=table.text("source_ja"),
        dated=dated,
        confidence=table.choice("confidence", Confidence),
    )


def _limits(standings: Mapping[str, Standing]) -> LaneLimits:
    usual = LaneLimits()
    value = {key: standing.value for key, standing in standings.items()}
    paces = [
        value[key] / seconds
        for key, seconds in (("messages_per_second", 1), ("messages_per_minute", 60))
        if key in value
    ]
    return LaneLimits(
        rate=min(paces, default=None),
        connections=int(value.get("connections", usual.connections)),
        messages_per_connection=int(value.get("messages_per_connection", usual.messages_per_connection)),
        session_seconds=value.get("session_seconds", usual.session_seconds),
        idle_seconds=value.get("idle_seconds", usual.idle_seconds),
        per_hour=_whole(value.get("messages_per_hour")),
        per_day=_whole(value.get("messages_per_day")),
        connects_per_minute=_whole(value.get("connections_per_minute")),
        recipients_per_session=int(value.get("recipients_per_session", usual.recipients_per_session)),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _read_names(table: Table, key: str) -> tuple[str, ...]:
    names = table.texts(key)
    for name in names:
        if _NAME.fullmatch(name) is None:
            raise table.refusal(key, f"{name[:60]!r} is no lower-case host name or .suffix")
    return names


def _index(names_by_key: Mapping[str, tuple[str, ...]], what: str) -> dict[str, str]:
    owners: dict[str, str] = {}
    for key, names in names_by_key.items():
        for name in names:
            if name in owners:
                where = f"carriers.{key}.{what}"
                problem = f"{name} is already claimed by {owners[name]}"
                raise BadInput(ErrorCode.PROFILE_INVALID, where=where, problem=problem)
            owners[name] = key
    return owners
