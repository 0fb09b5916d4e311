"""What the engine does when the network goes, comes back or becomes another."""

from __future__ import annotations

from dataclasses import replace

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.network import Network, NetworkState
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from tests.fakes.clock import FakeClock
from tests.unit.engine.desk import DIRECT, HOME, ROUTE, Desk

LANE = "lane0.example"
NOWHERE = Network()
CAFE = Network("10.0.0.7", "", frozenset({"10.0.0.7"}), ("10.0.0.1",))
UNREACHABLE = Exchange(Stage.CONNECT, failure=Failure.UNREACHABLE, detail="Network is unreachable")
REFUSED = Exchange(Stage.CONNECT, failure=Failure.REFUSED)


def people(number: int) -> list[str]:
    return [f"p{n}@{LANE}" for n in range(number)]


async def begun(desk: Desk, number: int = 60) -> int:
    """A campaign of which a little went out."""
    draft = desk.write(people(number))
    await desk.engine.handle(SetLane(ROUTE.name, LANE, rate=2.0, connections=2))
    campaign = await desk.send(draft)
    await desk.turn_until(lambda: desk.way.taken.total() >= 5, 0.1)
    return campaign


async def test_without_a_network_nobody_is_blamed_and_nothing_is_tried(timed_desk: Desk) -> None:
    campaign = await begun(timed_desk)
    timed_desk.seen, timed_desk.way.refusal = NOWHERE, UNREACHABLE
    for egress in timed_desk.engine.lines.all()[0].egresses:
        egress.pool.drop(NOWHERE)
    await timed_desk.turn_until(lambda: timed_desk.states(campaign)["deferred"] > 0, 0.01)
    await timed_desk.turn_until(lambda: not timed_desk.engine.moves.runs[campaign].in_flight, 0.01)
    opened = timed_desk.way.opened
    clock = timed_desk.clock
    assert isinstance(clock, FakeClock)
    await clock.advance(200.0)
    assert timed_desk.way.opened == opened
    (lane,) = (await timed_desk.progress(campaign)).lanes
    assert (lane.state, lane.reason) == (LaneState.SUSPENDED, LaneReason.NO_NETWORK)
    assert (await timed_desk.engine.reporter.progress()).network is NetworkState.GONE

    timed_desk.seen, timed_desk.way.refusal = HOME, None
    await timed_desk.turn_until(
        lambda: timed_desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.5
    )
    assert timed_desk.states(campaign) == {"accepted": 60}
    assert set(timed_desk.way.taken.values()) == {1}
    (account,) = timed_desk.engine.lines.all()[0].egresses
    assert account.governor is not None
    assert not account.governor.slowed


async def test_a_new_network_that_lets_nothing_through_is_tried_every_minute(timed_desk: Desk) -> None:
    campaign = await begun(timed_desk)
    timed_desk.seen, timed_desk.way.refusal = CAFE, REFUSED
    uplink = timed_desk.engine.shop.uplink
    await timed_desk.turn_until(lambda: uplink.state is NetworkState.UNPROVEN, 0.5)
    assert timed_desk.engine.moves.runs[campaign].state is CampaignState.SENDING
    timed_desk.way.refusal = None
    await timed_desk.turn_until(
        lambda: timed_desk.engine.moves.runs[campaign].state is CampaignState.FINISHED, 1.0
    )
    assert timed_desk.states(campaign) == {"accepted": 60}
    assert uplink.state in (NetworkState.CHANGED, NetworkState.STEADY)


async def test_names_and_sessions_of_the_old_network_are_given_up(timed_desk: Desk) -> None:
    await begun(timed_desk)
    line = timed_desk.engine.lines.all()[0]
    pool, opened = line.egresses[0].pool, len(timed_desk.outlets.opened)
    timed_desk.seen = replace(HOME, nameservers=("192.168.1.2",))
    await timed_desk.turn_until(lambda: len(timed_desk.outlets.opened) > opened, 0.5)
    await timed_desk.turn_until(lambda: timed_desk.outlets.forgotten == 1, 0.1)
    assert line.egresses[0].pool is not pool


async def test_a_direct_lane_begins_with_care_at_another_address(timed_desk: Desk) -> None:
    lane, line = await direct_lane(timed_desk)
    before = lane.governor.pace_allowed
    assert before is not None
    timed_desk.seen = replace(HOME, nameservers=("192.168.1.2",))
    await timed_desk.turn_until(lambda: timed_desk.outlets.forgotten == 1, 0.5)
    assert lane.governor.pace_allowed == before, "the address is the same"
    timed_desk.seen = CAFE
    await timed_desk.turn_until(lambda: timed_desk.outlets.forgotten == 2, 0.5)
    lane.governor.wait(line.clock.monotonic())
    assert lane.reason is LaneReason.RETURNING
    assert (lane.governor.pace_allowed or before) < before
    assert lane.memory().egress == CAFE.egress


async def test_so_it_does_in_the_next_engine_elsewhere(timed_desk: Desk) -> None:
    lane, _ = await direct_lane(timed_desk)
    before = lane.governor.pace_allowed
    assert before is not None
    lane.unsaved = True
    await timed_desk.engine.lines.save(everything=True)
    await timed_desk.restart()
    again, _ = await direct_lane(timed_desk, write=False)
    assert again.reason is not LaneReason.RETURNING, "nothing has changed"
    timed_desk.seen = CAFE
    await timed_desk.restart()
    there, _ = await direct_lane(timed_desk, write=False)
    assert there.reason is LaneReason.RETURNING


async def direct_lane(desk: Desk, *, write: bool = True) -> tuple[Lane, Line]:
    """A lane towards the recipients' own server."""
    if write:
        await desk.send(desk.write([f"p{n}@docomo.ne.jp" for n in range(2)], route=DIRECT))
    await desk.turn_until(lambda: bool(desk.engine.lines.of_route(DIRECT.name)), 0.05)
    (line,) = desk.engine.lines.of_route(DIRECT.name)
    return line.lane("docomo"), line
