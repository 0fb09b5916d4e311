"""The list above all lists."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.store.connection import Database, Row
from desktop_relay.store.times import from_ms, to_ms

_SELECT = "SELECT pattern, reason, source, added_at FROM suppressions"


def load_suppressions(db: Database) -> list[Suppression]:
    """Every entry by pattern."""
    return [_entry(row) for row in db.rows(f"{_SELECT} ORDER BY pattern")]


def load_suppressions_of(db: Database, patterns: Iterable[str]) -> dict[str, Suppression]:
    """Those of these patterns that are on the list."""
    sql = f"{_SELECT} WHERE pattern IN (SELECT value FROM json_each(?))"
    found = (_entry(row) for row in db.rows(sql, [json.dumps(list(patterns))]))
    return {entry.pattern: entry for entry in found}


def add_suppressions(db: Database, suppressions: Iterable[Suppression]) -> int:
    """Add entries; answers how many are new. An entry that is there keeps its first reason."""
    with db.transaction():
        return db.executemany(
            "INSERT OR IGNORE INTO suppressions (pattern, reason, source, added_at) VALUES (?, ?, ?, ?)",
            ((s.pattern, s.reason.value, s.source, to_ms(s.added_at)) for s in suppressions),
        )


def remove_suppressions(db: Database, patterns: Iterable[str]) -> int:
    """Take entries off; answers how many were there."""
    with db.transaction():
        return db.executemany(
            "DELETE FROM suppressions WHERE pattern = ?", ((pattern,) for pattern in patterns)
        )


def _entry(row: Row) -> Suppression:
    pattern, reason, source, added_at = row
    return Suppression(pattern, SuppressionReason(reason), source, from_ms(added_at))
