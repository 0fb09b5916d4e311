"""Everybody on lists of the library, copied into the spool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.store.contacts import insert_contact, load_domains_of_lists
from desktop_relay.store.database import LIBRARY_FILE, Database
from desktop_relay.store.ledger import load_history_of_address, load_ledger_rows
from desktop_relay.store.lists import add_members, create_list
from desktop_relay.store.slicing import at_once
from desktop_relay.store.spool import Audience, Spool
from tests.unit.store.samples import people, snapshot

S = RecipientState
TOLD = {
    SuppressionReason.BOUNCED: Reason.SUPPRESSED_BOUNCED,
    SuppressionReason.BY_HAND: Reason.SUPPRESSED_BY_HAND,
}


def fill(library: Database, name: str, addresses: Sequence[str], now: datetime, **fields: str) -> list[int]:
    values = {"name": "山田", "consent_at": "2026-01-01", **fields}
    ids = [insert_contact(library, text, text.lower(), False, values, now) for text in addresses]
    add_members(library, create_list(library, name), ids)
    return ids


def audience(tmp_path: Path, *lists: str, hold: bool = True, **suppressed: Reason) -> Audience:
    domains = {name.replace("_", "."): reason for name, reason in suppressed.items()}
    lanes = {"docomo.example": "docomo", "au.example": "au"}
    return Audience(tmp_path / LIBRARY_FILE, lists, lanes, domains, TOLD, hold)


def told(spool: Spool, campaign: int = 1) -> dict[str, tuple[str, str, Reason]]:
    ids = spool.db.ids("SELECT id FROM recipients WHERE campaign = ?", [campaign])
    return {row.address: (row.lane, row.state, row.reason) for row in load_ledger_rows(spool.db, ids)}


def test_everybody_is_copied_once_with_what_sending_needs(
    spool: Spool, library: Database, tmp_path: Path, now: datetime
) -> None:
    spool.submit(snapshot(7), people(3), now)
    ids = fill(
        library, "一", ["B@docomo.example", "a@au.example", "c@new.example"], now, 購入="3", company=""
    )
    add_members(library, create_list(library, "二"), ids[:2])
    assert load_domains_of_lists(library, ["一"]) == {"docomo.example", "au.example", "new.example"}
    campaign = at_once(spool.submit_audience(snapshot(), audience(tmp_path, "一", "二"), now))
    assert campaign.total == 3
    assert spool.counts(1) == {lane: Counts(pending=1) for lane in ("docomo", "au", "new.example")}
    (leased,) = spool.lease(1, "docomo", 9, now)
    assert leased.id == 4
    assert (leased.address, leased.lane, leased.attempts) == ("B@docomo.example", "docomo", 0)
    assert leased.fields == {"name": "山田", "consent_at": "2026-01-01", "購入": "3"}
    (row,) = load_history_of_address(spool.db, "b@docomo.example")
    assert (row.recipient, row.campaign, row.message_id) == (4, 1, leased.message_id)
    texts = {row.message_id for row in load_ledger_rows(spool.db, [4, 5, 6])}
    assert len(texts) == 3
    assert all(text.startswith("<") and text.endswith("@shop.example>") for text in texts)
    assert spool.db.number("SELECT count(*) FROM recipient_keys") == 6


def test_who_gets_no_mail_and_why(spool: Spool, library: Database, tmp_path: Path, now: datetime) -> None:
    spool.add_suppressions([Suppression("gone@au.example", SuppressionReason.BOUNCED, "", now)])
    fill(library, "一", ["Gone@au.example", "yes@au.example", "no@docomo.example"], now)
    fill(library, "二", ["held@au.example", "both@docomo.example"], now, consent_at="")
    shut = audience(tmp_path, "一", "二", docomo_example=Reason.SUPPRESSED_BY_HAND)
    at_once(spool.submit_audience(snapshot(), shut, now))
    assert told(spool) == {
        "Gone@au.example": ("au", S.SUPPRESSED, Reason.SUPPRESSED_BOUNCED),
        "yes@au.example": ("au", S.PENDING, Reason.NONE),
        "no@docomo.example": ("docomo", S.SUPPRESSED, Reason.SUPPRESSED_BY_HAND),
        "held@au.example": ("au", S.HELD, Reason.NO_CONSENT),
        "both@docomo.example": ("docomo", S.SUPPRESSED, Reason.SUPPRESSED_BY_HAND),
    }
    at_once(spool.submit_audience(snapshot(2), audience(tmp_path, "二", hold=False), now))
    assert {state for _, state, _ in told(spool, 2).values()} == {S.PENDING}


@pytest.mark.parametrize("chosen", [1, 60])
def test_a_few_of_many_and_many_of_them(
    chosen: int, spool: Spool, library: Database, tmp_path: Path, now: datetime
) -> None:
    ids = fill(library, "all", [f"p{n * 37 % 100}@au.example" for n in range(100)], now)
    add_members(library, create_list(library, "some"), ids[:chosen])
    for number in (1, 2):
        assert (
            at_once(spool.submit_audience(snapshot(number), audience(tmp_path, "some"), now)).total == chosen
        )
    for text in told(spool):
        assert [row.campaign for row in load_history_of_address(spool.db, text)] == [2, 1]


def test_again_it_stays_as_it_is(spool: Spool, library: Database, tmp_path: Path, now: datetime) -> None:
    fill(library, "一", ["a@au.example"], now)
    first = at_once(spool.submit_audience(snapshot(), audience(tmp_path, "一"), now))
    fill(library, "二", ["b@au.example"], now)
    assert at_once(spool.submit_audience(snapshot(), audience(tmp_path, "一", "二"), now)) == first
    assert len(told(spool)) == 1


def test_what_breaks_off_leaves_nothing(
    spool: Spool, library: Database, tmp_path: Path, now: datetime
) -> None:
    fill(library, "一", ["a@au.example"], now)
    spool.db.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON merge_fields BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        at_once(spool.submit_audience(snapshot(), audience(tmp_path, "一"), now))
    assert spool.load_campaigns() == []
    spool.db.execute("DROP TRIGGER broken")
    assert at_once(spool.submit_audience(snapshot(), audience(tmp_path, "一"), now)).total == 1
