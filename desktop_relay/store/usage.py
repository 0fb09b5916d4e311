"""How many messages each account took, in steps of five minutes; the quotas of later engines begin there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

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


def load_usage(db: Database, account: str, since: datetime) -> list[tuple[datetime, int]]:
    """What an account took in the steps since then, oldest first."""
    rows = db.rows(
        "SELECT at, n FROM account_usage WHERE account = ? AND at >= ? ORDER BY at",
        [account, step_of(since)],
    )
    return [(from_ms(at), number) for at, number in rows]


def rename_account(db: Database, account: str, name: str) -> None:
    """What the account took counts for ``name``, within the caller's transaction."""
    db.execute("DELETE FROM account_usage WHERE account = ?", [name])
    db.execute("UPDATE account_usage SET account = ? WHERE account = ?", [name, account])


def forget_old_usage(db: Database, now: datetime) -> None:
    """Leave out what no quota asks for any more."""
    db.execute("DELETE FROM account_usage WHERE at < ?", [to_ms(now - _KEPT)])
