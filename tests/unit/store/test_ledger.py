"""Reading the spool: filters, orders, pages, reasons."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.store.database import open_spool
from desktop_relay.store.ledger import (
    load_attempts,
    load_campaign_rows,
    load_counts,
    load_history_of_address,
    load_ledger_rows,
    load_recipient_ids,
    reason_counts,
)
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import accepted, deferred, ended, people, snapshot

S = RecipientState


@pytest.fixture
def sent(spool: Spool, now: datetime) -> Spool:
    """Of 8 people: 1 and 3 accepted, 5 deferred, 7 bounced, the others pending."""
    spool.submit(snapshot(), people(8), now)
    spool.submit(snapshot(2), people(8), now)
    ids = [recipient.id for recipient in spool.lease(1, "docomo", 9, now)]
    assert ids == [1, 3, 5, 7]
    spool.apply(ids, [], now)
    later = now + timedelta(seconds=1)
    spool.apply(
        [],
        [
            accepted(1, now),
            accepted(3, later),
            deferred(5, now),
            ended(7, Disposition.BOUNCED, now, Reason.UNKNOWN_USER),
        ],
        later,
    )
    return spool


def ids(spool: Spool, **query: object) -> list[int]:
    return list(load_recipient_ids(spool.db, LedgerQuery(1, **query)))  # type: ignore[arg-type]


def test_filters(sent: Spool) -> None:
    assert ids(sent) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert ids(sent, state=S.ACCEPTED) == [1, 3]
    assert ids(sent, lane="au") == [2, 4, 6, 8]
    assert ids(sent, lane="au", state=S.ACCEPTED) == []
    assert ids(sent, text="NO SUCH user") == [7]
    assert ids(sent, text="person3@") == [4]
    assert ids(sent, text="山田4") == [5]
    for wild in ("%", "_", "\\"):
        assert ids(sent, text=wild) == []


def test_orders(sent: Spool) -> None:
    assert ids(sent, descending=True) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert ids(sent, sort="lane") == [2, 4, 6, 8, 1, 3, 5, 7]
    assert ids(sent, sort="address", descending=True)[0] == 8
    assert ids(sent, sort="updated_at", descending=True)[0] == 3
    assert ids(sent, sort="next_attempt")[0] == 5
    assert ids(sent, sort="next_attempt", descending=True)[0] == 5
    assert set(ids(sent, sort="attempts")[:4]) == {2, 4, 6, 8}
    assert ids(sent, sort="state")[:2] == [1, 3]
    assert ids(sent, sort="; DROP TABLE recipients") == ids(sent)


def test_pages_come_in_the_order_asked_for(sent: Spool) -> None:
    rows = load_ledger_rows(sent.db, [7, 99, 1, 2])
    assert [row.recipient for row in rows] == [7, 1, 2]
    bounced = rows[0]
    assert (bounced.address, bounced.name, bounced.campaign) == ("Person6@mail.example", "山田6", 1)
    assert (bounced.state, bounced.reason, bounced.code) == (S.BOUNCED, Reason.UNKNOWN_USER, 550)
    assert rows[2].attempts == 0


def test_counts_and_reasons(sent: Spool) -> None:
    assert load_counts(sent.db, 1)["docomo"].accepted == 2
    assert load_counts(sent.db, 9) == {}
    assert reason_counts(sent.db, 1, S.BOUNCED) == {Reason.UNKNOWN_USER: 1}
    assert reason_counts(sent.db, 1, S.PENDING) == {Reason.NONE: 4}
    assert reason_counts(sent.db, 1, S.HELD) == {}


def test_history_of_an_address_is_newest_first(sent: Spool) -> None:
    history = load_history_of_address(sent.db, "person0@mail.example")
    assert [(row.campaign, row.state) for row in history] == [(2, S.PENDING), (1, S.ACCEPTED)]
    assert load_history_of_address(sent.db, "nobody@mail.example") == []


def test_a_reader_of_another_connection_sees_it_all(sent: Spool, tmp_path: Path) -> None:
    with open_spool(tmp_path) as reader:
        assert [campaign.snapshot.id for campaign in load_campaign_rows(reader)] == [1, 2]
        assert len(load_attempts(reader, 5)) == 1
        assert load_attempts(reader, 2) == []
