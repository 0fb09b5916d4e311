"""A warm-up at work: shared by all campaigns, held by bad signs, kept over restarts, known people first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.brake import BrakeCause
from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Complain, CountElsewhere, ReloadSettings, SetLane
from desktop_relay.domain.exchange import Stage
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.lane_memory import ACCOUNT
from desktop_relay.domain.route import Member, Route, RouteKind
from desktop_relay.domain.warmup import Warmup, WarmupMemory, WarmupStanding
from desktop_relay.policy.warmup import stand
from desktop_relay.store.database import open_library, open_spool
from desktop_relay.store.drafts import load_draft, update_draft
from desktop_relay.store.lane_standing import load_lane_memory
from desktop_relay.store.settings import save_setting
from tests.fakes.clock import FakeClock
from tests.fakes.transport import ACCEPTED, NamedOutlets, RecordingWay, refused
from tests.unit.engine.desk import Desk

PLAN = Warmup(10, 40, 5)  # 10, 14, 20, 28, 40
COLD = Route("cold", RouteKind.SMARTHOST, "cold.example", max_connections=4, warmup=PLAN)
OLD = Route("old", RouteKind.SMARTHOST, "old.example", max_connections=4)
LINE = Route("line", RouteKind.DIRECT, warmup=PLAN)
ROUND = Route("round", RouteKind.DIRECT, fallback="old", warmup=PLAN)
POOL = Route("pool", RouteKind.POOL, members=(Member("cold"), Member("old")))
LANE = "lane.example"
MORNING = datetime(2026, 1, 15, 6, 0).astimezone(UTC)
BLOCK = refused(554, "5.7.1 blocked using a block list", Stage.RCPT)
LOST = refused(550, "5.1.1 user unknown", Stage.RCPT)
MONTH = 30 * 86400.0


class WarmDesk(Desk):
    """A desk whose routes have ways of their own."""

    def __post_init__(self) -> None:
        self.outlets: NamedOutlets = NamedOutlets(COLD, OLD, LINE, ROUND, POOL)  # type: ignore[assignment]

    def way_of(self, name: str) -> RecordingWay:
        """The way of a route."""
        return self.outlets.ways[name]

    def taken(self, name: str) -> int:
        """How many it took."""
        return sum(self.way_of(name).taken.values())

    async def begin(self, people: list[str], route: Route = COLD) -> int:
        """Send to them, in a lane without a noticeable pace."""
        draft = self.write(people, route=route)
        with open_library(self.directory) as library:
            save_setting(library, "engine.expire", MONTH)
        for name in {route.name, "cold"}:
            await self.engine.handle(SetLane(name, LANE, rate=100_000.0, connections=20))
        return await self.send(draft)

    async def pass_minutes(self, minutes: float) -> None:
        """So much time goes by, and what is due is done."""
        assert isinstance(self.clock, FakeClock)
        for _ in range(round(minutes * 60)):
            await self.clock.advance(1.0)
            await self.engine.shop.writer.call(lambda: None)

    async def until_taken(self, name: str, number: int) -> None:
        """The way has taken so many; then some more time passes for what must not come."""
        await self.turn_until(lambda: self.taken(name) >= number, 0.2)
        await self.pass_minutes(0.5)
        assert self.taken(name) == number

    async def tomorrow(self) -> None:
        """The engine ends, and another one begins on the next morning."""
        await self.engine.stop(drain=True)
        day = self.clock.now().astimezone().date() + timedelta(days=1)
        self.clock = FakeClock(datetime(day.year, day.month, day.day, 6, 0).astimezone(UTC))
        await self.start()

    def kept(self, name: str = "cold") -> WarmupMemory:
        """As another process would read it; what was learned is kept every five seconds."""
        with open_spool(self.directory) as spool:
            memory = load_lane_memory(spool, name)[ACCOUNT].warmup
        assert memory is not None
        return memory

    def standing(self, name: str = "cold") -> WarmupStanding:
        """The same on this day."""
        return stand(self.kept(name), self.clock.now().astimezone().date())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[WarmDesk]:
    found = WarmDesk(tmp_path / "data", clock=FakeClock(MORNING))
    await found.start()
    yield found
    await found.engine.stop(drain=False)


def people(number: int, name: str = "p") -> list[str]:
    return [f"{name}{place}@{LANE}" for place in range(number)]


def is_over(desk: WarmDesk, campaign: int) -> Callable[[], bool]:
    return lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED


@pytest.mark.parametrize("route", [COLD, LINE], ids=["account", "direct"])
async def test_days_grow_and_a_restart_sends_no_more(desk: WarmDesk, route: Route) -> None:
    name = route.name
    campaign = await desk.begin(people(60), route)
    await desk.until_taken(name, 10)
    (lane,) = (await desk.progress(campaign)).lanes
    assert (lane.state, lane.reason) == (LaneState.SUSPENDED, LaneReason.WARMING_UP)
    assert lane.until is not None
    assert lane.until.astimezone().strftime("%H:%M") == "00:00"
    assert lane.eta is not None
    assert lane.eta.astimezone().date() == date(2026, 1, 18), "10, 14, 20, and 16 of 28"
    assert lane.eta_limit is LaneReason.WARMING_UP
    await desk.restart()
    await desk.pass_minutes(1)
    assert desk.taken(name) == 10
    assert desk.standing(name).step == 1
    for total in (24, 44):
        await desk.tomorrow()
        await desk.until_taken(name, total)
        await desk.restart()
        await desk.pass_minutes(0.5)
        assert desk.taken(name) == total
    await desk.tomorrow()
    await desk.turn_until(is_over(desk, campaign), 0.5)
    assert desk.taken(name) == 60


async def test_a_day_begins_at_midnight(tmp_path: Path) -> None:
    late = datetime(2026, 1, 15, 23, 58).astimezone(UTC)
    desk = WarmDesk(tmp_path / "data", clock=FakeClock(late))
    await desk.start()
    await desk.begin(people(60))
    await desk.until_taken("cold", 10)
    await desk.until_taken("cold", 24)
    assert desk.clock.now().astimezone().date() == date(2026, 1, 16)
    await desk.engine.stop(drain=False)


async def test_all_campaigns_share_the_day(desk: WarmDesk) -> None:
    await desk.begin(people(8, "a"))
    await desk.begin(people(8, "b"))
    await desk.until_taken("cold", 10)


async def test_what_does_not_fit_goes_over_the_other_account(desk: WarmDesk) -> None:
    campaign = await desk.begin(people(40), POOL)
    await desk.turn_until(is_over(desk, campaign), 0.2)
    assert (desk.taken("cold"), desk.taken("old")) == (10, 30)


async def test_what_does_not_fit_over_a_line_goes_over_its_fallback(desk: WarmDesk) -> None:
    await desk.engine.handle(SetLane("old", LANE, rate=100_000.0, connections=20))
    campaign = await desk.begin(people(40), ROUND)
    await desk.turn_until(is_over(desk, campaign), 1.0)
    assert (desk.taken("round"), desk.taken("old")) == (10, 30)


async def test_a_block_holds_the_next_day_over_a_restart(desk: WarmDesk) -> None:
    """Whatever happens to the engine, a bad sign is not lost: it is kept with the reply that was one."""
    left = [BLOCK]
    desk.way_of("cold").answer = lambda _: left.pop() if left else ACCEPTED
    campaign = await desk.begin(people(60))
    await desk.turn_until(lambda: not left and desk.states(campaign)["in_flight"] == 0, 0.2)
    await desk.restart()
    found = desk.standing().found
    assert found is not None
    assert found.cause is BrakeCause.BLOCKS
    before = desk.taken("cold")
    await desk.tomorrow()
    await desk.until_taken("cold", before + 10)
    standing = desk.standing()
    assert (standing.step, standing.found) == (1, None)
    assert standing.held_by == found
    await desk.tomorrow()
    await desk.until_taken("cold", before + 24)


async def test_a_brake_holds_it(desk: WarmDesk) -> None:
    """A lane that stops says more than the account's day as a whole."""
    desk.outlets.routes["cold"] = replace(COLD, warmup=Warmup(1000, 4000, 5))
    desk.way_of("cold").answer = lambda m: LOST if m.envelope.recipient.startswith("x") else ACCEPTED
    good = await desk.begin(people(600, "a"))
    await desk.turn_until(is_over(desk, good), 0.2)
    assert desk.standing().found is None
    campaign = await desk.begin([*people(40, "b"), *people(8, "x"), *people(40, "c")])
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].brake(LANE).stopped is not None, 0.2)
    await desk.pass_minutes(0.1)
    await desk.restart()
    found = desk.standing().found
    assert found is not None
    assert found.cause is BrakeCause.UNKNOWN_USERS


async def test_a_lane_that_stops_after_its_canary_holds_it(desk: WarmDesk) -> None:
    """Four of thirty are too many for the lane, though not for all that the account sent today."""
    desk.outlets.routes["cold"] = replace(COLD, warmup=Warmup(1000, 4000, 5))
    good = await desk.begin(people(600, "a"))
    await desk.turn_until(is_over(desk, good), 0.2)
    desk.way_of("cold").answer = lambda m: LOST if m.envelope.recipient.startswith("x") else ACCEPTED
    draft = desk.write([*people(4, "x"), *people(200, "b")], route=COLD)
    with open_library(desk.directory) as library:
        found = load_draft(library, draft)
        assert found is not None
        update_draft(library, replace(found, canary_minutes=1.0))
    campaign = await desk.send(draft)
    await desk.turn_until(lambda: desk.engine.moves.runs[campaign].brake(LANE).stopped is not None, 1.0)
    await desk.pass_minutes(0.1)
    await desk.restart()
    held = desk.standing().found
    assert held is not None
    assert held.cause is BrakeCause.UNKNOWN_USERS


async def test_complaints_hold_it(desk: WarmDesk) -> None:
    desk.outlets.routes["cold"] = replace(COLD, warmup=Warmup(200, 800, 5))
    campaign = await desk.begin(people(150))
    await desk.turn_until(lambda: desk.states(campaign)["accepted"] == 150, 0.2)
    for row in desk.ledger(campaign)[:3]:
        await desk.engine.handle(Complain(row.recipient))
    await desk.pass_minutes(0.2)
    found = desk.standing().found
    assert found is not None
    assert found.cause is BrakeCause.COMPLAINTS


async def test_so_do_complaints_of_a_campaign_that_is_over_in_the_next_engine(desk: WarmDesk) -> None:
    desk.outlets.routes["cold"] = replace(COLD, warmup=Warmup(200, 800, 5))
    campaign = await desk.begin(people(150))
    await desk.turn_until(is_over(desk, campaign), 0.2)
    reported = desk.ledger(campaign)[:3]
    await desk.turn_until(lambda: desk.kept().sent == 150, 1.0)
    await desk.restart()
    for row in reported:
        await desk.engine.handle(Complain(row.recipient))
    await desk.restart()
    found = desk.standing().found
    assert found is not None
    assert found.cause is BrakeCause.COMPLAINTS


async def test_taken_away_and_put_back_it_goes_on_where_it_was(desk: WarmDesk) -> None:
    await desk.begin(people(100))
    await desk.until_taken("cold", 10)
    await desk.tomorrow()
    await desk.until_taken("cold", 24)
    desk.outlets.routes["cold"] = replace(COLD, warmup=None, daily_quota=15)
    await desk.engine.handle(ReloadSettings())
    await desk.until_taken("cold", 25)
    await desk.restart()
    desk.outlets.routes["cold"] = COLD
    await desk.engine.handle(ReloadSettings())
    await desk.pass_minutes(0.5)
    assert desk.standing().step == 2
    assert desk.taken("cold") == 25
    await desk.tomorrow()
    await desk.until_taken("cold", 45)


async def test_what_other_programs_sent_counts_for_that_day(desk: WarmDesk) -> None:
    await desk.engine.handle(CountElsewhere("cold", 7))
    await desk.restart()
    await desk.begin(people(60))
    await desk.until_taken("cold", 3)
    await desk.engine.handle(CountElsewhere("cold", 5))
    await desk.until_taken("cold", 5)
    await desk.tomorrow()
    await desk.until_taken("cold", 19)


async def test_known_people_go_first_then_who_agreed_lately(desk: WarmDesk) -> None:
    known, lately = people(4, "known"), people(3, "lately")
    first = await desk.begin(known, OLD)
    await desk.turn_until(is_over(desk, first), 0.5)
    draft = desk.write(
        [*people(20), *lately], fields={"name": "鈴木", "consent_at": "2025-01-01"}, route=COLD
    )
    with open_library(desk.directory) as library:
        library.execute("UPDATE contacts SET consent_at = '2026-01-10' WHERE key LIKE 'lately%'")
        library.execute(
            "INSERT INTO list_members SELECT (SELECT max(id) FROM lists), id FROM contacts "
            "WHERE key LIKE 'known%'"
        )
    await desk.engine.handle(SetLane("cold", LANE, rate=100_000.0, connections=20))
    campaign = await desk.send(draft)
    await desk.until_taken("cold", 10)
    accepted = {row.address for row in desk.ledger(campaign) if row.state.value == "accepted"}
    assert accepted >= {*known, *lately}
    waiting = [row for row in desk.ledger(campaign) if row.state.value == "pending"]
    assert len(waiting) == 17
    assert all(row.next_attempt is None for row in waiting)
