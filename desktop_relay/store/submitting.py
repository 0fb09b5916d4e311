"""Writing a campaign and everybody it goes to into the spool."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from desktop_relay.domain.campaign import CampaignSnapshot, CampaignState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.store.connection import Database
from desktop_relay.store.counters import recount
from desktop_relay.store.plain import compose_fields
from desktop_relay.store.snapshots import compose_snapshot
from desktop_relay.store.times import to_ms, to_ms_or_none

_CHUNK = 1000
_COLUMNS = "id, campaign, lane, state, due_at, updated_at, reason, address, name, message_id"
_INSERT = f"INSERT INTO recipients ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_KEY = "INSERT INTO recipient_keys (key, campaign, recipient) VALUES (?, ?, ?)"
_INSERT_FIELDS = "INSERT INTO merge_fields (recipient, fields) VALUES (?, ?)"

# A million people without one step of Python for each: three statements that read the library in the order
# in which the spool is written. A recipient's number is its contact's, moved up behind all others.
_CHOSEN = (
    "IN (SELECT contact_id FROM library.list_members WHERE list_id IN "
    "(SELECT id FROM library.lists WHERE name IN (SELECT value FROM json_each(:lists))))"
)
_HELD = "(:hold AND c.consent_at = '')"
_TOLD = (
    "CASE WHEN s.reason IS NOT NULL "
    "THEN (SELECT told FROM temp.suppression_words AS w WHERE w.reason = s.reason) "
    "WHEN d.reason IS NOT NULL THEN d.reason "
    f"WHEN {_HELD} THEN '{Reason.NO_CONSENT}' ELSE '{Reason.NONE}' END"
)
_COPY = (
    f"INSERT INTO recipients ({_COLUMNS}) "
    "SELECT :base + c.id, :campaign, coalesce(d.lane, c.domain), "
    "CASE WHEN s.reason IS NOT NULL OR d.reason IS NOT NULL THEN 'suppressed' "
    f"WHEN {_HELD} THEN 'held' ELSE 'pending' END, :due, :now, {_TOLD}, "
    # random is as good as a digest here: it is written once, and every attempt reads it (RFC 5322 3.6.4)
    "c.email, c.name, '<' || hex(randomblob(16)) || :message_id_end "
    "FROM library.contacts AS c LEFT JOIN temp.domain_plan AS d ON d.domain = c.domain "
    f"LEFT JOIN main.suppressions AS s ON s.pattern = c.key WHERE c.id {_CHOSEN} ORDER BY c.id"
)
_COPY_FIELDS = (
    "INSERT INTO merge_fields (recipient, fields) "
    f"SELECT :base + c.id, c.fields FROM library.contacts AS c WHERE c.id {_CHOSEN} ORDER BY c.id"
)
# In the order of the tree they go to. "OR IGNORE", since what might fail keeps a copy of all it changes.
_COPY_KEYS = (
    "INSERT OR IGNORE INTO recipient_keys (key, campaign, recipient) "
    "SELECT c.key, :campaign, :base + c.id FROM library.contacts AS c WHERE {} ORDER BY {}"
)
_COPY_KEYS_OF_MANY = _COPY_KEYS.format(f"+c.id {_CHOSEN}", "c.key")
_COPY_KEYS_OF_FEW = _COPY_KEYS.format(f"c.id {_CHOSEN}", "c.id")
_FEW = 8
"""Reading all keys of the library costs less than looking up those of one person in so many."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody on ``lists`` of the library that lies at ``library``, once each.

    ``lanes`` has the lane of each domain, ``suppressed`` the domains that get no mail; ``told`` is what the
    ledger says of an address that an entry of the list above all lists names.
    """

    library: Path
    lists: tuple[str, ...]
    lanes: Mapping[str, str]
    suppressed: Mapping[str, Reason]
    told: Mapping[SuppressionReason, Reason]
    hold_without_consent: bool


def submit(db: Database, snapshot: CampaignSnapshot, rows: Iterable[NewRecipient], at: datetime) -> None:
    """Write all or nothing; a campaign that is there already stays as it is, and ``rows`` is not read.

    An address that comes twice is taken once.
    """
    with db.transaction():
        if _insert_campaign(db, snapshot, at):
            first = db.number("SELECT max(id) FROM recipients") + 1
            for start, chunk in _numbered_chunks(_once(rows), first):
                _insert(db, snapshot, chunk, start, at)
            _count(db, snapshot.id)


def submit_audience(db: Database, snapshot: CampaignSnapshot, audience: Audience, at: datetime) -> None:
    """Likewise, with everybody copied from the library, as it is at one moment."""
    with _attached(db, audience.library), db.transaction():
        if _insert_campaign(db, snapshot, at):
            with _planned(db, audience):
                _copy(db, snapshot, audience, at)
            _count(db, snapshot.id)


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


# from the library


@contextmanager
def _attached(db: Database, library: Path) -> Iterator[None]:
    db.execute("ATTACH ? AS library", [f"{library.absolute().as_uri()}?mode=ro"])
    try:
        yield
    finally:
        db.execute("DETACH library")


@contextmanager
def _planned(db: Database, audience: Audience) -> Iterator[None]:
    """What is decided for each domain, as tables to join; gone with the transaction if that fails."""
    db.execute(
        "CREATE TEMP TABLE domain_plan (domain TEXT PRIMARY KEY, lane TEXT NOT NULL, reason TEXT) "
        "WITHOUT ROWID"
    )
    db.execute("CREATE TEMP TABLE suppression_words (reason TEXT PRIMARY KEY, told TEXT) WITHOUT ROWID")
    db.executemany(
        "INSERT INTO temp.domain_plan VALUES (?, ?, ?)",
        ((domain, lane, audience.suppressed.get(domain)) for domain, lane in audience.lanes.items()),
    )
    db.executemany("INSERT INTO temp.suppression_words VALUES (?, ?)", audience.told.items())
    yield
    db.execute("DROP TABLE temp.domain_plan")
    db.execute("DROP TABLE temp.suppression_words")


def _copy(db: Database, snapshot: CampaignSnapshot, audience: Audience, at: datetime) -> None:
    values = {
        "base": db.number("SELECT max(id) FROM main.recipients"),
        "campaign": snapshot.id,
        "lists": json.dumps(audience.lists),
        "hold": audience.hold_without_consent,
        "due": to_ms(snapshot.start_at or at),
        "now": to_ms(at),
        "message_id_end": f"@{snapshot.identity.domain}>",
    }
    written = db.execute(_COPY, values).rowcount
    db.execute(_COPY_FIELDS, values)
    few = written * _FEW < db.number("SELECT max(id) FROM library.contacts")
    db.execute(_COPY_KEYS_OF_FEW if few else _COPY_KEYS_OF_MANY, values)


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
