"""The engine's writer: steps that many take at once, campaigns, lanes, suppressions."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel, BrakeTally
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused, StoreUnusable
from desktop_relay.domain.lane import LaneOverride, LaneReason, PassingLimit
from desktop_relay.domain.lane_memory import (
    LaneMemory,
    PaceMemory,
    Port25Memory,
    SuspensionMemory,
    WindowMemory,
)
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.settlement import NewRecipient, Recovered
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.domain.warmup import Warmup, WarmupMemory
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.ledger import load_attempts, load_ledger_rows
from desktop_relay.store.slicing import at_once
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
        assert at_once(spool.recover(later)) == Recovered(unknown=2, released=4)
        assert at_once(spool.recover(later)) == Recovered(0, 0)
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
    assert at_once(spool.cancel(1, now)) == 4
    assert total(spool) == Counts(accepted=1, in_flight=1, held=1, cancelled=4)
    assert total(spool, 2) == Counts(pending=6)
    spool.apply([], [deferred(three, now)], now)
    assert at_once(spool.cancel(1, now)) == 1
    assert load_ledger_rows(spool.db, [three])[0].reason is Reason.CANCELLED


def test_retry_now(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3, ["docomo"]), now)
    ids = begun(spool, now)
    spool.apply([], [deferred(number, now) for number in ids], now)
    assert at_once(spool.retry_now(1, ids[1], now)) == 1
    assert leased(spool, now) == [ids[1]]
    assert at_once(spool.retry_now(1, ids[1], now)) == 0
    assert at_once(spool.retry_now(1, None, now)) == 2
    assert total(spool) == Counts(ready=1, pending=2)
    for campaign, recipient in ((1, 77), (2, ids[0])):
        with pytest.raises(NotFound):
            at_once(spool.retry_now(campaign, recipient, now))


@pytest.mark.parametrize("state", list(S))
def test_resend_only_to_those_nothing_proves_anything_about(
    state: RecipientState, spool: Spool, now: datetime
) -> None:
    spool.submit(snapshot(), people(2, ["docomo"]), now)
    one, _ = begun(spool, now)
    if state in (S.UNKNOWN, S.DEFERRED, S.EXPIRED, S.BOUNCED, S.ACCEPTED):
        spool.apply([], [ended(one, Disposition(state.value), now)], now)
    if state in (S.UNKNOWN, S.DEFERRED, S.EXPIRED):
        assert at_once(spool.resend(1, state, now)) == 1
        assert leased(spool, now) == [one]
    elif state in (S.HELD, S.CANCELLED):
        assert at_once(spool.resend(1, state, now)) == 0
    else:
        with pytest.raises(Refused):
            at_once(spool.resend(1, state, now))


def test_sending_again_gives_the_whole_time_again(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(expires_at=now + LIFE), people(1), now)
    over = now + LIFE
    assert at_once(spool.expire(1, over - timedelta(seconds=1))) == 0
    assert at_once(spool.expire(1, over)) == 1
    assert total(spool) == Counts(expired=1)
    for turn in (1, 2):
        at = over + timedelta(days=10 * turn)
        assert at_once(spool.resend(1, S.EXPIRED, at)) == 1
        campaign = spool.load_campaign(1)
        assert campaign is not None
        assert campaign.snapshot.expires_at == at + LIFE
        assert at_once(spool.expire(1, at)) == 0
        (recipient,) = spool.lease(1, "docomo", 5, at)
        assert recipient.expires_at == at + LIFE
        spool.release([recipient.id], at)
        assert at_once(spool.expire(1, at + LIFE)) == 1


def test_a_campaign_without_end_never_expires(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(1), now)
    assert at_once(spool.expire(1, now + timedelta(days=9999))) == 0


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
    assert (caught.value.code, caught.value.params) == (ErrorCode.CAMPAIGN_OVER, {"campaign": 1})
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
    memory = LaneMemory(
        now,
        tokens=1.5,
        phase=0.25,
        pace=PaceMemory(0.5, ceiling=1.0, confirmed=2, return_to=0.9, proven=True),
        window=WindowMemory(3, success=0.5, refusals=1),
        suspension=SuspensionMemory(300.0, LaneReason.BLOCKED, strikes=2),
        hour=((12.5, 3), (-4.0, 1)),
        day=((12.5, 4),),
        connects=((1.0, 1),),
        port25=Port25Memory(("one.example", "two.example"), 12.5, 2.0, "home"),
        warmup=WarmupMemory(
            *(Warmup(50, 20_000, 30), date(2026, 1, 15), 3, 40, 5),
            tally=BrakeTally(accepted=38, unknown_users=2),
            found=BrakeFinding(BrakeCause.BLOCKS, BrakeLevel.WARN, 1, 0, 1),
            set_back_from=date(2026, 1, 16),
        ),
    )
    spool.apply([], [], now, {("account", "docomo"): memory, ("account", "au"): LaneMemory(now)})
    spool.apply([], [], now, {("account", "au"): LaneMemory(now, tokens=9.0)})
    kept = spool.load_lane_memory("account")
    # a moment later than it was, so that nobody thinks that more time has passed than did
    assert all(now < lane.at <= now + timedelta(milliseconds=1) for lane in kept.values())
    back = {lane: replace(learned, at=now) for lane, learned in kept.items()}
    assert back == {"docomo": memory, "au": LaneMemory(now, tokens=9.0)}
    assert spool.load_lane_memory("other") == {}
    passing = (PassingLimit("rate", 0.25, now), PassingLimit("per_day", 0, now + timedelta(hours=1)))
    override = LaneOverride(0.5, 2, True, now, per_hour=100, per_day=900, passing=passing)
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


def test_a_clock_that_was_set_back_keeps_nobody_waiting(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(1), people(3, ["docomo"]), now)
    spool.submit(snapshot(2, start_at=now + timedelta(days=1)), people(1, ["docomo"], first=5), now)
    spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, now)
    (retried,) = begun(spool, now, 1)
    spool.apply([], [deferred(retried, now, 600)], now)
    back = now - timedelta(days=30)
    assert at_once(spool.bring_forward(back - now, back)) == 3
    assert spool.next_due(1, "docomo") == back, "who was due is due"
    assert len(leased(spool, back + timedelta(minutes=9))) == 2
    assert leased(spool, back + timedelta(minutes=10)) == [retried], "who waited waits as long"
    assert spool.next_due(2, "docomo") == now + timedelta(days=1), "a planned start is a time of day"


def test_an_engine_finds_that_the_clock_was_set_back(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(1), people(2, ["docomo"]), now)
    spool.move_campaign(1, CampaignState.SENDING, PauseReason.NONE, now)
    spool.apply([], [], now, {("account", "docomo"): LaneMemory(now + timedelta(seconds=5))})
    back = now - timedelta(days=400)
    at_once(spool.recover(back))
    assert len(leased(spool, back)) == 2
    assert spool.load_lane_memory("account")["docomo"].at <= back


def test_what_accounts_took(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(5, ["docomo"]), now)
    one, two, three, four = begun(spool, now, 4)
    soon = now + timedelta(minutes=5)
    used = [accepted(one, now), accepted(two, now), deferred(three, now), accepted(four, soon)]
    spool.apply([], [replace(used[0], account="A"), replace(used[1], account="B"), used[2]], now)
    spool.apply([], [replace(used[3], account="A")], soon)
    day = now - timedelta(days=1)
    assert [number for _, number in spool.load_usage("A", day).steps] == [1, 1]
    assert [number for _, number in spool.load_usage("B", day).steps] == [1]
    assert [number for _, number in spool.load_usage("A", soon).steps] == [1]


def test_what_accounts_may_have_taken_when_the_engine_died(spool: Spool, now: datetime) -> None:
    spool.submit(snapshot(), people(3, ["docomo"]), now)
    begun(spool, now, 2)
    at_once(spool.recover(now))
    assert [number for _, number in spool.load_usage("account", now).steps] == [2]
    assert [number for _, number in spool.load_usage("x", now).steps] == [2], "a member of its pool, perhaps"
