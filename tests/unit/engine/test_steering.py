"""Pause, resume, cancel, retry, resend, lanes, and what stops a campaign by itself."""

from __future__ import annotations

import asyncio
import gc
import weakref
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import (
    Cancel,
    Pause,
    ReloadSettings,
    RenameRoute,
    Resend,
    Resume,
    RetryNow,
    SetLane,
    Submit,
)
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.template import Template
from desktop_relay.engine import steering
from desktop_relay.engine.line import Outlet
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from tests.fakes.clock import FakeClock
from tests.fakes.transport import ACCEPTED, refused
from tests.unit.engine.desk import ROUTE, Desk

LANE = "lane0.example"


def people(number: int, lane: str = LANE) -> list[str]:
    return [f"p{n}@{lane}" for n in range(number)]


async def test_it_is_finished_although_an_alarm_is_left_of_who_was_retried_by_hand(desk: Desk) -> None:
    desk.way.answer = lambda message: refused(451, "later")
    campaign = await desk.send(desk.write(people(1)))
    await desk.until(lambda: desk.states(campaign)["deferred"] == 1)
    run = desk.engine.moves.runs[campaign]
    await desk.until(lambda: not run.in_flight)
    desk.way.gate.clear()
    desk.way.answer = lambda message: ACCEPTED
    await desk.engine.handle(RetryNow(campaign))
    await desk.until(lambda: bool(desk.way.at_once))
    run.open, run.dirty = 2, True  # as counters that were read before what was just settled
    desk.way.gate.set()
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 1}


async def test_pause_lets_running_transactions_end_and_starts_no_more(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(100))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    await desk.engine.handle(Pause(campaign))
    run, begun = desk.engine.moves.runs[campaign], desk.way.at_once
    await desk.until(lambda: run.in_flight == begun)  # what only waited for its session goes back
    await desk.engine.shop.committer.flush()
    states = desk.states(campaign)
    assert states["in_flight"] == begun == desk.way.at_once
    assert states["ready"] == 0, "what was not begun went back"
    assert states["pending"] == 100 - begun

    desk.way.gate.set()
    await desk.until(lambda: desk.states(campaign)["accepted"] == begun)
    assert len(desk.way.taken) == begun
    assert desk.pause_reason(campaign) is PauseReason.USER

    await desk.engine.handle(Pause(campaign))
    await desk.engine.handle(Resume(campaign))
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 100}
    assert set(desk.way.taken.values()) == {1}


async def test_pausing_and_resuming_over_and_over_loses_and_repeats_nobody(desk: Desk) -> None:
    desk.way.seconds = 0.001
    draft = desk.write(people(300))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    for _ in range(15):
        if desk.engine.moves.runs[campaign].state is not CampaignState.SENDING:
            break
        await desk.engine.handle(Pause(campaign))
        await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 300}
    assert set(desk.way.taken.values()) == {1}


async def test_cancel_keeps_what_was_sent(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(50))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    answer = await desk.engine.handle(Cancel(campaign))
    begun = 50 - answer["count"]
    desk.way.gate.set()
    await desk.until(lambda: desk.states(campaign)["in_flight"] == 0)
    assert desk.states(campaign) == {"accepted": begun, "cancelled": 50 - begun}
    assert (await desk.engine.handle(Cancel(campaign)))["count"] == 0
    for command in (Pause(campaign), Resume(campaign)):
        with pytest.raises(Refused) as caught:
            await desk.engine.handle(command)
        assert caught.value.code is ErrorCode.CAMPAIGN_OVER
    assert desk.engine.moves.runs[campaign].state is CampaignState.CANCELLED


async def test_a_finished_campaign_is_over(desk: Desk) -> None:
    campaign = await desk.send(desk.write(people(1)))
    await desk.until_state(campaign, CampaignState.FINISHED)
    for _ in range(2):
        for command in (Pause(campaign), Resume(campaign), Cancel(campaign)):
            with pytest.raises(Refused) as caught:
                await desk.engine.handle(command)
            assert caught.value.code is ErrorCode.CAMPAIGN_OVER
        assert (await desk.progress(campaign)).state is CampaignState.FINISHED
        await desk.restart()


async def test_who_is_deferred_by_the_last_transactions_of_a_cancelled_campaign_is_cancelled(
    desk: Desk,
) -> None:
    desk.way.gate.clear()
    desk.way.answer = lambda message: refused(451, "4.3.0 later")
    draft = desk.write(people(20))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    await desk.engine.handle(Cancel(campaign))
    desk.way.gate.set()
    await desk.until(lambda: desk.states(campaign) == {"cancelled": 20})


async def test_cancelled_people_can_be_sent_to_after_all(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(30))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 1)
    cancelled = (await desk.engine.handle(Cancel(campaign)))["count"]
    desk.way.gate.set()
    await desk.until(lambda: not desk.engine.moves.runs[campaign].in_flight)
    assert (await desk.engine.handle(Resend(campaign, "cancelled")))["count"] == cancelled
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 30}
    assert set(desk.way.taken.values()) == {1}


async def test_resend_only_knows_outcomes_that_nobody_was_reached_by(desk: Desk) -> None:
    campaign = await desk.send(desk.write(["a@lane0.example"]))
    await desk.until_state(campaign, CampaignState.FINISHED)
    with pytest.raises(Refused):
        await desk.engine.handle(Resend(campaign, "accepted"))
    with pytest.raises(BadInput):
        await desk.engine.handle(Resend(campaign, "everybody"))
    with pytest.raises(NotFound):
        await desk.engine.handle(Resume(7))


async def test_a_deferred_recipient_is_tried_again_when_it_is_due(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    busy = [True]
    timed_desk.way.answer = lambda message: refused(451, "4.3.0 later") if busy[0] else ACCEPTED
    campaign = await timed_desk.send(timed_desk.write(["a@lane0.example"]))
    await timed_desk.until(lambda: timed_desk.states(campaign) == {"deferred": 1})
    busy[0] = False
    due = timed_desk.ledger(campaign)[0].next_attempt
    assert due is not None
    wait = (due - clock.now()).total_seconds()
    await clock.advance(wait - 5)
    assert timed_desk.states(campaign) == {"deferred": 1}
    assert len(timed_desk.way.begun) == 1
    standing = (await timed_desk.progress(campaign)).lanes[0]
    assert (standing.state, standing.reason) == (LaneState.IDLE, LaneReason.WAITING_FOR_RETRY)
    assert standing.until is not None

    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 1}, 1)
    assert timed_desk.ledger(campaign)[0].attempts == 2


async def test_retry_now_does_not_wait(desk: Desk) -> None:
    busy = [True]
    desk.way.answer = lambda message: refused(451, "4.3.0 later") if busy[0] else ACCEPTED
    draft = desk.write(people(2))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.states(campaign) == {"deferred": 2})
    busy[0] = False
    one = desk.ledger(campaign)[0].recipient
    assert (await desk.engine.handle(RetryNow(campaign, one)))["count"] == 1
    await desk.until(lambda: desk.states(campaign) == {"deferred": 1, "accepted": 1})
    assert (await desk.engine.handle(RetryNow(campaign)))["count"] == 1
    await desk.until_state(campaign, CampaignState.FINISHED)


async def test_what_concerns_the_account_stops_the_campaign_and_others_go_on(desk: Desk) -> None:
    def answer(message: Outgoing) -> Exchange:
        if message.envelope.recipient.endswith("@lane1.example"):
            return Exchange(Stage.MAIL, failure=Failure.NO_PASSWORD)
        return ACCEPTED

    desk.way.answer = answer
    good, bad = desk.write(people(40)), desk.write(people(40, "lane1.example"))
    await desk.open_lanes(LANE, "lane1.example")
    stopped = await desk.send(bad)
    await desk.until_state(stopped, CampaignState.PAUSED)
    assert desk.pause_reason(stopped) is PauseReason.PASSWORD_MISSING
    await desk.until(lambda: desk.states(stopped)["in_flight"] == 0)
    states = desk.states(stopped)
    assert states["ready"] == 0
    assert states["pending"] + states["deferred"] == 40
    sent = await desk.send(good)
    await desk.until_state(sent, CampaignState.FINISHED)


async def test_without_the_password_nothing_is_tried(desk: Desk) -> None:
    desk.outlets.change = lambda outlet: replace(outlet, problem=PauseReason.PASSWORD_MISSING)
    campaign = await desk.send(desk.write(people(3)))
    assert desk.engine.moves.runs[campaign].state is CampaignState.PAUSED
    assert desk.pause_reason(campaign) is PauseReason.PASSWORD_MISSING
    assert desk.way.begun == []

    def unchanged(outlet: Outlet) -> Outlet:
        return outlet

    desk.outlets.change = unchanged
    await desk.engine.handle(ReloadSettings())
    await desk.open_lanes(LANE)
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (Template("letter", "件名", "", "{{ name "), PauseReason.TEMPLATE_BROKEN),
        (Template("letter", "件名", "", "本文", ("/nowhere/file.pdf",)), PauseReason.ATTACHMENT_GONE),
    ],
)
async def test_what_cannot_be_built_waits_for_a_person(
    desk: Desk, template: Template, reason: PauseReason
) -> None:
    campaign = await desk.send(desk.write(people(3), template=template))
    assert desk.engine.moves.runs[campaign].state is CampaignState.PAUSED
    assert desk.pause_reason(campaign) is reason
    assert desk.states(campaign) == {"pending": 3}


async def test_a_paused_lane_waits_while_others_go_on(desk: Desk) -> None:
    draft = desk.write([*people(20), *people(20, "lane1.example")])
    await desk.open_lanes(LANE, "lane1.example")
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True))
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.states(campaign) == {"accepted": 20, "pending": 20})
    lanes = {lane.lane: lane for lane in (await desk.progress(campaign)).lanes}
    assert (lanes[LANE].state, lanes[LANE].reason) == (LaneState.PAUSED, LaneReason.USER_PAUSED)
    assert lanes["lane1.example"].state is LaneState.FINISHED
    answer = await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=False))
    assert answer == {"lane": LANE, "count": 1}
    await desk.until_state(campaign, CampaignState.FINISHED)


async def test_a_lane_paused_while_it_runs_gives_its_leases_back(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(60))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once >= 2)
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True))
    desk.way.gate.set()
    await desk.until(lambda: set(desk.states(campaign)) == {"accepted", "pending"})
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=False))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert set(desk.way.taken.values()) == {1}


async def test_a_lane_is_not_faster_than_it_is_allowed(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(12))
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, rate=0.5))
    await timed_desk.send(draft)
    await timed_desk.until(lambda: len(timed_desk.way.begun) == 1)
    elapsed = 0.0
    while len(timed_desk.way.begun) < 12:
        await clock.advance(0.25)
        elapsed += 0.25
        await asyncio.sleep(0.01)  # the spool's and the builders' threads keep real time
        assert len(timed_desk.way.begun) <= 1 + 0.5 * elapsed
    assert elapsed < 30


async def test_a_campaign_starts_at_its_time(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(1))
    at = clock.now() + timedelta(hours=3)
    campaign = (await timed_desk.engine.handle(Submit(draft, at)))["campaign"]
    await clock.advance(3 * 3600 - 10)
    standing = await timed_desk.progress(campaign)
    assert standing.state is CampaignState.SUBMITTED
    assert (standing.lanes[0].reason, standing.lanes[0].until) == (LaneReason.WAITING_FOR_START, at)
    assert timed_desk.way.begun == []
    await clock.advance(11)
    await timed_desk.until_state(campaign, CampaignState.FINISHED)


async def test_who_is_not_reached_in_time_expires(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(3))
    with open_library(timed_desk.directory) as library:
        save_setting(library, "engine.expire", 60.0)
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True))
    campaign = await timed_desk.send(draft)
    await clock.advance(61)
    await timed_desk.until_state(campaign, CampaignState.FINISHED)
    assert timed_desk.states(campaign) == {"expired": 3}
    await timed_desk.engine.handle(SetLane(ROUTE.name, LANE, paused=False, rate=1000.0))
    assert (await timed_desk.engine.handle(Resend(campaign, "expired")))["count"] == 3
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 3}, 0.1)


async def test_an_account_that_is_down_is_left_alone_and_tried_again(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(40))
    await timed_desk.open_lanes(LANE)
    timed_desk.way.refusal = Exchange(Stage.CONNECT, failure=Failure.REFUSED, detail="refused")
    campaign = await timed_desk.send(draft)
    line = timed_desk.engine.lines.all()[0]
    await timed_desk.turn_until(lambda: line.account_suspended_for(line.clock.monotonic()) > 0, 0.1)
    await timed_desk.until(lambda: timed_desk.states(campaign)["in_flight"] == 0)  # on the disk, too
    tried = timed_desk.way.opened
    assert tried < 10
    (lane,) = (await timed_desk.progress(campaign)).lanes
    assert (lane.state, lane.reason) == (LaneState.SUSPENDED, LaneReason.ACCOUNTS_RESTING)
    assert lane.until is not None
    await clock.advance(60)
    assert timed_desk.way.opened <= tried + 3, "after 15 s, 30 s and 60 s at the earliest, by one at a time"
    await timed_desk.until(lambda: timed_desk.states(campaign)["in_flight"] == 0)

    timed_desk.way.refusal = None
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 40}, 30)


async def test_a_short_suspension_of_the_account_ends_by_itself(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(40))
    await timed_desk.open_lanes(LANE)
    timed_desk.way.gate.clear()
    campaign = await timed_desk.send(draft)
    await timed_desk.until(lambda: timed_desk.way.at_once == 1)
    await clock.advance(1)
    line = timed_desk.engine.lines.all()[0]
    assert line.account is not None
    pause = Effect(EffectKind.SUSPEND, pause=timedelta(seconds=30), reason=LaneReason.BLOCKED)
    line.account.learn(pause, line.clock.monotonic())
    timed_desk.way.gate.set()
    await timed_desk.until(lambda: timed_desk.engine.moves.runs[campaign].in_flight == 0)
    taken = len(timed_desk.way.taken)
    assert taken < 40
    await clock.advance(20)
    assert len(timed_desk.way.taken) == taken
    await timed_desk.turn_until(lambda: len(timed_desk.way.taken) == 40, 1)


async def test_a_route_keeps_its_name_while_a_draft_over_it_is_being_submitted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, told = asyncio.Event(), asyncio.Event()

    async def look_up(domain: str) -> None:
        asked.set()
        await told.wait()

    monkeypatch.setattr(desk.way, "lookup_mx", look_up)
    desk.way.gate.clear()
    sending = asyncio.create_task(desk.send(desk.write(people(3))))
    await asked.wait()
    renaming = asyncio.create_task(desk.engine.handle(RenameRoute(ROUTE.name, "other")))
    await asyncio.sleep(0)
    told.set()
    await sending
    with pytest.raises(Refused):
        await renaming


async def test_campaigns_of_many_lanes_are_forgotten_sooner(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steering, "_KEPT_LANES", 5)
    lanes = [f"lane{number}.example" for number in range(3)]
    await desk.open_lanes(*lanes)
    campaigns = []
    for number in range(4):
        campaigns.append(await desk.send(desk.write([f"p{number}@{lane}" for lane in lanes])))
        await desk.until_state(campaigns[-1], CampaignState.FINISHED)
    assert set(desk.engine.moves.runs) == set(campaigns[-2:])
    await desk.engine.handle(RetryNow(campaigns[0]))
    assert (await desk.progress(campaigns[0])).counts.accepted == 3


async def test_campaigns_that_are_over_are_forgotten(desk: Desk) -> None:
    await desk.open_lanes(LANE)
    seen = []
    for number in range(25):
        campaign = await desk.send(desk.write([f"p{number}@{LANE}"]))
        await desk.until_state(campaign, CampaignState.FINISHED)
        seen.append(weakref.ref(desk.engine.moves.runs[campaign]))

    def is_gone() -> bool:
        gc.collect()
        return seen[0]() is None

    await desk.until(is_gone)
