"""A lane that meets too much trouble stops, for its campaign alone, until a person decides."""

from __future__ import annotations

import pytest

from desktop_relay.domain.brake import BrakeCause, BrakeLevel
from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Complain, Release
from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.progress import LaneProgress
from desktop_relay.domain.route import Route, RouteKind
from tests.fakes.transport import ACCEPTED, refused
from tests.unit.engine.desk import Desk

BAD, GOOD = "bad.example", "good.example"
UNKNOWN = refused(550, "User unknown")


def people(number: int, lane: str) -> list[str]:
    return [f"p{n}@{lane}" for n in range(number)]


def unknown_there(message: Outgoing) -> Exchange:
    return UNKNOWN if message.envelope.recipient.endswith(BAD) else ACCEPTED


async def stopped(desk: Desk, number: int = 200) -> int:
    """A campaign of which one lane has stopped and the other is through."""
    desk.way.answer = unknown_there
    draft = desk.write([*people(number, BAD), *people(50, GOOD)])
    await desk.open_lanes(BAD, GOOD)
    campaign = await desk.send(draft)
    run = desk.engine.moves.runs[campaign]
    await desk.until(lambda: run.brake(BAD).stopped is not None and run.in_flight == 0)
    await desk.until(lambda: desk.states(campaign)["accepted"] == 50)
    await desk.until(lambda: not {"in_flight", "ready"} & desk.states(campaign).keys())
    return campaign


async def lane_of(desk: Desk, campaign: int, lane: str = BAD) -> LaneProgress:
    progress = await desk.progress(campaign)
    return next(found for found in progress.lanes if found.lane == lane)


async def test_one_lane_stops_and_the_others_go_on(desk: Desk) -> None:
    campaign = await stopped(desk)
    states = desk.states(campaign)
    assert states["accepted"] == 50
    assert 30 <= states["bounced"] < 80
    assert states["ready"] == states["in_flight"] == 0
    lane = await lane_of(desk, campaign)
    assert (lane.state, lane.reason, lane.eta) == (LaneState.STOPPED, LaneReason.BRAKED, None)
    assert lane.brake is not None
    assert (lane.brake.cause, lane.brake.level) == (BrakeCause.UNKNOWN_USERS, BrakeLevel.STOP)
    assert desk.engine.moves.runs[campaign].state is CampaignState.SENDING


async def test_send_on_anyway(desk: Desk) -> None:
    campaign = await stopped(desk)
    answer = await desk.engine.handle(Release(campaign, BAD))
    assert answer["count"] == 1
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert desk.states(campaign) == {"accepted": 50, "bounced": 200}
    assert (await desk.engine.handle(Release(campaign, BAD)))["count"] == 0


async def test_leave_it_stopped(desk: Desk) -> None:
    campaign = await stopped(desk)
    await desk.engine.handle(Release(campaign, BAD, leave=True))
    lane = await lane_of(desk, campaign)
    assert lane.brake_left
    assert lane.state is LaneState.STOPPED


@pytest.mark.parametrize("gently", [True, False])
async def test_a_restart_does_not_let_it_go(desk: Desk, gently: bool) -> None:
    campaign = await stopped(desk)
    bounced = desk.states(campaign)["bounced"]
    if gently:
        await desk.engine.stop()
        await desk.start()
    else:
        await desk.until(lambda: not any(b.unsaved for b in desk.engine.moves.runs[campaign].brakes.values()))
        await desk.restart()
    run = desk.engine.moves.runs[campaign]
    await desk.until(lambda: run.sending and not run.fetches)
    assert run.brake(BAD).stopped is not None
    assert desk.states(campaign)["bounced"] == bounced
    await desk.engine.handle(Release(campaign, BAD))
    await desk.until_state(campaign, CampaignState.FINISHED)


async def test_nobody_there_to_release(desk: Desk) -> None:
    campaign = await stopped(desk)
    with pytest.raises(NotFound):
        await desk.engine.handle(Release(campaign, "nowhere.example"))
    with pytest.raises(NotFound):
        await desk.engine.handle(Release(999, BAD))


async def test_practice_is_warned_and_goes_on(desk: Desk) -> None:
    desk.way.answer = unknown_there
    draft = desk.write(people(100, BAD), route=Route("sandbox", RouteKind.SANDBOX))
    await desk.open_lanes(BAD, route="sandbox")
    campaign = await desk.send(draft)
    await desk.until_state(campaign, CampaignState.FINISHED)
    lane = await lane_of(desk, campaign)
    assert lane.brake is not None
    assert desk.states(campaign) == {"bounced": 100}


async def test_complaints_stop_it_too(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(120, GOOD))
    await desk.open_lanes(GOOD)
    campaign = await desk.send(draft)
    desk.way.gate.set()
    await desk.until(lambda: desk.engine.moves.runs[campaign].brake(GOOD).tally.accepted >= 100)
    first = desk.ledger(campaign)[0].recipient
    for _ in range(3):
        answer = await desk.engine.handle(Complain(first))
    assert answer == {"campaign": campaign}
    brake = desk.engine.moves.runs[campaign].brake(GOOD)
    assert brake.trouble is not None
    assert brake.trouble.cause is BrakeCause.COMPLAINTS
    with pytest.raises(NotFound):
        await desk.engine.handle(Complain(999_999))


async def test_what_changed_the_pace_is_remembered(desk: Desk) -> None:
    turns = iter(range(1000))

    def busy_first(_message: Outgoing) -> Exchange:
        return refused(421, "too fast, try again later") if next(turns) < 2 else ACCEPTED

    desk.way.answer = busy_first
    draft = desk.write(people(20, GOOD), route=Route("direct", RouteKind.DIRECT))
    await desk.open_lanes(GOOD, route="direct")
    campaign = await desk.send(draft)
    line = desk.engine.moves.runs[campaign].line
    assert line is not None
    await desk.until(lambda: bool(line.lane(GOOD).changes))
    change = line.lane(GOOD).changes[-1]
    assert change.code == 421
    await desk.engine.stop()
    await desk.start()
    again = desk.engine.moves.runs[campaign].line
    assert again is not None
    assert again.lane(GOOD).changes[0].text == "too fast, try again later"
