"""Lanes that go over the fallback come back by themselves, with care, and no mail is lost or sent twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.command import Pause, Resume, SetLane
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.engine.detours import MOVE_SECONDS
from desktop_relay.policy.port25 import BLOCKED_SECONDS
from tests.fakes.clock import FakeClock
from tests.fakes.transport import ACCEPTED, RecordingWay, refused
from tests.unit.engine.test_pool import BEFORE_MIDNIGHT, DIRECT, PoolDesk, finished, send

LANE = "lane0.example"


class Line25(RecordingWay):
    """Port 25 gets through while ``passes`` is true."""

    def __init__(self) -> None:
        super().__init__()
        self.passes = False
        self.tried: list[str] = []

    async def open(self, domain: str, tls_required: bool = False) -> object:  # type: ignore[override]
        self.tried.append(domain)
        if not self.passes:
            return Exchange(Stage.CONNECT, failure=Failure.TIMEOUT, host=f"mx.{domain}:25")
        return await super().open(domain, tls_required)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PoolDesk]:
    found = PoolDesk(tmp_path / "data", clock=FakeClock(BEFORE_MIDNIGHT))
    await found.start()
    yield found
    await found.engine.stop(drain=False)


async def slow(desk: PoolDesk, rate: float, lanes: int = 3) -> None:
    """So slow that most of the mail is left when something happens."""
    for n in range(lanes):
        for route in ("D", "A"):
            await desk.engine.handle(SetLane(route, f"lane{n}.example", rate=rate))


def blocked(message: Outgoing) -> Exchange:
    return refused(554, "blocked using zen.spamhaus.example", Stage.MAIL)


async def test_a_suspended_lane_comes_back_when_its_suspension_ends(desk: PoolDesk) -> None:
    way, clock = desk.way_of("D"), desk.clock
    way.answer = blocked
    campaign = await send(desk, DIRECT, [f"p{n}@{LANE}" for n in range(300)])
    await slow(desk, 0.02, 1)
    await desk.turn_until(lambda: sum(desk.way_of("A").taken.values()) >= 3, 10)
    (lane,) = (lane for line in desk.engine.lines.of_route("D") for lane in line.lanes.values())
    left = lane.governor.suspended_for(clock.monotonic())
    assert left > MOVE_SECONDS
    way.answer = lambda _: ACCEPTED
    begun = len(way.begun)
    await clock.advance(left - 5)  # type: ignore[attr-defined]
    assert len(way.begun) == begun, "not before its time"
    await clock.advance(60)  # type: ignore[attr-defined]
    over_fallback = sum(desk.way_of("A").taken.values())
    assert lane.governor.is_returning, "gradually"
    await desk.turn_until(lambda: len(way.begun) >= begun + 3, 60)
    await slow(desk, 1000.0, 1)
    await desk.turn_until(finished(desk, campaign), 60)
    assert sum(desk.way_of("A").taken.values()) <= over_fallback + 1
    assert desk.states(campaign) == {"accepted": 300}
    assert desk.taken() == dict.fromkeys(desk.taken(), 1)


async def test_one_lane_finds_out_that_port_25_is_open_and_the_others_follow(desk: PoolDesk) -> None:
    way = desk.outlets.ways["D"] = Line25()
    campaign = await send(desk, DIRECT, [f"p{n}@lane{n % 3}.example" for n in range(600)])
    await desk.turn_until(lambda: sum(desk.way_of("A").taken.values()) >= 3, 1)
    await slow(desk, 0.01)
    await desk.clock.advance(30)  # type: ignore[attr-defined]
    tried = len(way.tried)
    await desk.clock.advance(BLOCKED_SECONDS - 120)  # type: ignore[attr-defined]
    assert len(way.tried) == tried, "nobody tries meanwhile"
    await desk.turn_until(lambda: len(way.tried) > tried, 10)
    await desk.clock.advance(60)  # type: ignore[attr-defined]
    assert len(way.tried) <= tried + 1, "one connection is enough to know that it is still blocked"
    way.passes = True
    await desk.turn_until(lambda: len(set(way.begun)) >= 9, 60)
    streams = desk.engine.moves.runs[campaign].streams.values()
    assert not any(stream.is_away for stream in streams)
    await slow(desk, 1000.0)
    await desk.turn_until(finished(desk, campaign), 60)
    assert desk.states(campaign) == {"accepted": 600}
    assert desk.taken() == dict.fromkeys(desk.taken(), 1)


async def test_a_lane_that_rests_when_port_25_is_blocked_moves_too(desk: PoolDesk) -> None:
    """Nobody of it was at work when the block was seen."""
    way = desk.way_of("D")
    way.answer = lambda _: refused(450, "4.2.0 greylisted", Stage.RCPT)
    campaign = await send(desk, DIRECT, [f"p@{LANE}"])
    await desk.turn_until(lambda: desk.states(campaign)["deferred"] == 1, 0.5)
    (line,) = desk.engine.lines.of_route("D")
    watch = line.egresses[0].port25
    assert watch is not None
    answered, silent = (
        [Exchange(stage, failure=Failure.TIMEOUT, host=f"mx.other{n}.example:25") for n in range(3)]
        for stage in (Stage.BANNER, Stage.CONNECT)
    )
    for exchange in (*answered, *silent):
        watch.learn(exchange, line.clock.monotonic())
    await desk.turn_until(finished(desk, campaign), 30)
    assert desk.share("A", "D") == [1, 0]


async def test_what_a_user_sets_on_the_own_line_holds_on_the_detour(desk: PoolDesk) -> None:
    desk.outlets.ways["D"] = Line25()
    campaign = await send(desk, DIRECT, [f"p{n}@lane{n % 3}.example" for n in range(600)])
    await slow(desk, 0.01)
    run = desk.engine.moves.runs[campaign]
    await desk.turn_until(lambda: all(stream.is_away for stream in run.streams.values()), 1)
    await desk.engine.handle(SetLane("A", LANE, rate=1000.0))
    stream = run.streams[LANE]
    assert stream.lane.governor.pace_allowed == 0.01, "the lower of both"
    await desk.engine.handle(SetLane("D", LANE, paused=True))
    assert not stream.is_open(desk.clock.now())
    before = [address for address in desk.way_of("A").begun if LANE in address]
    await desk.clock.advance(300)  # type: ignore[attr-defined]
    assert [address for address in desk.way_of("A").begun if LANE in address] == before
    await desk.engine.handle(SetLane("D", LANE, paused=False, rate=1000.0))
    await desk.turn_until(lambda: sum(LANE in address for address in desk.way_of("A").begun) >= 100, 0.2)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 900)), min_size=1, max_size=4))
async def test_there_and_back_loses_and_repeats_nobody(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[bool, bool, int]]
) -> None:
    desk = PoolDesk(tmp_path_factory.mktemp("walk") / "data", clock=FakeClock(BEFORE_MIDNIGHT))
    await desk.start()
    try:
        way = desk.outlets.ways["D"] = Line25()
        campaign = await send(desk, DIRECT, [f"p{n}@lane{n % 3}.example" for n in range(90)])
        await slow(desk, 0.007)  # an hour of turns is not enough for all
        for passes, is_blocked, seconds in turns:
            way.passes = passes
            way.answer = blocked if is_blocked else lambda _: ACCEPTED
            await desk.clock.advance(seconds)  # type: ignore[attr-defined]
            await desk.engine.handle(Pause(campaign))
            await desk.engine.handle(Resume(campaign))
        way.passes, way.answer = True, lambda _: ACCEPTED
        await slow(desk, 1000.0)
        await desk.turn_until(finished(desk, campaign), 60)
        assert desk.states(campaign) == {"accepted": 90}
        assert desk.taken() == dict.fromkeys(desk.taken(), 1)
    finally:
        await desk.engine.stop(drain=False)
