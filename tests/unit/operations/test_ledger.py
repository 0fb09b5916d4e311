"""The ledger: what happened to whom, the mail as it went out, and an export that no spreadsheet runs."""

from __future__ import annotations

import csv
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.exchange import Stage
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.query import LedgerQuery
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import Settlement
from desktop_relay.operations import campaigns, contacts, ledger
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.fakes.engine_link import NOW
from tests.unit.operations.parts import SENDER, add_people, make_draft, make_parts, person


@pytest.fixture
def sent(ws: Workspace) -> int:
    """A campaign to docomo, a shop and au: accepted, deferred, and one who never agreed."""
    make_parts(ws)
    add_people(
        ws,
        person("a@docomo.ne.jp", name="=1+1"),
        person("b@shop.example"),
        {"email": "c@ezweb.ne.jp", "name": "c"},
        person("d@docomo.ne.jp"),
    )
    draft = make_draft(ws)
    campaigns.send(ws, draft.id)
    outcomes = [
        Outcome(Disposition.ACCEPTED, Reason.ACCEPTED, Stage.DOT, 250, "2.0.0", "queued", "mx:25", "TLSv1.3"),
        Outcome(
            Disposition.DEFERRED,
            Reason.GREYLISTED,
            Stage.RCPT,
            450,
            "4.7.1",
            "=later",
            "mx:25",
            retry_after=timedelta(minutes=5),
        ),
    ]
    with open_spool_for_engine(ws.directory) as db:
        spool = Spool(db)
        for lane, outcome in (("docomo", outcomes[0]), ("shop.example", outcomes[1])):
            (recipient,) = spool.lease(draft.id, lane, 1, NOW)
            spool.apply([recipient.id], [], NOW)
            spool.apply([], [Settlement(recipient.id, outcome, NOW)], NOW)
    return draft.id


def test_counts_lanes_and_reasons(ws: Workspace, sent: int) -> None:
    assert ledger.counts(ws, sent) == Counts(accepted=1, deferred=1, held=1, pending=1)
    assert ledger.lanes(ws, sent)[0] == "docomo"
    assert set(ledger.lanes(ws, sent)) == {"docomo", "au", "shop.example"}
    assert ledger.reasons(ws, sent, RecipientState.HELD) == {Reason.NO_CONSENT: 1}
    assert ledger.waiting(ws, sent, NOW + timedelta(minutes=4)) == 0
    assert ledger.waiting(ws, sent, NOW + timedelta(minutes=6)) == 1


def test_rows_in_the_order_asked_for(ws: Workspace, sent: int) -> None:
    query = LedgerQuery(sent, sort="address", descending=True)
    rows = ledger.rows(ws, list(ledger.list_ids(ws, query)))
    assert [row.address[0] for row in rows] == ["d", "c", "b", "a"]
    (accepted,) = ledger.rows(ws, list(ledger.list_ids(ws, LedgerQuery(sent, RecipientState.ACCEPTED))))
    assert (accepted.address, accepted.code, accepted.mx, accepted.tls) == (
        "a@docomo.ne.jp",
        250,
        "mx:25",
        "TLSv1.3",
    )
    (attempt,) = ledger.attempts(ws, accepted.recipient)
    assert (attempt.number, attempt.stage, attempt.reason) == (1, "dot", Reason.ACCEPTED)


def test_the_mail_as_it_was_whatever_changed_since(ws: Workspace, sent: int) -> None:
    contacts.delete(ws, [1])
    (row,) = ledger.rows(ws, list(ledger.list_ids(ws, LedgerQuery(sent, RecipientState.ACCEPTED))))
    message = message_from_bytes(ledger.message(ws, row.recipient), policy=default)
    assert message["Message-ID"] == row.message_id
    assert message["Subject"] == "=1+1 様へ"
    assert message["From"].addresses[0].addr_spec == SENDER


def test_a_recipient_that_is_not_there(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        ledger.message(ws, 7)
    assert ledger.attempts(ws, 7) == []
    assert ledger.counts(ws, 7) == Counts()
    assert list(ledger.list_ids(ws, LedgerQuery(7))) == []


def test_the_export_runs_nothing(ws: Workspace, sent: int, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    assert ledger.export(ws, path, LedgerQuery(sent)) == 4
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == ledger.EXPORT_COLUMNS
    assert [row["state"] for row in rows] == ["accepted", "deferred", "held", "pending"]
    assert rows[0]["name"] == "'=1+1"
    assert rows[1]["text"] == "'=later"
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_contact_remembers_its_mails(ws: Workspace, sent: int) -> None:
    (row,) = contacts.timeline(ws, "a@docomo.ne.jp")
    assert (row.campaign, row.state) == (sent, RecipientState.ACCEPTED)
