"""The engine's writer: steps that many take at once, campaigns, lanes, suppressions."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused, StoreUnusable
from desktop_relay.domain.lane import LaneMemory, LaneOverride, LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import NewRecipient, Recovered
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.ledger import load_attempts, load_ledger_rows
from desktop_relay.store.spool import Spool
from tests.unit.store.samples import LIFE, accepted, deferred, ended, people, snapshot
from tests.unit.store.standing import begun, leased, total

S = RecipientState


def test_recovery_guesses_nothing(tmp_path: Path, now: datetime) -> None:
    with open_spool_for_engine(tmp_path) as database:
        spool = Spool(database)
        spool.submit(snapshot(), people(6, ["docomo"]), now)
        (retried,) = begun(spool, now, 1)
        spool.apply([], [deferred(retried, now, 60)], now)
        on_the_way = begun(spool, now, 2)
        fresh = leased(spool, now, 1)
        assert leased(spool, now + timedelta(seconds=60), 3)[-1] == retried
    later = now + timedelta(minutes=5)
    with open_spool_for_engine(tmp_path) as database:
        spool = Spool(database)
        assert spool.recover(later) == Recovered(unknown=2, released=4)
        assert spool.recover(later) == Recovered(0, 0)
        assert total(spool) == Counts(unknown=2, pending=3, deferred=1)
        assert [row.state for row in load_ledger_rows(database, [*fresh, retried])] == [S.PENDING, S.DEFERRED]
        for row in load_ledger_rows(database, on_the_way):
            assert (row.state, row.reason, row.updated_at) == (S.UNKNOWN, Reason.ENGINE_STOPPED, later)
        assert load_attempts(database, on_the_way[1])[-1].reason is Reason.ENGINE_STOPPED
        assert load_attempts(database, on_the_way[1])[-1].ended_at is None


def test_cancel_leaves_what_was_sent_and_what_was_held(spool: Spool, now: datetime) -> None:
    rows = people(6, ["docomo"])
    held = NewRecipient("c@x.example", "c@x.example", "", "au", "<c>", {}, S.HELD, Reason.NO_CONSENT)
    spool.submit(snapshot(), [*rows, held], now)
    spool.submit(snapshot(2), rows, now)
    one, two = begun(spool, now, 2)
    spool.apply([], [accepted(one, now), deferred(two, now)], now)
    (three,) = begun(spool, now, 1)
    leased(spool, now, 1)
    assert spool.cancel(1, now) == 4
    assert total(spool) == Counts(accepted=1, in_flight=1, held=1, cancelled=4)
    assert total(spool, 2) == Counts(pending=6)
    spool.apply([], [deferred(three, now)], now)
    assert spool.cancel(1, now) == 1
    assert load_ledger_rows(spool.db, [three])[0].reason is Reason.CANCELLED


def test_retry_now(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3, ["docomo"]), now)
    ids = begun(spool, now)
    spool.apply([], [deferred(number, now) for number in ids], now)
    assert spool.retry_now(1, ids[1], now) == 1
    assert leased(spool, now) == [ids[1]]
    assert spool.retry_now(1, ids[1], now) == 0
    assert spool.retry_now(1, None, now) == 2
    assert total(spool) == Counts(ready=1, pending=2)
    for campaign, recipient in ((1, 77), (2, ids[0])):
        with pytest.raises(NotFound):
            spool.retry_now(campaign, recipient, now)


@pytest.mark.parametrize("state", list(S))
def test_resend_only_to_those_nothing_proves_anything_about(
    state: RecipientState, spool: Spool, now: datetime
) -> None:
    spool.submit(snapshot(), people(2, ["docomo"]), now)
    one, _ = begun(spool, now)
    if state in (S.UNKNOWN, S.DEFERRED, S.EXPIRED, S.BOUNCED, S.ACCEPTED):
        spool.apply([], [ended(one, Disposition(state.value), now)], now)
    if state in (S.UNKNOWN, S.DEFERRED, S.EXPIRED):
        assert spool.resend(1, state, now) == 1
        assert leased(spool, now) == [one]
    elif state in (S.HELD, S.CANCELLED):
        assert spool.resend(1, state, now) == 0
    else:
        with pytest.raises(Refused):
            spool.resend(1, state, now)


def test_sending_again_gives_the_whole_time_again(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(expires_at=now + LIFE), people(1), now)
    over = now + LIFE
    assert spool.expire(1, over - timedelta(seconds=1)) == 0
    assert spool.expire(1, over) == 1
    assert total(spool) == Counts(expired=1)
    for turn in (1, 2):
        at = over + timedelta(days=10 * turn)
        assert spool.resend(1, S.EXPIRED, at) == 1
        campaign = spool.load_campaign(1)
        assert campaign is not None
        assert campaign.snapshot.expires_at == at + LIFE
        assert spool.expire(1, at) == 0
        (recipient,) = spool.lease(1, "docomo", 5, at)
        assert recipient.expires_at == at + LIFE
        spool.release([recipient.id], at)
        assert spool.expire(1, at + LIFE) == 1


def test_a_campaign_without_end_never_expires(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    assert spool.expire(1, now + timedelta(days=9999)) == 0


def test_campaign_steps(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    moments = [now + timedelta(minutes=n) for n in range(5)]
    sending = spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, moments[0])
    assert (sending.state, sending.started_at) == (CampaignState.SENDING, moments[0])
    paused = spool.move_campaign(1, CampaignState.PAUSED, PauseReason.LOGIN_FAILED, moments[1])
    assert paused.pause_reason is PauseReason.LOGIN_FAILED
    again = spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, moments[2])
    assert (again.pause_reason, again.started_at) == (PauseReason.NONE, moments[0])
    finished = spool.move_campaign(1, CampaignState.FINISHED, PauseReason.NONE, moments[3])
    assert finished.finished_at == moments[3]
    assert spool.load_campaign(1) == finished
    with pytest.raises(Refused) as caught:
        spool.move_campaign(1, CampaignState.PAUSED, PauseReason.USER, moments[4])
    assert caught.value.params == {"campaign": 1, "state": "finished", "to": "paused"}
    assert spool.load_campaign(1) == finished
    resumed = spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, moments[4])
    assert resumed.finished_at is None
    with pytest.raises(NotFound):
        spool.move_campaign(7, CampaignState.SENDING, PauseReason.NONE, now)


def test_test_campaigns_have_ids_of_their_own(spool: Spool, now: datetime) -> None:
    assert spool.next_test_id() == 1_000_000_000
    spool.submit(snapshot(5), people(1), now)
    assert spool.next_test_id() == 1_000_000_000
    spool.submit(snapshot(1_000_000_000), people(1), now)
    assert spool.next_test_id() == 1_000_000_001


def test_full_disk_takes_nothing_with_it(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(50, ["docomo"]), now)
    ids = leased(spool, now, 20)
    spool.apply(ids, [], now)
    before = total(spool)
    spool.db.execute(f"PRAGMA max_page_count={spool.db.number('PRAGMA page_count')}")
    settlements = [deferred(number, now) for number in ids]
    for settlement in settlements:
        object.__setattr__(settlement.outcome, "text", "x" * 20_000)
    with pytest.raises(StoreUnusable) as caught:
        spool.apply([], settlements, now)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert total(spool) == before
    spool.db.execute("PRAGMA max_page_count=1000000")
    spool.apply([], settlements, now)
    assert total(spool).deferred == 20


def test_lane_memory_and_overrides(spool: Spool, now: datetime) -> None:
    memory = LaneMemory(now, 1.5, 3.0, 0.25, now + timedelta(minutes=5), LaneReason.BLOCKED, 2)
    spool.save_lane_memory("account", {"docomo": memory, "au": LaneMemory(now)})
    spool.save_lane_memory("account", {"au": LaneMemory(now, tokens=9.0)})
    assert spool.load_lane_memory("account") == {"docomo": memory, "au": LaneMemory(now, tokens=9.0)}
    assert spool.load_lane_memory("other") == {}
    override = LaneOverride(0.5, 2, True, now)
    spool.save_lane_override("account", "docomo", override)
    spool.save_lane_override("account", "au", LaneOverride())
    assert spool.load_lane_overrides("account") == {"docomo": override, "au": LaneOverride()}
    spool.save_lane_override("account", "docomo", None)
    assert spool.load_lane_overrides("account") == {"au": LaneOverride()}


def test_suppressions(spool: Spool, now: datetime) -> None:
    entries = [
        Suppression("@x.example", SuppressionReason.BY_HAND, "cli", now),
        Suppression("a@y.example", SuppressionReason.COMPLAINT, "", now),
    ]
    assert spool.add_suppressions(entries) == 2
    again = Suppression("a@y.example", SuppressionReason.BY_HAND, "", now)
    assert spool.add_suppressions([again]) == 0
    assert spool.load_suppressions() == entries
    assert spool.remove_suppressions(["a@y.example", "nobody@y.example"]) == 1
    assert spool.load_suppressions() == entries[:1]
