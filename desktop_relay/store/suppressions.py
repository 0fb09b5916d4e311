"""The list above all lists."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.store.connection import Database
from desktop_relay.store.times import from_ms, to_ms


def load_suppressions(db: Database) -> list[Suppression]:
    """Every entry by pattern."""
    rows = db.rows("SELECT pattern, reason, source, added_at FROM suppressions ORDER BY pattern")
    return [
        Suppression(pattern, SuppressionReason(reason), source, from_ms(added_at))
        for pattern, reason, source, added_at in rows
    ]


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
