"""Leasing due recipients to the engine, and taking leases back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import Recipient, RecipientState
from desktop_relay.domain.retries import Retries
from desktop_relay.store.connection import Database
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import Moves
from desktop_relay.store.plain import parse_object
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms

_PENDING, _READY, _DEFERRED = (
    RecipientState.PENDING.value,
    RecipientState.READY.value,
    RecipientState.DEFERRED.value,
)

# Each branch walks one stretch of recipients_by_lane in its order and stops at the limit.
_DUE = (
    "SELECT id, due_at FROM recipients WHERE campaign = ?1 AND lane = ?2 AND state = '{state}' "
    "AND due_at <= ?3 ORDER BY due_at, id LIMIT {limit}"
)
_LEASABLE = (
    f"SELECT * FROM ({_DUE.format(state=_PENDING, limit='?5')}) UNION ALL "
    f"SELECT * FROM ({_DUE.format(state=_DEFERRED, limit='?4')}) ORDER BY due_at, id LIMIT ?4"
)
_RETRIES = (
    "SELECT lane, count(*), max(CASE WHEN reason <> ?2 THEN due_at END), sum(reason = ?2) FROM recipients "
    "WHERE campaign = ?1 AND state = 'deferred' AND lane IN "
    "(SELECT lane FROM counters WHERE campaign = ?1 AND state = 'deferred' AND n > 0) GROUP BY lane"
)
_PENDING_NUMBER = "SELECT n FROM counters WHERE campaign = ? AND lane = ? AND state = 'pending'"
# in one step, as everything that is done for every message (see settling)
_LEASE = (
    "SELECT json_group_array(json_array(r.id, r.campaign, r.address, r.lane, r.attempts, r.message_id, "
    "m.fields, c.expires_at, r.state, due.due_at)) "
    f"FROM ({_LEASABLE}) AS due JOIN recipients AS r ON r.id = due.id "
    "JOIN merge_fields AS m ON m.recipient = r.id JOIN campaigns AS c ON c.id = r.campaign"
)
_DUE_FIRST = itemgetter(9, 0)


def lease(db: Database, campaign: int, lane: str, limit: int, at: datetime, kept: int = 0) -> list[Recipient]:
    """Up to ``limit`` recipients that are due, the longest due first; they are ready from now on.

    A deferred one passes through pending on its way: its time has come. ``kept`` pending ones stay behind.
    """
    now = to_ms(at)
    with db.transaction():
        fresh = limit if kept == 0 else min(limit, max(0, _pending(db, campaign, lane) - kept))
        rows = db.json_rows(_LEASE, [campaign, lane, now, limit, fresh])
        rows.sort(key=_DUE_FIRST)
        moves = Moves()
        for row in rows:
            moves.add(campaign, lane, row[8], _READY)
        db.execute(
            "UPDATE recipients SET state = ?, updated_at = ? WHERE id IN (SELECT value FROM json_each(?))",
            [_READY, now, ids_json([row[0] for row in rows])],
        )
        moves.write(db)
    return [parse_recipient(row) for row in rows]


def release(db: Database, ids: Sequence[int], at: datetime) -> int:
    """Give leases back; answers how many. What is no longer ready stays as it is.

    A recipient that was tried before waits as deferred again, with the due time it had.
    """
    now = to_ms(at)
    moves = Moves()
    with db.transaction():
        rows = db.rows(
            "SELECT id, campaign, lane, attempts FROM recipients "
            "WHERE state = ? AND id IN (SELECT value FROM json_each(?))",
            [_READY, ids_json(ids)],
        )
        for _, campaign, lane, attempts in rows:
            moves.add(campaign, lane, _READY, _back(attempts))
        db.executemany(
            "UPDATE recipients SET state = ?, updated_at = ? WHERE id = ?",
            ((_back(attempts), now, number) for number, _, _, attempts in rows),
        )
        moves.write(db)
    return len(rows)


def load_retries(db: Database, campaign: int) -> dict[str, Retries]:
    """Who waits to be tried again, by lane; lanes without anybody are left out."""
    rows = db.rows(_RETRIES, [campaign, Reason.MAILBOX_FULL.value])
    return {lane: Retries(number, from_ms_or_none(due), full) for lane, number, due, full in rows}


def _pending(db: Database, campaign: int, lane: str) -> int:
    row = db.row(_PENDING_NUMBER, [campaign, lane])
    return 0 if row is None else int(row[0])


def next_due(db: Database, campaign: int, lane: str, kept: int = 0) -> datetime | None:
    """When the next recipient of a lane is due, which may be past; ``None`` when nobody waits.

    While no more than ``kept`` are pending, those do not count.
    """
    first = "SELECT min(due_at) FROM recipients WHERE campaign = ?1 AND lane = ?2 AND state = '{state}'"
    row = db.row(
        f"SELECT min(coalesce(p, d), coalesce(d, p)) FROM "
        f"(SELECT ({first.format(state=_PENDING)} AND ?3) AS p, ({first.format(state=_DEFERRED)}) AS d)",
        [campaign, lane, kept == 0 or _pending(db, campaign, lane) > kept],
    )
    return None if row is None or row[0] is None else from_ms(row[0])


def load_recipient(db: Database, recipient: int) -> Recipient | None:
    """One recipient with its merge snapshot, in whatever state."""
    row = db.row(
        "SELECT r.id, r.campaign, r.address, r.lane, r.attempts, r.message_id, m.fields, c.expires_at "
        "FROM recipients AS r JOIN merge_fields AS m ON m.recipient = r.id "
        "JOIN campaigns AS c ON c.id = r.campaign WHERE r.id = ?",
        [recipient],
    )
    return None if row is None else parse_recipient(row)


def parse_recipient(row: Sequence[Any]) -> Recipient:
    """The recipient of the first eight columns of a lease."""
    number, campaign, address, lane, attempts, message_id, fields, expires_at = row[:8]
    return Recipient(
        id=number,
        campaign=campaign,
        address=address,
        lane=lane,
        attempts=attempts,
        message_id=message_id,
        fields=parse_object(fields),
        expires_at=from_ms_or_none(expires_at),
    )


def _back(attempts: int) -> str:
    return _DEFERRED if attempts else _PENDING
