"""A few go first; the rest follows by itself after a wait, or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.command import Pause, Release, Resume
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import load_draft, update_draft
from tests.fakes.clock import FakeClock
from tests.fakes.transport import ACCEPTED, refused
from tests.scenarios.clock import JumpingClock
from tests.unit.engine.desk import Desk
from tests.unit.engine.test_pool import BEFORE_MIDNIGHT, A, PoolDesk, finished, send

LARGE, SMALL, TINY = "large.example", "small.example", "tiny.example"
ADDRESSES = [f"p{n}@{lane}" for lane, number in ((LARGE, 300), (SMALL, 90), (TINY, 1)) for n in range(number)]
MINUTES = 30.0
DIRECT = Route("direct", RouteKind.DIRECT)


def write(desk: Desk, route: Route = DIRECT, minutes: float = MINUTES) -> int:
    draft = desk.write(ADDRESSES, route=route)
    with open_library(desk.directory) as library:
        found = load_draft(library, draft)
        assert found is not None
        update_draft(library, replace(found, canary_minutes=minutes))
    return draft


async def begin(desk: Desk, route: Route = DIRECT, minutes: float = MINUTES) -> int:
    draft = write(desk, route, minutes)
    await desk.open_lanes(LARGE, SMALL, TINY, route=route.name)
    return await desk.send(draft)


def canary(desk: Desk, campaign: int) -> Canary:
    found = desk.engine.moves.runs[campaign].canary
    assert found is not None
    return found


def by_lane(desk: Desk) -> Counter[str]:
    return Counter(address.partition("@")[2] for address in desk.way.begun)


async def test_every_lane_in_proportion_then_the_rest(timed_desk: Desk) -> None:
    desk = timed_desk
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    assert canary(desk, campaign).size == 50
    assert by_lane(desk) == {LARGE: 38, SMALL: 11, TINY: 1}
    progress = await desk.progress(campaign)
    lane = next(found for found in progress.lanes if found.lane == LARGE)
    assert (lane.state, lane.reason) == (LaneState.IDLE, LaneReason.CANARY_WAITING)
    assert lane.until == canary(desk, campaign).until
    assert lane.eta is not None
    assert lane.until is not None
    assert lane.eta > lane.until
    before = desk.clock.now()
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.PASSED, 20.0)
    assert (desk.clock.now() - before).total_seconds() >= MINUTES * 60 - 40
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 5.0)
    assert desk.states(campaign) == {"accepted": len(ADDRESSES)}
    assert set(desk.way.taken.values()) == {1}


async def test_over_a_restart(timed_desk: Desk) -> None:
    desk = timed_desk
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    sent, until = len(desk.way.begun), canary(desk, campaign).until
    await desk.restart()
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].sending, 1.0)
    for _ in range(20):
        await desk.turn_until(lambda: True, 1.0)
    assert len(desk.way.begun) == sent
    assert canary(desk, campaign).until == until
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20.0)
    assert set(desk.way.taken.values()) == {1}
    assert desk.clock.now() >= until  # type: ignore[operator]


async def test_bad_answers_stop_the_campaign(timed_desk: Desk) -> None:
    desk = timed_desk
    turns = iter(range(10_000))

    def every_tenth(_message: Outgoing) -> Exchange:
        return refused(550, "User unknown") if next(turns) % 10 == 0 else ACCEPTED

    desk.way.answer = every_tenth
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].state is CampaignState.PAUSED, 20.0)
    assert desk.pause_reason(campaign) is PauseReason.CANARY
    assert canary(desk, campaign).finding is not None
    assert len(desk.way.begun) == 50
    progress = await desk.progress(campaign)
    assert progress.canary is not None
    assert progress.canary.phase is CanaryPhase.STOPPED
    desk.way.answer = lambda _message: ACCEPTED
    await desk.engine.handle(Resume(campaign))
    await desk.engine.handle(Release(campaign, LARGE))
    await desk.engine.handle(Release(campaign, SMALL))
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 5.0)


async def test_a_troubled_lane_stops_alone(timed_desk: Desk) -> None:
    desk = timed_desk

    def no_content_there(message: Outgoing) -> Exchange:
        small = message.envelope.recipient.endswith(SMALL)
        return refused(421, "blocked using a list") if small and len(desk.way.begun) < 60 else ACCEPTED

    desk.way.answer = no_content_there
    campaign = await begin(desk)
    run = desk.engine.moves.runs[campaign]
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.PASSED, 20.0)
    trouble = run.brake(SMALL).trouble
    assert (run.brake(SMALL).stopped is not None) == (trouble is not None)
    assert run.state is CampaignState.SENDING


async def test_nobody_has_to_wait(timed_desk: Desk) -> None:
    desk = timed_desk
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    assert (await desk.engine.handle(Release(campaign)))["count"] == 1
    assert (await desk.engine.handle(Release(campaign)))["count"] == 0
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 5.0)


async def test_pause_and_resume_do_not_skip_it(timed_desk: Desk) -> None:
    desk = timed_desk
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    await desk.engine.handle(Pause(campaign))
    await desk.engine.handle(Resume(campaign))
    await desk.engine.handle(Resume(campaign))
    await desk.turn_until(lambda: True, 30.0)
    assert canary(desk, campaign).holds
    assert len(desk.way.begun) == 50


@pytest.mark.parametrize("answer", [refused(450, "greylisted, try again later")])
async def test_who_is_put_off_is_tried_again_meanwhile(timed_desk: Desk, answer: Exchange) -> None:
    desk = timed_desk
    seen: set[str] = set()

    def greylist(message: Outgoing) -> Exchange:
        first = message.envelope.recipient not in seen
        seen.add(message.envelope.recipient)
        return answer if first else ACCEPTED

    desk.way.answer = greylist
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    await desk.turn_until(lambda: len(desk.way.taken) > 0, 30.0)
    assert canary(desk, campaign).phase is CanaryPhase.WAITING
    assert len(seen) == 50


def is_waiting(desk: Desk, campaign: int) -> bool:
    return canary(desk, campaign).phase is CanaryPhase.WAITING


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_time_in_which_nobody_can_be_sent_to_does_not_count(tmp_path: Path, restarts: bool) -> None:
    """The account's day is used up when the campaign begins; at midnight it begins with its canary."""
    desk = PoolDesk(tmp_path / "data", clock=FakeClock(BEFORE_MIDNIGHT))
    await desk.start()
    route = replace(A, daily_quota=100)
    desk.change(route)
    used = await send(desk, route, [f"q{n}@{LARGE}" for n in range(100)])
    await desk.turn_until(finished(desk, used), 0.5)
    way = desk.way_of("A")
    way.begun.clear()
    campaign = await begin(desk, route, minutes=5.0)
    await desk.clock.advance(300)  # type: ignore[attr-defined]
    if restarts:
        await desk.restart()
    await desk.turn_until(lambda: desk.clock.now().astimezone().day != BEFORE_MIDNIGHT.astimezone().day, 5.0)
    await desk.turn_until(lambda: is_waiting(desk, campaign), 0.1)
    assert len(way.begun) == 50
    await desk.turn_until(lambda: not canary(desk, campaign).holds, 1.0)
    await desk.turn_until(lambda: len(way.begun) == 100, 0.5)
    await desk.engine.stop(drain=False)


async def test_nothing_is_decided_while_nobody_answered(timed_desk: Desk) -> None:
    """Everybody chosen is put off for an hour."""
    desk = timed_desk
    desk.way.answer = lambda _: refused(450, "greylisted, try again later")
    campaign = await begin(desk, minutes=2.0)
    await desk.turn_until(lambda: is_waiting(desk, campaign), 1.0)
    asked = len(set(desk.way.begun))
    end = desk.clock.now() + timedelta(minutes=20)
    await desk.turn_until(lambda: desk.clock.now() >= end, 5.0)
    assert canary(desk, campaign).holds
    assert len(set(desk.way.begun)) == asked == 50
    desk.way.answer = lambda _: ACCEPTED
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.PASSED, 10.0)


async def test_a_clock_that_is_set_back_makes_nobody_wait_for_hours(tmp_path: Path) -> None:
    clock = JumpingClock()
    desk = Desk(tmp_path / "data", clock=clock)
    await desk.start()
    campaign = await begin(desk)
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.WAITING, 1.0)
    clock.set(timedelta(hours=-5))
    before = clock.monotonic()
    await desk.turn_until(lambda: canary(desk, campaign).phase is CanaryPhase.PASSED, 20.0)
    assert clock.monotonic() - before <= 2 * MINUTES * 60
    await desk.engine.stop(drain=False)
