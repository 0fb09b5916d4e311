"""Writing a campaign and everybody it goes to into the spool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice

from desktop_relay.domain.campaign import CampaignSnapshot, CampaignState
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.store.connection import Database
from desktop_relay.store.copying import Audience, Copying, open_copying
from desktop_relay.store.counters import recount
from desktop_relay.store.plain import compose_fields
from desktop_relay.store.slicing import SLICE, Slices, at_once
from desktop_relay.store.snapshots import compose_snapshot
from desktop_relay.store.times import to_ms, to_ms_or_none

_CHUNK = 1000
_COLUMNS = "id, campaign, lane, state, due_at, updated_at, reason, address, name, message_id"
_INSERT = f"INSERT INTO recipients ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_KEY = "INSERT INTO recipient_keys (key, campaign, recipient) VALUES (?, ?, ?)"
_INSERT_FIELDS = "INSERT INTO merge_fields (recipient, fields) VALUES (?, ?)"

_TRIES = 3
"""After so many copies of a library that changed meanwhile, everybody is copied in one transaction."""


def submit(db: Database, snapshot: CampaignSnapshot, rows: Iterable[NewRecipient], at: datetime) -> None:
    """Write all or nothing; a campaign that is there already stays as it is, and ``rows`` is not read.

    An address that comes twice is taken once.
    """
    with db.transaction():
        if _insert_campaign(db, snapshot, at):
            for start, chunk in _numbered_chunks(_once(rows), _highest(db) + 1):
                _insert(db, snapshot, chunk, start, at)
            _count(db, snapshot.id)


def submit_audience(
    db: Database, snapshot: CampaignSnapshot, audience: Audience, at: datetime
) -> Slices[None]:
    """Likewise, with everybody copied from the library, as it is at one moment.

    Nobody sees the campaign before the last slice writes its row; until then a row of ``submissions`` says
    which numbers its recipients take, so that ``discard`` finds what was left of one that broke off.
    """
    assert db.path is not None
    yield from discard(db)
    if db.row("SELECT 1 FROM campaigns WHERE id = ?", [snapshot.id]):
        return
    try:
        with open_copying(db.path, snapshot, audience, at) as copying:
            yield from _copy(db, snapshot.id, copying)
        with db.transaction():
            _insert_campaign(db, snapshot, at)
            _count(db, snapshot.id)
            db.execute("DELETE FROM submissions WHERE campaign = ?", [snapshot.id])
    except Exception:
        with suppress(StoreUnusable):  # then the next submission does it, or the next engine
            yield from discard(db)
        raise


def _copy(db: Database, campaign: int, copying: Copying) -> Slices[None]:
    for left in range(_TRIES, -1, -1):
        version = copying.version
        base = _reserve(db, campaign, copying.last)
        if not left:
            with copying.transaction():
                at_once(copying.run(base))
            return
        yield from copying.run(base)
        if copying.version == version:
            return
        yield from discard(db)


def _reserve(db: Database, campaign: int, number: int) -> int:
    """Take so many numbers behind all others; answers what they are moved up by."""
    base = _highest(db)
    stretch = [campaign, base + 1, base + number]
    db.execute("INSERT INTO submissions (campaign, first, last) VALUES (?, ?, ?)", stretch)
    return base


def _highest(db: Database) -> int:
    return max(db.number("SELECT max(id) FROM recipients"), db.number("SELECT max(last) FROM submissions"))


def discard(db: Database) -> Slices[None]:
    """Take away all that belongs to submissions that broke off."""
    for campaign, first, last in db.rows("SELECT campaign, first, last FROM submissions"):
        yield from _discard_keys(db, campaign)
        lowest = "SELECT min(id) FROM recipients WHERE id BETWEEN ? AND ?"
        while start := db.number(lowest, [first, last]):
            stretch = [start, min(last, start + SLICE - 1)]
            with db.transaction():
                db.execute("DELETE FROM merge_fields WHERE recipient BETWEEN ? AND ?", stretch)
                db.execute("DELETE FROM recipients WHERE id BETWEEN ? AND ?", stretch)
            yield
        db.execute("DELETE FROM submissions WHERE campaign = ?", [campaign])


def _discard_keys(db: Database, campaign: int) -> Slices[None]:
    next_key = "SELECT key FROM recipient_keys WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?"
    delete = "DELETE FROM recipient_keys WHERE campaign = ? AND key > ?"
    after = ""
    while found := db.row(next_key, [after, 2 * SLICE]):
        db.execute(f"{delete} AND key <= ?", [campaign, after, found[0]])
        after = found[0]
        yield
    db.execute(delete, [campaign, after])


def _insert_campaign(db: Database, snapshot: CampaignSnapshot, at: datetime) -> bool:
    written = db.execute(
        "INSERT OR IGNORE INTO campaigns (id, snapshot, state, expires_at, submitted_at) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            snapshot.id,
            compose_snapshot(snapshot),
            CampaignState.SUBMITTED.value,
            to_ms_or_none(snapshot.expires_at),
            to_ms(at),
        ],
    )
    return written.rowcount > 0


def _count(db: Database, campaign: int) -> None:
    recount(db, campaign)
    db.execute(
        "UPDATE campaigns SET total = "
        "(SELECT coalesce(sum(n), 0) FROM counters WHERE campaign = campaigns.id) WHERE id = ?",
        [campaign],
    )


# one by one


def _once(rows: Iterable[NewRecipient]) -> Iterator[NewRecipient]:
    seen: set[str] = set()
    for row in rows:
        if row.key not in seen:
            seen.add(row.key)
            yield row


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
    db.executemany(
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
                row.name,
                row.message_id,
            )
            for number, row in numbered
        ),
    )
    db.executemany(_INSERT_KEY, ((row.key, campaign, number) for number, row in numbered))
    db.executemany(_INSERT_FIELDS, ((number, compose_fields(row.fields)) for number, row in numbered))
