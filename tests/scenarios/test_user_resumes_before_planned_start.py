"""A person pauses a planned campaign and lets it go on before its start has come.

It is planned again, as if it had never been paused: nobody is sent to before the time that was named, the few
who go first go first then, and a start that is missed by long is for a person.

Result: planned again; a part of it at its time, then the rest; or paused (missed_start).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import CanaryPhase
from desktop_relay.domain.command import Cancel, Pause, Resend, Resume, Submit
from desktop_relay.domain.lane import LaneReason
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import load_draft, update_draft
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

HOURS = 3
MANY = 80


async def planned(
    scene: Scene, receiver: Receiver, canary_minutes: float | None = None
) -> tuple[int, datetime]:
    draft = scene.write([f"p{n}@{LANE}" for n in range(MANY)], route=account(receiver.port))
    with open_library(scene.directory) as library:
        found = load_draft(library, draft)
        assert found is not None
        update_draft(library, replace(found, canary_minutes=canary_minutes))
    await scene.open_lanes(LANE)
    at = scene.clock.now() + timedelta(hours=HOURS)
    campaign = (await scene.engine.handle(Submit(draft, at)))["campaign"]
    await scene.engine.handle(Pause(campaign))
    return campaign, at


async def test_the_few_go_first_at_its_time(timed: Scene) -> None:
    async with Receiver() as receiver:
        campaign, at = await planned(timed, receiver, canary_minutes=30.0)
        await timed.engine.handle(Resume(campaign))
        await timed.engine.handle(Resume(campaign))
        run = timed.engine.moves.runs[campaign]
        shown = await timed.progress(campaign)
        assert (shown.state, shown.started_at) == (CampaignState.SUBMITTED, None)
        assert shown.lanes[0].reason is LaneReason.WAITING_FOR_START
        await timed.turn_until(lambda: timed.clock.now() > at - timedelta(minutes=1), 20.0)
        assert receiver.seen.total() == 0
        assert run.canary is None
        await timed.turn_until(
            lambda: run.canary is not None and run.canary.phase is CanaryPhase.WAITING, 1.0
        )
        assert 0 < timed.states(campaign)["accepted"] < MANY
        await timed.turn_until(lambda: run.state is CampaignState.FINISHED, 20.0)
        assert timed.clock.now() >= at + timedelta(minutes=30)
        await timed.check(campaign, {"accepted": MANY}, receiver)


@pytest.mark.parametrize("over_restart", [False, True])
async def test_a_start_missed_by_long_is_for_a_person(timed: Scene, over_restart: bool) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        campaign, _ = await planned(timed, receiver)
        await timed.engine.handle(Resume(campaign))
        if over_restart:
            await timed.stop(drain=True)
        timed.clock.sleep_machine((HOURS + 2) * 3600, counted=True)
        if over_restart:
            await timed.start()
        await timed.clock.awake(3)
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.PAUSED, 0.1)
        assert timed.pause_reason(campaign) is PauseReason.MISSED_START
        await timed.check(campaign, {"pending": MANY}, receiver)


@pytest.mark.parametrize("off", [False, True], ids=["while it runs", "while it is off"])
async def test_a_clock_that_is_set_back_brings_the_start_no_nearer(timed: Scene, off: bool) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        campaign, at = await planned(timed, receiver)
        await timed.clock.awake(7)
        if off:
            await timed.stop(drain=True)
        timed.clock.set(timedelta(hours=-2))
        if off:
            await timed.start()
        await timed.clock.awake(3)
        await timed.engine.handle(Resume(campaign))
        await timed.turn_until(lambda: timed.clock.now() > at - timedelta(minutes=1), 30.0)
        assert receiver.seen.total() == 0
        run = timed.engine.moves.runs[campaign]
        await timed.turn_until(lambda: run.state is CampaignState.FINISHED, 1.0)
        await timed.check(campaign, {"accepted": MANY}, receiver)


async def test_who_sends_to_the_cancelled_after_all_does_not_wait_for_it(timed: Scene) -> None:
    async with Receiver() as receiver:
        campaign, at = await planned(timed, receiver)
        await timed.engine.handle(Cancel(campaign))
        assert (await timed.engine.handle(Resend(campaign, "cancelled")))["count"] == MANY
        shown = await timed.progress(campaign)
        assert shown.state is CampaignState.SENDING
        assert shown.lanes[0].reason is not LaneReason.WAITING_FOR_START
        run = timed.engine.moves.runs[campaign]
        await timed.turn_until(lambda: run.state is CampaignState.FINISHED, 1.0)
        assert timed.clock.now() < at
        await timed.check(campaign, {"accepted": MANY}, receiver)
