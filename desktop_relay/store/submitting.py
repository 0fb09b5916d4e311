"""Writing a campaign and everybody it goes to into the spool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from desktop_relay.domain.campaign import CampaignSnapshot, CampaignState
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.store.connection import Database
from desktop_relay.store.counters import recount
from desktop_relay.store.plain import compose_fields
from desktop_relay.store.snapshots import compose_snapshot
from desktop_relay.store.times import to_ms, to_ms_or_none

_CHUNK = 1000
_INSERT = (
    "INSERT OR IGNORE INTO recipients "
    "(id, campaign, lane, state, due_at, updated_at, reason, address, key, name, message_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def submit(db: Database, snapshot: CampaignSnapshot, rows: Iterable[NewRecipient], at: datetime) -> None:
    """Write all or nothing; a campaign that is there already stays as it is, and ``rows`` is not read.

    An address that comes twice is taken once.
    """
    with db.transaction():
        if db.number("SELECT count(*) FROM campaigns WHERE id = ?", [snapshot.id]):
            return
        db.execute(
            "INSERT INTO campaigns (id, snapshot, state, expires_at, submitted_at) VALUES (?, ?, ?, ?, ?)",
            [
                snapshot.id,
                compose_snapshot(snapshot),
                CampaignState.SUBMITTED.value,
                to_ms_or_none(snapshot.expires_at),
                to_ms(at),
            ],
        )
        first = db.number("SELECT max(id) FROM recipients") + 1
        for start, chunk in _numbered_chunks(rows, first):
            _insert(db, snapshot, chunk, start, at)
        recount(db, snapshot.id)
        db.execute(
            "UPDATE campaigns SET total = "
            "(SELECT coalesce(sum(n), 0) FROM counters WHERE campaign = campaigns.id) WHERE id = ?",
            [snapshot.id],
        )


def _numbered_chunks(rows: Iterable[NewRecipient], first: int) -> Iterator[tuple[int, list[NewRecipient]]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK)):
        yield first, chunk
        first += len(chunk)


def _insert(
    db: Database, snapshot: CampaignSnapshot, chunk: list[NewRecipient], first: int, at: datetime
) -> None:
    campaign, now, due = snapshot.id, to_ms(at), to_ms(snapshot.start_at or at)
    numbered = list(enumerate(chunk, first))
    written = db.executemany(
        _INSERT,
        (
            (
                number,
                campaign,
                row.lane,
                row.state.value,
                due,
                now,
                row.reason.value,
                row.address,
                row.key,
                row.name,
                row.message_id,
            )
            for number, row in numbered
        ),
    )
    if written < len(chunk):
        there = {row[0] for row in db.rows("SELECT id FROM recipients WHERE id >= ?", [first])}
        numbered = [(number, row) for number, row in numbered if number in there]
    db.executemany(
        "INSERT INTO merge_fields (recipient, fields) VALUES (?, ?)",
        ((number, compose_fields(row.fields)) for number, row in numbered),
    )
