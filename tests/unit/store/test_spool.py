"""The engine's writer: submission, leases and settlements."""

from datetime import datetime, timedelta

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import NewRecipient
from desktop_relay.store.ledger import load_attempts, load_ledger_rows, load_recipient
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import LIFE, accepted, deferred, ended, people, snapshot
from tests.unit.store.standing import begun, leased, states, total

S = RecipientState


def test_submission_is_read_back_whole(spool: Spool, now: datetime) -> None:
    sent = snapshot(expires_at=now + LIFE, start_at=now + timedelta(hours=1))
    campaign = spool.submit(sent, people(5), now)
    assert campaign.snapshot == sent
    assert (campaign.state, campaign.pause_reason) == (CampaignState.SUBMITTED, PauseReason.NONE)
    assert (campaign.total, campaign.submitted_at) == (5, now)
    assert (campaign.started_at, campaign.finished_at) == (None, None)
    assert spool.load_campaigns() == [campaign]
    assert spool.load_campaign(2) is None
    assert spool.lanes(1) == ["au", "docomo"]
    assert spool.counts(1) == {"au": Counts(pending=2), "docomo": Counts(pending=3)}


def test_submitting_twice_changes_nothing(spool: Spool, now: datetime) -> None:
    first = spool.submit(snapshot(), people(3), now)
    again = spool.submit(snapshot(), people(9), now + timedelta(hours=1))
    assert again == first
    assert total(spool) == Counts(pending=3)


def test_an_address_is_sent_to_once(spool: Spool, now: datetime) -> None:
    twice = [*people(3), *people(4)]
    assert spool.submit(snapshot(), twice, now).total == 4
    assert spool.db.number("SELECT count(*) FROM merge_fields") == 4
    assert spool.submit(snapshot(2), twice, now).total == 4


def test_submission_that_breaks_off_leaves_nothing(spool: Spool, now: datetime) -> None:
    def rows() -> list[NewRecipient]:
        raise KeyError

    with pytest.raises(KeyError):
        spool.submit(snapshot(), (row for part in [people(3), None] for row in part or rows()), now)
    assert spool.load_campaigns() == []
    assert states(spool) == {}


def test_nobody_at_all(spool: Spool, now: datetime) -> None:
    assert spool.submit(snapshot(), [], now).total == 0
    assert spool.lanes(1) == []
    assert spool.lease(1, "docomo", 5, now) == []
    assert spool.next_due(1, "docomo") is None


def test_those_who_get_no_mail_are_kept_with_the_reason(spool: Spool, now: datetime) -> None:
    row = people(1)[0]
    rows = [
        row,
        NewRecipient(
            "b@x.example", "b@x.example", "", "docomo", "<b>", {}, S.SUPPRESSED, Reason.SUPPRESSED_COMPLAINT
        ),
        NewRecipient("c@x.example", "c@x.example", "", "docomo", "<c>", {}, S.HELD, Reason.NO_CONSENT),
    ]
    spool.submit(snapshot(), rows, now)
    assert total(spool) == Counts(pending=1, suppressed=1, held=1)
    reasons = [ledger.reason for ledger in load_ledger_rows(spool.db, [1, 2, 3])]
    assert reasons == [Reason.NONE, Reason.SUPPRESSED_COMPLAINT, Reason.NO_CONSENT]
    assert leased(spool, now) == [1]


def test_lease_brings_everything_that_sending_needs(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(expires_at=now + LIFE), people(4), now)
    first, second = spool.lease(1, "docomo", 10, now)
    assert (first.address, first.lane, first.attempts) == ("Person0@mail.example", "docomo", 0)
    assert first.fields == {"name": "山田0", "最終購入日": "2026-02-01"}
    assert (first.message_id, first.expires_at) == ("<0@shop.example>", now + LIFE)
    assert first.id < second.id
    assert spool.lease(1, "docomo", 10, now) == []
    assert spool.counts(1)["docomo"] == Counts(ready=2)
    assert load_recipient(spool.db, first.id) == first
    assert load_recipient(spool.db, 99) is None


def test_a_campaign_waits_for_its_start(spool: Spool, now: datetime) -> None:
    start = now + timedelta(hours=3)
    spool.submit(snapshot(start_at=start), people(2), now)
    assert spool.lease(1, "docomo", 10, now) == []
    assert spool.next_due(1, "docomo") == start
    assert load_ledger_rows(spool.db, [1])[0].next_attempt == start
    assert len(spool.lease(1, "docomo", 10, start)) == 1


def test_whoever_is_due_longest_comes_first(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(4, ["docomo"]), now)
    one, two = begun(spool, now, 2)
    spool.apply([], [deferred(one, now, 60), deferred(two, now, 30)], now)
    assert leased(spool, now, 1) == [3]
    assert spool.next_due(1, "docomo") == now
    assert leased(spool, now, 9) == [4]
    assert spool.next_due(1, "docomo") == now + timedelta(seconds=30)
    assert leased(spool, now + timedelta(seconds=59), 9) == [two]
    assert leased(spool, now + timedelta(seconds=60), 9) == [one]


def test_release_goes_back_to_where_it_was(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(2, ["docomo"]), now)
    (one,) = begun(spool, now, 1)
    spool.apply([], [deferred(one, now, 60)], now)
    later = now + timedelta(seconds=90)
    assert set(leased(spool, later)) == {1, 2}
    assert spool.release([1, 2, 2, 77], later) == 2
    assert total(spool) == Counts(pending=1, deferred=1)
    assert spool.release([1, 2], later) == 0
    row = load_ledger_rows(spool.db, [one])[0]
    assert (row.reason, row.next_attempt) == (Reason.GREYLISTED, now + timedelta(seconds=60))


def test_an_attempt_is_on_record_before_it_ends(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    (one,) = begun(spool, now)
    (attempt,) = load_attempts(spool.db, one)
    assert (attempt.number, attempt.started_at, attempt.ended_at) == (1, now, None)
    assert total(spool) == Counts(in_flight=1)
    later = now + timedelta(seconds=2)
    spool.apply([], [deferred(one, later)], later)
    (attempt,) = load_attempts(spool.db, one)
    assert (attempt.ended_at, attempt.stage, attempt.code, attempt.enhanced) == (later, "rcpt", 451, "4.7.1")
    assert (attempt.text, attempt.reason, attempt.host) == (
        "try again later",
        Reason.GREYLISTED,
        "mx.mail.example:25",
    )
    assert attempt.transcript == ("> RCPT TO:<…>", "< 451 4.7.1 try again later")


def test_retries_are_numbered_and_the_last_word_counts(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    (one,) = begun(spool, now)
    spool.apply([], [deferred(one, now, 5)], now)
    later = now + timedelta(seconds=5)
    assert begun(spool, later) == [one]
    spool.apply([], [accepted(one, later)], later)
    row = load_ledger_rows(spool.db, [one])[0]
    assert (row.state, row.attempts, row.code, row.text) == (S.ACCEPTED, 2, 250, "queued")
    assert (row.accepted_at, row.tls, row.next_attempt) == (later, "TLSv1.3", None)
    attempts = load_attempts(spool.db, one)
    assert [(a.number, a.reason) for a in attempts] == [(1, Reason.GREYLISTED), (2, Reason.ACCEPTED)]
    assert attempts[1].transcript == ()


def test_begin_and_settlement_in_one_commit(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    (one,) = leased(spool, now)
    spool.apply([one], [accepted(one, now)], now)
    assert total(spool) == Counts(accepted=1)
    assert [a.ended_at for a in load_attempts(spool.db, one)] == [now]


def test_a_leased_one_may_end_without_an_attempt(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(6, ["docomo"]), now)
    ids = leased(spool, now)
    spool.apply(
        [],
        [
            ended(ids[0], Disposition.HELD, now, Reason.MERGE_FAILED),
            ended(ids[1], Disposition.EXPIRED, now, Reason.EXPIRED),
            deferred(ids[2], now),
            ended(ids[3], Disposition.SUPPRESSED, now, Reason.SUPPRESSED_BY_HAND),
        ],
        now,
    )
    assert total(spool) == Counts(held=1, expired=1, deferred=1, suppressed=1, ready=2)
    assert spool.db.number("SELECT count(*) FROM attempts") == 0


@pytest.mark.parametrize("disposition", list(Disposition))
def test_nothing_moves_who_has_it(disposition: Disposition, spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(2, ["docomo"]), now)
    one, two = begun(spool, now)
    spool.apply([], [accepted(one, now)], now)
    with pytest.raises(Refused) as caught:
        spool.apply([], [accepted(two, now), ended(one, disposition, now)], now)
    assert caught.value.code is ErrorCode.TRANSITION_REFUSED
    assert caught.value.params == {"recipient": one, "state": "accepted", "to": disposition.value}
    assert total(spool) == Counts(accepted=1, in_flight=1)


def test_what_may_not_begin_changes_nothing(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3, ["docomo"]), now)
    (one,) = leased(spool, now, 1)
    for begins in ([one, 2], [one, one]):
        with pytest.raises(Refused) as caught:
            spool.apply(begins, [], now)
        assert caught.value.code is ErrorCode.TRANSITION_REFUSED
    with pytest.raises(Refused):
        spool.apply([], [ended(one, Disposition.BOUNCED, now)], now)
    with pytest.raises(NotFound):
        spool.apply([one, 77], [], now)
    assert total(spool) == Counts(ready=1, pending=2)
    assert spool.db.number("SELECT count(*) FROM attempts") == 0
    spool.apply([], [], now)


def test_leasing_reads_the_index_in_its_order(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(10), now)
    plans: list[str] = []
    spool.db.connection.set_trace_callback(plans.append)
    spool.lease(1, "docomo", 5, now)
    spool.db.connection.set_trace_callback(None)
    (query,) = [sql for sql in plans if "JOIN merge_fields" in sql]
    steps = [row[3] for row in spool.db.rows(f"EXPLAIN QUERY PLAN {query}")]
    searches = [step for step in steps if step.startswith("SEARCH recipients")]
    assert len(searches) == 2
    for step in searches:
        assert "COVERING INDEX recipients_by_lane" in step
        assert "(campaign=? AND lane=? AND state=? AND due_at<?)" in step
    assert not [step for step in steps if step.startswith("SCAN recipients")]
