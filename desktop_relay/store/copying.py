"""Copying everybody on lists of the library into the spool, slice by slice and by SQLite alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.campaign import CampaignSnapshot
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.store.connection import Database
from desktop_relay.store.database import open_spool_for_copying
from desktop_relay.store.slicing import SLICE, Slices
from desktop_relay.store.times import to_ms

# A million people without one step of Python for each. A slice is a stretch of the contacts' numbers, or of
# their keys: what is read and what is written lie in the same order, so that each page is written once.
_CHOSEN = (
    "FROM library.list_members WHERE list_id IN "
    "(SELECT id FROM library.lists WHERE name IN (SELECT value FROM json_each(:lists)))"
)
_CHOOSE = (
    f"INSERT OR IGNORE INTO temp.people SELECT contact_id {_CHOSEN} "
    "AND contact_id > :after AND contact_id <= :upto ORDER BY contact_id"
)
_STRETCH = "c.id IN (SELECT id FROM temp.people WHERE id > :after AND id <= :upto)"
_HELD = "(:hold AND c.consent_at = '')"
_TOLD = (
    "CASE WHEN s.reason IS NOT NULL "
    "THEN (SELECT told FROM temp.suppression_words AS w WHERE w.reason = s.reason) "
    "WHEN d.reason IS NOT NULL THEN d.reason "
    f"WHEN {_HELD} THEN '{Reason.NO_CONSENT}' ELSE '{Reason.NONE}' END"
)
# What is due first goes first, and a moment is enough to say who: of those who took a mail before all others,
# then of whoever agreed lately. Never later than the campaign, which begins when it begins.
_ALIVE_MS = 5000
_LONGEST_DAYS = 3650
_DUE = (
    f":due - CASE WHEN :alive_first THEN {_ALIVE_MS} * EXISTS ("
    "SELECT 1 FROM main.recipient_keys AS k JOIN main.recipients AS r ON r.id = k.recipient "
    "WHERE k.key = c.key AND r.state = 'accepted') "
    f"+ {_LONGEST_DAYS} - max(0, min({_LONGEST_DAYS}, CAST(coalesce("
    f"julianday(:today) - julianday(nullif(c.consent_at, '')), {_LONGEST_DAYS}) AS INTEGER))) ELSE 0 END"
)
_COPY = (
    "INSERT INTO main.recipients "
    "(id, campaign, lane, state, due_at, updated_at, reason, address, name, message_id) "
    "SELECT :base + c.id, :campaign, coalesce(d.lane, c.domain), "
    "CASE WHEN s.reason IS NOT NULL OR d.reason IS NOT NULL THEN 'suppressed' "
    f"WHEN {_HELD} THEN 'held' ELSE 'pending' END, {_DUE}, :now, {_TOLD}, "
    # random is as good as a digest here: it is written once, and every attempt reads it (RFC 5322 3.6.4)
    "c.email, c.name, '<' || hex(randomblob(12)) || :message_id_end "
    "FROM library.contacts AS c LEFT JOIN temp.domain_plan AS d ON d.domain = c.domain "
    f"LEFT JOIN main.suppressions AS s ON s.pattern = c.key WHERE {_STRETCH} ORDER BY c.id"
)
_COPY_FIELDS = (
    "INSERT INTO main.merge_fields (recipient, fields) "
    f"SELECT :base + c.id, c.fields FROM library.contacts AS c WHERE {_STRETCH} ORDER BY c.id"
)
# "OR IGNORE", since what might fail keeps a copy of all it changes
_COPY_KEYS = (
    "INSERT OR IGNORE INTO main.recipient_keys (key, campaign, recipient) "
    "SELECT c.key, :campaign, :base + c.id FROM library.contacts AS c WHERE "
)
_COPY_KEYS_OF_FEW = f"{_COPY_KEYS} {_STRETCH} ORDER BY c.key"
_COPY_KEYS_OF_MANY = f"{_COPY_KEYS} c.key > :after AND c.key <= :upto AND +c.id IN temp.people ORDER BY c.key"
_NEXT_KEY = "SELECT key FROM library.contacts WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?"
ROOM_LEFT = 32 * 1024 * 1024
"""Octets on the disk that a submission of more than one slice leaves for what is sent meanwhile."""

_FEW = 8
"""Reading all keys of the library costs less than looking up those of one person in so many."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody on ``lists`` of the library that lies at ``library``, once each.

    ``lanes`` has the lane of each domain, ``suppressed`` the domains that get no mail; ``told`` is what the
    ledger says of an address that an entry of the list above all lists names. With ``alive_first`` those who
    took a mail before are sent to first, then those who agreed lately.
    """

    library: Path
    lists: tuple[str, ...]
    lanes: Mapping[str, str]
    suppressed: Mapping[str, Reason]
    told: Mapping[SuppressionReason, Reason]
    hold_without_consent: bool
    alive_first: bool = False


class Copying:
    """The audience of one campaign on its way into ``spool``, over a connection of its own.

    A recipient's number is its contact's, moved up by ``base``. Each slice is one transaction.
    """

    def __init__(self, spool: Database, snapshot: CampaignSnapshot, audience: Audience, at: datetime) -> None:
        self._db = spool
        self._values = {
            "campaign": snapshot.id,
            "lists": json.dumps(audience.lists),
            "hold": audience.hold_without_consent,
            "due": to_ms(snapshot.start_at or at),
            "now": to_ms(at),
            "alive_first": audience.alive_first,
            "today": at.date().isoformat(),
            "message_id_end": f"@{snapshot.identity.domain}>",
        }

    @property
    def last(self) -> int:
        """The highest number that a contact has."""
        return self._db.number("SELECT max(id) FROM library.contacts")

    @property
    def version(self) -> int:
        """Another one when somebody has changed the library."""
        return self._db.number("PRAGMA library.data_version")

    def transaction(self) -> AbstractContextManager[Database]:
        """Around all slices, so that they see the library at one moment."""
        return self._db.transaction()

    def run(self, base: int) -> Slices[None]:
        """Copy everybody; raises ``StoreUnusable``."""
        values = {**self._values, "base": base}
        found = self._db.row(f"SELECT min(contact_id), max(contact_id), count(*) {_CHOSEN}", values)
        first, last, number = found or (None, None, 0)
        if first is None:
            return
        few = number * _FEW < self.last
        statements = (_CHOOSE, _COPY, _COPY_FIELDS, *((_COPY_KEYS_OF_FEW,) if few else ()))
        self._db.execute("DELETE FROM temp.people")
        for after in range(first - 1, last, SLICE):
            self._write(statements, {**values, "after": after, "upto": after + SLICE})
            yield
            if number > SLICE:
                self._check_room()
        if not few:
            yield from self._copy_keys(values)

    def _copy_keys(self, values: Mapping[str, object]) -> Slices[None]:
        """In the order of the tree they go to."""
        after: str = ""
        last = self._db.row("SELECT max(key) FROM library.contacts")
        while last and after < last[0]:
            found = self._db.row(_NEXT_KEY, [after, 2 * SLICE])
            upto = found[0] if found else last[0]
            self._write((_COPY_KEYS_OF_MANY,), {**values, "after": after, "upto": upto})
            after = upto
            yield

    def _check_room(self) -> None:
        """Raise ``StoreUnusable`` (``disk_full``) while what was written can still be taken back."""
        path = self._db.path
        assert path is not None
        if shutil.disk_usage(path.parent).free < ROOM_LEFT:
            raise StoreUnusable(ErrorCode.DISK_FULL, path=str(path))

    def _write(self, statements: tuple[str, ...], values: Mapping[str, object]) -> None:
        with self._db.transaction():
            for statement in statements:
                self._db.execute(statement, values)


@contextmanager
def open_copying(
    spool: Path, snapshot: CampaignSnapshot, audience: Audience, at: datetime
) -> Iterator[Copying]:
    """Ready to copy; raises ``StoreUnusable``."""
    with open_spool_for_copying(spool, audience.library) as db:
        # what is decided for each domain, as tables to join
        db.execute("CREATE TEMP TABLE people (id INTEGER PRIMARY KEY)")
        db.execute(
            "CREATE TEMP TABLE domain_plan (domain TEXT PRIMARY KEY, lane TEXT NOT NULL, reason TEXT) "
            "WITHOUT ROWID"
        )
        db.execute("CREATE TEMP TABLE suppression_words (reason TEXT PRIMARY KEY, told TEXT) WITHOUT ROWID")
        with db.transaction():
            db.executemany(
                "INSERT INTO temp.domain_plan VALUES (?, ?, ?)",
                ((domain, lane, audience.suppressed.get(domain)) for domain, lane in audience.lanes.items()),
            )
        db.executemany("INSERT INTO temp.suppression_words VALUES (?, ?)", audience.told.items())
        yield Copying(db, snapshot, audience, at)
