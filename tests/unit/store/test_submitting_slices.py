"""A submission in many slices: seen by nobody before it is whole, and nothing is left of one broken off."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from desktop_relay.domain.outcome import Reason
from desktop_relay.store.connection import Database
from desktop_relay.store.database import LIBRARY_FILE, open_library, open_spool
from desktop_relay.store.ledger import load_campaign_rows, load_history_of_address
from desktop_relay.store.lists import find_list
from desktop_relay.store.slicing import SLICE, Slices, at_once
from desktop_relay.store.spool import Audience, Spool
from tests.unit.store.crowd import add_crowd, address_of
from tests.unit.store.samples import people, snapshot

MANY = 3 * SLICE
"""People in so many numbers that they take a few slices; the keys take theirs."""


def audience(tmp_path: Path, *lists: str) -> Audience:
    no_reasons: dict[str, Reason] = {}
    return Audience(tmp_path / LIBRARY_FILE, lists, {}, no_reasons, {}, hold_without_consent=True)


def after(slices: Slices[object], number: int) -> bool:
    """Do so many slices; whether there were so many."""
    return all(next(slices, "over") != "over" for _ in range(number))


def rows_of(spool: Spool) -> Counter[str]:
    tables = ("campaigns", "counters", "submissions", "recipients", "merge_fields", "recipient_keys")
    return Counter({table: spool.db.number(f"SELECT count(*) FROM {table}") for table in tables})


@pytest.fixture
def crowd(library: Database) -> None:
    add_crowd(library, "many", range(1, MANY + 1))
    add_crowd(library, "few", range(MANY + 1, 20 * SLICE, SLICE))


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(("name", "number"), [("many", MANY), ("few", 17)])
def test_nobody_sees_it_before_it_is_whole(
    name: str, number: int, spool: Spool, tmp_path: Path, now: datetime
) -> None:
    slices = spool.submit_audience(snapshot(2), audience(tmp_path, name), now)
    done = 0
    with open_spool(tmp_path) as reader:
        while next(slices, "over") != "over":
            done += 1
            spool.submit(snapshot(100 + done), people(3), now)
            seen = [campaign.snapshot.id for campaign in load_campaign_rows(reader)]
            assert seen == list(range(101, 101 + done))
            assert spool.load_campaign(2) is None
            assert spool.lease(2, "lane1.example", 9, now) == []
            first = address_of(1 if name == "many" else MANY + 1)
            assert load_history_of_address(reader, first) == []
    assert done > 3
    campaign = spool.load_campaign(2)
    assert campaign is not None
    assert campaign.total == number == sum(counts.pending for counts in spool.counts(2).values())
    assert rows_of(spool)["submissions"] == 0
    assert {rows_of(spool)[t] for t in ("recipients", "merge_fields", "recipient_keys")} == {
        number + 3 * done
    }
    (mail,) = load_history_of_address(spool.db, first)
    assert mail.campaign == 2


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("name", ["many", "few"])
def test_whenever_it_breaks_off_nothing_is_left(
    name: str, spool: Spool, tmp_path: Path, now: datetime
) -> None:
    spool.submit(snapshot(1), people(5), now)
    before = rows_of(spool)
    number = 0
    while True:
        number += 1
        slices = spool.submit_audience(snapshot(2), audience(tmp_path, name), now)
        if not after(slices, number):
            break
        slices.close()
        assert rows_of(spool)["submissions"] == 1
        at_once(spool.recover(now))
        assert spool.load_campaign(2) is None
        if number % 2:  # else the next submission does it
            at_once(spool.discard())
            assert rows_of(spool) == before
    assert number > 4
    campaign = spool.load_campaign(2)
    assert campaign is not None
    whole = rows_of(spool)
    assert whole["recipients"] == whole["merge_fields"] == whole["recipient_keys"] == 5 + campaign.total
    assert whole["submissions"] == 0
    assert spool.db.rows("PRAGMA foreign_key_check") == []
    assert spool.db.row("PRAGMA integrity_check") == ("ok",)


@pytest.mark.usefixtures("crowd")
def test_the_clearing_away_may_break_off_too(spool: Spool, tmp_path: Path, now: datetime) -> None:
    before = rows_of(spool)
    copying = spool.submit_audience(snapshot(2), audience(tmp_path, "many"), now)
    assert after(copying, 4)
    copying.close()
    left = [rows_of(spool)["recipients"]]
    while rows_of(spool) != before:
        clearing = spool.discard()
        after(clearing, 2)
        clearing.close()
        left.append(rows_of(spool)["recipients"])
    assert len(set(left)) > 2


@pytest.mark.usefixtures("crowd")
def test_what_fails_in_its_midst_is_taken_back_at_once(spool: Spool, tmp_path: Path, now: datetime) -> None:
    before = rows_of(spool)
    spool.db.execute(
        "CREATE TRIGGER broken BEFORE INSERT ON recipient_keys "
        "WHEN new.key LIKE 'c9%' BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        at_once(spool.submit_audience(snapshot(2), audience(tmp_path, "many"), now))
    assert rows_of(spool) == before


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("changes", [1, 2, 1000])
def test_everybody_is_as_at_one_moment(
    changes: int, spool: Spool, library: Database, tmp_path: Path, now: datetime
) -> None:
    """The first of the list and the last change places with each other in its midst, again and again."""
    many = find_list(library, "many")
    library.execute("DELETE FROM list_members WHERE contact_id = ?", [MANY])
    slices = spool.submit_audience(snapshot(2), audience(tmp_path, "many"), now)
    outside, inside = MANY, 1
    with open_library(tmp_path) as other:
        while next(slices, "over") != "over":
            if changes:
                changes -= 1
                change = "UPDATE list_members SET contact_id = ? WHERE list_id = ? AND contact_id = ?"
                other.execute(change, [outside, many, inside])
                outside, inside = inside, outside
    submitted = {row[0] for row in spool.db.rows("SELECT address FROM recipients WHERE campaign = 2")}
    assert len(submitted) == MANY - 1
    assert len(submitted & {address_of(1), address_of(MANY)}) == 1
    assert rows_of(spool)["recipients"] == rows_of(spool)["recipient_keys"] == MANY - 1
