"""Reading the spool: who got it, who did not, and why."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import AttemptRow, RecipientState
from desktop_relay.domain.recipient import LedgerRow as LedgerRow
from desktop_relay.store.connection import Database, Row
from desktop_relay.store.contacts import ids_json
from desktop_relay.store.counters import load_counts as load_counts
from desktop_relay.store.counters import load_lanes as load_lanes
from desktop_relay.store.decisions import load_brakes as load_brakes
from desktop_relay.store.decisions import load_canary as load_canary
from desktop_relay.store.lane_standing import load_lane_memory as load_lane_memory
from desktop_relay.store.lane_standing import load_lane_overrides as load_lane_overrides
from desktop_relay.store.lane_standing import load_pace_changes as load_pace_changes
from desktop_relay.store.leases import load_recipient as load_recipient
from desktop_relay.store.plain import parse_texts
from desktop_relay.store.snapshots import load_campaign_row as load_campaign_row
from desktop_relay.store.snapshots import load_campaign_rows as load_campaign_rows
from desktop_relay.store.suppressions import load_suppressions as load_suppressions
from desktop_relay.store.suppressions import load_suppressions_of as load_suppressions_of
from desktop_relay.store.times import from_ms, from_ms_or_none, to_ms

_SELECT = (
    "SELECT id, address, name, lane, state, attempts, code, enhanced, text, reason, host, tls, due_at, "
    "message_id, accepted_at, updated_at, campaign FROM recipients"
)
_ORDERS = {
    "recipient": "id {way}",
    "address": "lower(address) {way}, id {way}",
    "lane": "lane {way}, id {way}",
    "state": "state {way}, id {way}",
    "attempts": "attempts {way}, id {way}",
    # whoever waits for nothing comes last, whichever way the column runs
    "next_attempt": "state <> 'deferred', due_at {way}, id {way}",
    "updated_at": "updated_at {way}, id {way}",
}


def load_recipient_ids(db: Database, query: LedgerQuery) -> array[int]:
    """The ids that a query finds, in its order."""
    parts: list[str] = ["campaign = ?"]
    values: list[object] = [query.campaign]
    if query.lane is not None:
        parts.append("lane = ?")
        values.append(query.lane)
    if query.state is not None:
        parts.append("state = ?")
        values.append(query.state.value)
    for word in query.text.split():
        parts.append("(address || char(10) || name || char(10) || text) LIKE ? ESCAPE '\\'")
        values.append(f"%{_escape(word)}%")
    way = "DESC" if query.descending else "ASC"
    order = _ORDERS.get(query.sort, _ORDERS["recipient"]).format(way=way)
    return db.ids(f"SELECT id FROM recipients WHERE {' AND '.join(parts)} ORDER BY {order}", values)


def load_ledger_rows(db: Database, ids: Sequence[int]) -> list[LedgerRow]:
    """The recipients of these ids in the order given."""
    rows = db.rows(f"{_SELECT} WHERE id IN (SELECT value FROM json_each(?))", [ids_json(ids)])
    found = {row[0]: _ledger_row(row) for row in rows}
    return [found[number] for number in ids if number in found]


def load_history_of_address(db: Database, key: str) -> list[LedgerRow]:
    """Every mail to an address, newest first."""
    # of one that is still being written nothing is shown
    mails = "SELECT recipient FROM recipient_keys JOIN campaigns ON campaigns.id = campaign WHERE key = ?"
    return [_ledger_row(row) for row in db.rows(f"{_SELECT} WHERE id IN ({mails}) ORDER BY id DESC", [key])]


def load_reached_keys(db: Database, campaigns: Sequence[int], since: datetime) -> list[str]:
    """The addresses that took mail of any of these campaigns ``since`` then, may have, or are still to."""
    sql = (
        "SELECT DISTINCT k.key FROM recipient_keys AS k JOIN recipients AS r ON r.id = k.recipient "
        "WHERE k.campaign IN (SELECT value FROM json_each(?)) "
        "AND r.state NOT IN ('bounced', 'suppressed', 'held', 'expired', 'cancelled') "
        "AND (r.state NOT IN ('accepted', 'unknown') OR coalesce(r.accepted_at, r.updated_at) >= ?)"
    )
    return [key for (key,) in db.rows(sql, [ids_json(campaigns), to_ms(since)])]


def load_attempts(db: Database, recipient: int) -> list[AttemptRow]:
    """Every attempt on a recipient, in order."""
    rows = db.rows(
        "SELECT number, started_at, ended_at, stage, code, enhanced, text, reason, host, tls, transcript "
        "FROM attempts WHERE recipient = ? ORDER BY number",
        [recipient],
    )
    return [_attempt_row(row) for row in rows]


def reason_counts(db: Database, campaign: int, state: RecipientState) -> dict[Reason, int]:
    """How many recipients are in ``state`` for each reason, the most frequent first."""
    rows = db.rows(
        "SELECT reason, count(*) FROM recipients WHERE campaign = ? AND state = ? "
        "AND lane IN (SELECT lane FROM counters WHERE campaign = ?) GROUP BY reason ORDER BY 2 DESC, 1",
        [campaign, state.value, campaign],
    )
    return {Reason(reason): number for reason, number in rows}


def count_due(db: Database, campaign: int, before: datetime) -> int:
    """How many deferred recipients are tried again before then."""
    rows = db.rows(
        "SELECT count(*) FROM recipients WHERE campaign = ? AND state = 'deferred' AND due_at < ?",
        [campaign, to_ms(before)],
    )
    return sum(row[0] for row in rows)


def _escape(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _ledger_row(row: Row) -> LedgerRow:
    number, address, name, lane, state, attempts, code, enhanced, text, reason, host, tls = row[:12]
    due_at, message_id, accepted_at, updated_at, campaign = row[12:]
    kind = RecipientState(state)
    # a campaign with a start time has recipients that wait for it from the beginning
    waits = kind is RecipientState.DEFERRED or (kind is RecipientState.PENDING and due_at > updated_at)
    return LedgerRow(
        recipient=number,
        address=address,
        name=name,
        lane=lane,
        state=kind,
        attempts=attempts,
        code=code,
        enhanced=enhanced,
        text=text,
        reason=Reason(reason),
        mx=host,
        tls=tls,
        next_attempt=from_ms(due_at) if waits else None,
        message_id=message_id,
        accepted_at=from_ms_or_none(accepted_at),
        updated_at=from_ms(updated_at),
        campaign=campaign,
    )


def _attempt_row(row: Row) -> AttemptRow:
    number, started_at, ended_at, stage, code, enhanced, text, reason, host, tls, transcript = row
    return AttemptRow(
        number=number,
        started_at=from_ms(started_at),
        ended_at=from_ms_or_none(ended_at),
        stage=stage,
        code=code,
        enhanced=enhanced,
        text=text,
        reason=Reason(reason),
        host=host,
        tls=tls,
        transcript=parse_texts(transcript) if transcript else (),
    )
