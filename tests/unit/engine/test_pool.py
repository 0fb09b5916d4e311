"""Pools, quotas and fallbacks: spread by weight, around what is down, never twice, and within the quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import ReloadSettings, Resume, RetryNow, SendTest, SetLane
from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.reply import Reply
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule
from desktop_relay.engine.clock import SystemClock
from tests.fakes.clock import FakeClock
from tests.fakes.transport import ACCEPTED, NamedOutlets, RecordingWay, refused
from tests.unit.engine.desk import Desk

A = Route("A", RouteKind.SMARTHOST, "a.example", max_connections=4)
B = Route("B", RouteKind.SMARTHOST, "b.example", max_connections=4)
POOL = Route("P", RouteKind.POOL, members=(Member("A", 2), Member("B", 1)))
DIRECT = Route("D", RouteKind.DIRECT, fallback="A")
PEOPLE = [f"p{n}@lane{n % 3}.example" for n in range(60)]
BEFORE_MIDNIGHT = datetime(2026, 1, 15, 23, 50).astimezone(UTC)
REFUSED = Exchange(Stage.CONNECT, failure=Failure.REFUSED, host="a.example:587")


class PoolDesk(Desk):
    """A desk whose routes have ways of their own."""

    def __post_init__(self) -> None:
        self.outlets: NamedOutlets = NamedOutlets(A, B, POOL, DIRECT)  # type: ignore[assignment]

    def way_of(self, name: str) -> RecordingWay:
        """The way of a route."""
        return self.outlets.ways[name]

    def change(self, route: Route) -> None:
        """The route is otherwise from now on; the engine hears of it by ``ReloadSettings``."""
        self.outlets.routes[route.name] = route

    def taken(self) -> Counter[str]:
        """How often each message was taken, over all ways."""
        return sum((way.taken for way in self.outlets.ways.values()), Counter[str]())

    def share(self, *names: str) -> list[int]:
        """How many each way took."""
        return [sum(self.way_of(name).taken.values()) for name in names]


async def _run(tmp_path: Path, clock: Clock) -> AsyncIterator[PoolDesk]:
    found = PoolDesk(tmp_path / "data", clock=clock)
    await found.start()
    yield found
    await found.engine.stop(drain=False)


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[PoolDesk]:
    async for found in _run(tmp_path, SystemClock()):
        yield found


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[PoolDesk]:
    async for found in _run(tmp_path, FakeClock(BEFORE_MIDNIGHT)):
        yield found


async def send(desk: PoolDesk, route: Route, people: list[str] | None = None) -> int:
    people = PEOPLE if people is None else people
    draft = desk.write(people, route=route)
    lanes = {address.partition("@")[2] for address in people}
    for name in (route.name, "A"):
        await desk.open_lanes(*lanes, route=name)
    return await desk.send(draft)


def finished(desk: PoolDesk, campaign: int) -> Callable[[], bool]:
    return lambda: desk.engine.moves.runs[campaign].state is CampaignState.FINISHED


async def test_mail_is_spread_by_weight(pool: PoolDesk) -> None:
    campaign = await send(pool, POOL)
    await pool.until_state(campaign, CampaignState.FINISHED)
    assert pool.states(campaign) == {"accepted": 60}
    assert pool.taken() == dict.fromkeys(pool.taken(), 1)
    a, b = pool.share("A", "B")
    assert (a + b, 30 <= a <= 50) == (60, True)


@pytest.mark.parametrize(
    "trouble",
    [
        REFUSED,
        Exchange(Stage.AUTH, Reply(535, ("no",))),
        Exchange(Stage.BANNER, Reply(421, ("busy",))),
        Exchange(Stage.RESOLVE, failure=Failure.DNS_TEMPORARY),
    ],
)
async def test_what_is_down_is_gone_around(timed: PoolDesk, trouble: Exchange) -> None:
    timed.way_of("A").refusal = trouble
    campaign = await send(timed, POOL)
    await timed.turn_until(finished(timed, campaign), 0.5)
    assert timed.states(campaign) == {"accepted": 60}
    assert timed.share("A", "B") == [0, 60]
    assert timed.taken() == dict.fromkeys(timed.taken(), 1)


async def test_mail_that_is_put_off_by_one_goes_over_the_other(timed: PoolDesk) -> None:
    timed.way_of("A").answer = lambda _: refused(450, "later", Stage.MAIL)
    campaign = await send(timed, POOL)
    await timed.turn_until(finished(timed, campaign), 0.5)
    assert timed.share("A", "B") == [0, 60]
    assert {row.attempts for row in timed.ledger(campaign)} <= {1, 2}


async def test_what_may_have_been_taken_is_never_sent_over_another(timed: PoolDesk) -> None:
    timed.way_of("A").answer = lambda _: Exchange(Stage.DOT, failure=Failure.RESET)
    campaign = await send(timed, POOL)
    await timed.turn_until(finished(timed, campaign), 0.5)
    states = timed.states(campaign)
    assert states["unknown"] == len(timed.way_of("A").begun) > 0
    assert states["unknown"] + states["accepted"] == 60
    assert not set(timed.way_of("A").begun) & set(timed.way_of("B").begun)


async def test_an_account_comes_back_when_it_has_rested(timed: PoolDesk) -> None:
    down = [True]

    def answer(_: Outgoing) -> Exchange:
        return refused(421, "busy", Stage.MAIL) if down[0] else ACCEPTED

    timed.way_of("A").answer = answer
    timed.way_of("B").seconds = 0.01
    first = await send(timed, POOL)
    await timed.turn_until(finished(timed, first), 0.5)
    down[0] = False
    await timed.clock.advance(3600)  # type: ignore[attr-defined]
    second = await send(timed, POOL, [f"q{n}@lane0.example" for n in range(30)])
    await timed.turn_until(finished(timed, second), 0.5)
    assert sum(timed.way_of("A").taken.values()) > 0


async def test_when_all_are_down_the_campaign_waits_and_says_so(timed: PoolDesk) -> None:
    for name in ("A", "B"):
        timed.way_of(name).refusal = REFUSED
    campaign = await send(timed, POOL)
    begun = [0]

    def rests() -> bool:
        begun[0] = timed.way_of("A").opened + timed.way_of("B").opened
        return begun[0] >= 2 and timed.engine.moves.runs[campaign].in_flight == 0

    await timed.turn_until(rests, 0.2)
    lanes = (await timed.progress(campaign)).lanes
    assert {lane.reason for lane in lanes} <= {LaneReason.ACCOUNTS_RESTING, LaneReason.WAITING_FOR_RETRY}
    for name in ("A", "B"):
        timed.way_of(name).refusal = None
    await timed.turn_until(finished(timed, campaign), 60)
    assert timed.states(campaign) == {"accepted": 60}


@pytest.mark.parametrize("end", ["crash", "stop"])
async def test_a_restart_is_no_reason_to_knock_again(timed: PoolDesk, end: str) -> None:
    timed.way_of("A").refusal = Exchange(Stage.AUTH, Reply(535, ("no",)))
    campaign = await send(timed, POOL, [f"p{n}@lane{n % 3}.example" for n in range(600)])
    for n in range(3):
        await timed.engine.handle(SetLane("P", f"lane{n}.example", rate=0.5))
    knocks = timed.way_of("A")
    await timed.turn_until(lambda: knocks.opened >= 4 and timed.engine.lines.all() != [], 1)
    await timed.turn_until(lambda: timed.states(campaign)["in_flight"] == 0, 0.05)
    (account,) = (e for line in timed.engine.lines.of_route("P") for e in line.egresses if e.name == "A")
    at = timed.clock.monotonic()
    strikes, rest = account.health.strikes, account.health.rest(at)
    assert (strikes >= 3, rest > 30) == (True, True)
    opened = knocks.opened
    for _ in range(3):
        await (timed.crash() if end == "crash" else timed.engine.stop(drain=False))
        await timed.start()
        await timed.clock.advance(5)  # type: ignore[attr-defined]
    assert knocks.opened == opened
    await timed.clock.advance(rest - 20)  # type: ignore[attr-defined]
    assert knocks.opened == opened
    await timed.turn_until(lambda: knocks.opened > opened, 1)
    (account,) = (e for line in timed.engine.lines.of_route("P") for e in line.egresses if e.name == "A")
    await timed.turn_until(lambda: account.health.strikes > strikes, 0.2)


async def test_opening_a_route_over_an_account_does_not_end_its_rest(timed: PoolDesk) -> None:
    timed.way_of("A").refusal = REFUSED
    campaign = await send(timed, POOL)
    await timed.turn_until(finished(timed, campaign), 0.5)
    (account,) = (e for line in timed.engine.lines.of_route("P") for e in line.egresses if e.name == "A")
    before = account.health.strikes
    assert before > 0
    await send(timed, A, ["q@lane0.example"])
    assert account.health.strikes == before
    await timed.engine.handle(ReloadSettings())
    assert account.health.strikes == 0, "but whatever a person changes does"


async def test_a_wrong_password_everywhere_is_for_a_person(timed: PoolDesk) -> None:
    for name in ("A", "B"):
        timed.way_of(name).refusal = Exchange(Stage.AUTH, Reply(535, ("no",)))
    campaign = await send(timed, POOL)
    run = timed.engine.moves.runs[campaign]
    await timed.turn_until(lambda: run.state is CampaignState.PAUSED, 0.5)
    assert run.pause_reason is PauseReason.LOGIN_FAILED


async def test_rules_send_a_lane_over_its_account(pool: PoolDesk) -> None:
    rules = (RoutingRule("B", lanes=("lane0.example",)), RoutingRule("A", lanes=("lane1.example",)))
    route = replace(POOL, rules=rules)
    pool.change(route)
    campaign = await send(pool, route)
    await pool.until_state(campaign, CampaignState.FINISHED)
    assert {a for a in pool.way_of("A").begun if "lane0" in a} == set()
    assert {a for a in pool.way_of("B").begun if "lane1" in a} == set()
    assert pool.states(campaign) == {"accepted": 60}


async def test_a_quota_overflows_to_the_next_account(pool: PoolDesk) -> None:
    pool.change(replace(A, daily_quota=7))
    campaign = await send(pool, POOL)
    await pool.until_state(campaign, CampaignState.FINISHED)
    assert pool.share("A", "B") == [7, 53]


async def test_a_quota_ends_the_day_and_tests_count(timed: PoolDesk) -> None:
    limited = replace(A, daily_quota=10)
    timed.change(limited)
    draft = timed.write(PEOPLE[:15], route=limited)
    await timed.open_lanes("lane0.example", "lane1.example", "lane2.example", route="A")
    await timed.engine.handle(SendTest(draft, "me@lane0.example"))
    await timed.turn_until(lambda: timed.share("A") == [1], 0.2)
    campaign = await timed.send(draft)
    await timed.turn_until(lambda: timed.share("A") == [10], 0.2)
    await timed.clock.advance(60)  # type: ignore[attr-defined]
    lanes = [lane for lane in (await timed.progress(campaign)).lanes if lane.counts.open]
    assert {(lane.state, lane.reason) for lane in lanes} == {(LaneState.SUSPENDED, LaneReason.QUOTA_USED)}
    until = lanes[0].until
    assert until is not None
    assert until.astimezone().strftime("%H:%M") == "00:00"
    await timed.restart()
    await timed.clock.advance(60)  # type: ignore[attr-defined]
    assert timed.share("A") == [10], "a restart forgets nothing"
    await timed.turn_until(finished(timed, campaign), 10)
    states = timed.states(campaign)
    assert states["accepted"] + states["unknown"] == 15
    assert timed.taken() == dict.fromkeys(timed.taken(), 1)


async def test_an_account_without_its_password_is_not_what_the_others_wait_for(timed: PoolDesk) -> None:
    """What opens next is the day of the one that is of use, and it is told as the reason."""
    timed.outlets.problems["A"] = PauseReason.PASSWORD_MISSING
    timed.change(replace(B, daily_quota=20))
    campaign = await send(timed, POOL)
    await timed.turn_until(lambda: timed.share("A", "B") == [0, 20], 0.5)
    (lane, *_) = (await timed.progress(campaign)).lanes
    assert (lane.state, lane.reason) == (LaneState.SUSPENDED, LaneReason.QUOTA_USED)
    assert lane.until is not None
    assert lane.until.astimezone().strftime("%H:%M") == "00:00"
    timed.outlets.problems.clear()
    await timed.engine.handle(ReloadSettings())
    await timed.turn_until(finished(timed, campaign), 0.5)
    assert timed.share("A", "B") == [40, 20]


async def test_a_larger_quota_goes_on_at_once(timed: PoolDesk) -> None:
    limited = replace(A, hourly_quota=5)
    timed.change(limited)
    campaign = await send(timed, limited, PEOPLE[:12])
    await timed.turn_until(lambda: timed.share("A") == [5], 0.2)
    await timed.clock.advance(5)  # type: ignore[attr-defined]
    timed.change(replace(A, hourly_quota=50))
    await timed.engine.handle(ReloadSettings())
    await timed.turn_until(finished(timed, campaign), 0.2)
    assert timed.share("A") == [12]


async def test_one_account_behind_two_routes_is_used_once(pool: PoolDesk) -> None:
    pool.change(replace(A, daily_quota=20))
    pool.way_of("A").seconds = 0.005
    one = await send(pool, A, [f"a{n}@lane0.example" for n in range(15)])
    two = await send(pool, POOL, [f"b{n}@lane1.example" for n in range(45)])
    for campaign in (one, two):
        await pool.until_state(campaign, CampaignState.FINISHED)
    a, b = pool.share("A", "B")
    assert (a + b, 15 <= a <= 20) == (60, True)
    assert pool.way_of("A").most_at_once <= 4


def silent(number: int) -> Exchange:
    return Exchange(Stage.CONNECT, failure=Failure.TIMEOUT, host=f"mx.lane{number}.example:25")


class SilentWay(RecordingWay):
    """Port 25 is blocked here."""

    async def open(self, domain: str, tls_required: bool = False) -> Exchange:
        self.opened += 1
        return Exchange(Stage.CONNECT, failure=Failure.TIMEOUT, host=f"mx.{domain}:25")


async def test_a_blocked_port_moves_the_lanes_to_the_fallback(timed: PoolDesk) -> None:
    timed.outlets.ways["D"] = SilentWay()
    campaign = await send(timed, DIRECT)
    await timed.turn_until(finished(timed, campaign), 5)
    assert timed.states(campaign) == {"accepted": 60}
    assert timed.share("A") == [60]
    assert timed.way_of("D").opened < 30


async def test_a_blocked_port_without_a_fallback_is_for_a_person(timed: PoolDesk) -> None:
    lonely = replace(DIRECT, fallback="")
    timed.change(lonely)
    blocked = timed.outlets.ways["D"] = SilentWay()
    campaign = await send(timed, lonely)
    run = timed.engine.moves.runs[campaign]
    await timed.turn_until(lambda: run.state is CampaignState.PAUSED, 5)
    assert run.pause_reason is PauseReason.PORT25_BLOCKED
    timed.outlets.ways["D"] = RecordingWay()  # elsewhere, on another line
    await timed.engine.handle(ReloadSettings())
    await timed.engine.handle(Resume(campaign))
    await timed.turn_until(finished(timed, campaign), 60)
    assert timed.states(campaign) == {"accepted": 60}
    assert blocked.opened < 30


async def test_a_lane_that_is_blocked_moves_alone(timed: PoolDesk) -> None:
    def answer(message: Outgoing) -> Exchange:
        if message.envelope.recipient.endswith("@lane0.example"):
            return refused(554, "blocked using zen.spamhaus.example", Stage.MAIL)
        return ACCEPTED

    timed.way_of("D").answer = answer
    campaign = await send(timed, DIRECT)
    await timed.turn_until(lambda: timed.engine.moves.runs[campaign].streams["lane0.example"].is_away, 1)
    await timed.turn_until(lambda: timed.states(campaign)["in_flight"] == 0, 0.2)
    await timed.engine.handle(RetryNow(campaign))
    await timed.turn_until(finished(timed, campaign), 5)
    assert timed.states(campaign) == {"accepted": 60}
    assert timed.share("A", "D") == [20, 40]


async def test_the_account_that_a_rule_binds_mail_to_is_told_with_the_end(timed: PoolDesk) -> None:
    rule = RoutingRule("A", ("lane0.example",), only=True)
    timed.change(replace(A, rate=0.1))
    timed.change(replace(POOL, rules=(rule,)))
    campaign = await send(timed, POOL)
    progress = await timed.progress(campaign)
    lanes = {lane.lane: lane for lane in progress.lanes}
    bound = lanes["lane0.example"]
    assert (bound.eta_limit, bound.eta_account) == (LaneReason.ACCOUNT_LIMIT, "A")
    assert (progress.eta_limit, progress.eta_account) == (LaneReason.ACCOUNT_LIMIT, "A")
    assert progress.eta is not None
    assert (progress.eta - timed.clock.now()).total_seconds() == pytest.approx(20 / 0.1, rel=0.15)
