"""A pause stops whatever has not begun on the wire, and nobody is in flight who only waits for a session."""

from __future__ import annotations

import asyncio

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Cancel, Pause, Resume, SetLane
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneLimits, LaneReason
from tests.fakes.clock import FakeClock
from tests.fakes.transport import RecordingSession, RecordingWay
from tests.unit.engine.desk import DIRECT, ROUTE, Desk

LANE = "lane0.example"


def people(number: int) -> list[str]:
    return [f"p{n}@{LANE}" for n in range(number)]


class SlowlyOpened(RecordingWay):
    """Sessions open when ``door`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.door = asyncio.Event()

    async def open(self, domain: str, tls_required: bool = False) -> RecordingSession | Exchange:
        found = await super().open(domain, tls_required)
        await self.door.wait()
        return found


class OneEach(RecordingWay):
    """The server hangs up after every message."""

    async def open(self, domain: str, tls_required: bool = False) -> RecordingSession | Exchange:
        self.opened += 1
        return OneMessage(self)


class OneMessage(RecordingSession):
    """Its session."""

    @property
    def usable(self) -> bool:
        """Until it was used."""
        return super().usable and self.sent == 0


async def test_a_pause_takes_back_what_was_begun_ahead(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write(people(100))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    run = desk.engine.moves.runs[campaign]
    await desk.until(lambda: desk.way.at_once == 2 and run.in_flight > 2)
    await desk.engine.handle(Pause(campaign))
    assert desk.states(campaign) == {"in_flight": 2, "pending": 98}, "when the pause is told, it holds"
    desk.way.gate.set()
    await desk.until(lambda: desk.states(campaign) == {"accepted": 2, "pending": 98})
    assert {row.attempts for row in desk.ledger(campaign)} == {0, 1}
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert {row.attempts for row in desk.ledger(campaign)} == {1}
    assert set(desk.way.taken.values()) == {1}


async def test_a_paused_lane_takes_back_likewise(desk: Desk) -> None:
    desk.way.gate.clear()
    draft = desk.write([*people(100), "x@other.example"])
    await desk.open_lanes(LANE, "other.example")
    campaign = await desk.send(draft)
    await desk.until(lambda: desk.way.at_once == 2)
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=True))
    begun = len(desk.way.begun)
    desk.way.gate.set()
    await desk.until(lambda: desk.engine.moves.runs[campaign].in_flight == 0)
    assert sum(LANE in address for address in desk.way.begun[begun:]) == 0
    await desk.engine.handle(SetLane(ROUTE.name, LANE, paused=False))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert set(desk.way.taken.values()) == {1}


async def test_nothing_begins_on_a_session_that_opens_after_the_pause(desk: Desk) -> None:
    way = desk.outlets.way = desk.way = SlowlyOpened()
    draft = desk.write(people(20))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: way.opened == 2)
    await desk.engine.handle(Pause(campaign))
    way.door.set()
    await desk.until(lambda: desk.engine.moves.runs[campaign].in_flight == 0)
    await desk.engine.shop.committer.flush()
    assert way.begun == []
    assert desk.states(campaign) == {"pending": 20}
    await desk.engine.handle(Resume(campaign))
    await desk.until_state(campaign, CampaignState.FINISHED)
    assert set(way.taken.values()) == {1}


async def test_who_is_taken_back_in_a_cancelled_campaign_is_cancelled(desk: Desk) -> None:
    way = desk.outlets.way = desk.way = SlowlyOpened()
    draft = desk.write(people(20))
    await desk.open_lanes(LANE)
    campaign = await desk.send(draft)
    await desk.until(lambda: way.opened == 2)
    await desk.engine.handle(Cancel(campaign))
    way.door.set()
    await desk.until(lambda: desk.states(campaign) == {"cancelled": 20})
    assert way.begun == []


async def test_nobody_in_flight_waits_for_a_session(timed_desk: Desk) -> None:
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    way = timed_desk.outlets.way = OneEach()
    draft = timed_desk.write(people(40), route=DIRECT)
    await timed_desk.engine.handle(SetLane(DIRECT.name, LANE, paused=True))
    campaign = await timed_desk.send(draft)
    lane = timed_desk.engine.lines.of_route(DIRECT.name)[0].lane(LANE)
    lane.governor.limit(LaneLimits(rate=100.0, connections=4, connects_per_minute=3), clock.monotonic())
    await timed_desk.engine.handle(SetLane(DIRECT.name, LANE, paused=False))
    for number in (3, 6):
        await timed_desk.turn_until(lambda number=number: way.opened == number, 0.5)  # type: ignore[misc]
        await timed_desk.turn_until(lambda: timed_desk.states(campaign)["in_flight"] == 0, 0.1)
        assert timed_desk.states(campaign)["accepted"] == way.opened == number
        assert lane.governor.wait_to_connect(clock.monotonic()) > 40
        assert lane.governor.reason is LaneReason.CONNECT_LIMIT
        assert {row.attempts for row in timed_desk.ledger(campaign)} == {0, 1}


async def test_who_waits_for_a_session_takes_one_that_is_free_before(timed_desk: Desk) -> None:
    """One session is all that may be opened this minute, and it carries everything."""
    clock, way = timed_desk.clock, timed_desk.way
    assert isinstance(clock, FakeClock)
    draft = timed_desk.write(people(15), route=DIRECT)
    await timed_desk.engine.handle(SetLane(DIRECT.name, LANE, paused=True))
    campaign = await timed_desk.send(draft)
    lane = timed_desk.engine.lines.of_route(DIRECT.name)[0].lane(LANE)
    lane.governor.limit(LaneLimits(rate=100.0, connections=4, connects_per_minute=1), clock.monotonic())
    way.seconds = 0.001
    began = clock.monotonic()
    await timed_desk.engine.handle(SetLane(DIRECT.name, LANE, paused=False))
    await timed_desk.turn_until(lambda: timed_desk.states(campaign) == {"accepted": 15}, 0.2)
    assert (way.opened, clock.monotonic() - began < 50) == (1, True)
