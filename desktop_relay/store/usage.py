"""How many messages each account took, here in steps of five minutes and by other programs in a day.

The quotas of later engines begin there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from desktop_relay.domain.usage import Elsewhere, Usage
from desktop_relay.store.connection import Database
from desktop_relay.store.times import from_ms, to_ms

_STEP_MS = 300_000
_KEPT = timedelta(days=8)


def step_of(at: datetime) -> int:
    """The start of the step that ``at`` lies in, in milliseconds."""
    return to_ms(at) // _STEP_MS * _STEP_MS


def add_usage(db: Database, used: Mapping[tuple[str, int], int]) -> None:
    """Count messages by account and step, within the caller's transaction."""
    for (account, step), number in used.items():
        db.execute(
            "INSERT INTO account_usage (account, at, n) VALUES (?, ?, ?) "
            "ON CONFLICT (account, at) DO UPDATE SET n = n + excluded.n",
            [account, step, number],
        )


def load_usage(db: Database, account: str, since: datetime) -> Usage:
    """What an account took in the steps since then, and what was last told of other programs."""
    rows = db.rows(
        "SELECT at, n FROM account_usage WHERE account = ? AND at >= ? ORDER BY at",
        [account, step_of(since)],
    )
    told = db.row("SELECT day, n FROM sent_elsewhere WHERE account = ?", [account])
    elsewhere = None if told is None else Elsewhere(date.fromisoformat(told[0]), told[1])
    return Usage(tuple((from_ms(at), number) for at, number in rows), elsewhere)


def save_elsewhere(db: Database, account: str, elsewhere: Elsewhere) -> None:
    """Keep what other programs sent over an account, instead of what was told before."""
    db.execute(
        "INSERT OR REPLACE INTO sent_elsewhere (account, day, n) VALUES (?, ?, ?)",
        [account, elsewhere.day.isoformat(), elsewhere.number],
    )


def rename_account(db: Database, account: str, name: str) -> None:
    """What the account took counts for ``name``, within the caller's transaction."""
    for table in ("account_usage", "sent_elsewhere"):
        db.execute(f"DELETE FROM {table} WHERE account = ?", [name])
        db.execute(f"UPDATE {table} SET account = ? WHERE account = ?", [name, account])


def forget_old_usage(db: Database, now: datetime) -> None:
    """Leave out what no quota asks for any more."""
    db.execute("DELETE FROM account_usage WHERE at < ?", [to_ms(now - _KEPT)])
