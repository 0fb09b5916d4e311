"""Accounts and pools in virtual time: quotas, shares and paces hold whatever happens, and nobody is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.lane import LaneOverride, LaneReason
from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.route import Member, Route, RouteKind, RoutingRule
from desktop_relay.simulator.audience import MIXES, make_audience
from desktop_relay.simulator.result import AccountResult, LaneResult, SimulationResult
from desktop_relay.simulator.scenario import Campaign
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from desktop_relay.simulator.windows import most_in

from .test_pace import most_allowed
from .worlds import at_rate, made_up, play

HOUR = 3600.0
UNHELD = {lane: at_rate(1000.0, 50) for lane in ("docomo", "google", "yahoo_jp")}
AUDIENCE = made_up(docomo_ne_jp=400, gmail_com=400, yahoo_co_jp=400)


def account(name: str, **limits: float | int | None) -> Route:
    return Route(name, RouteKind.SMARTHOST, host=f"{name}.example", **limits)  # type: ignore[arg-type]


def pool(*accounts: Route, weights: Sequence[int] = (), rules: tuple[RoutingRule, ...] = ()) -> Route:
    pairs = zip(accounts, weights or [1] * len(accounts), strict=True)
    members = tuple(Member(route.name, weight) for route, weight in pairs)
    return Route("pool", RouteKind.POOL, members=members, rules=rules)


def named(*accounts: Route) -> Mapping[str, Route]:
    return {route.name: route for route in accounts}


def assert_nobody_is_lost_or_met_twice(result: SimulationResult) -> None:
    for campaign in result.campaigns:
        assert sum(campaign.outcomes.values()) == campaign.recipients
    taken = sum(len(found.taken) for found in result.accounts.values())
    # what an account took, and what it may have taken: one for each person, never a second one
    assert taken == result.total(Disposition.ACCEPTED) + result.total(Disposition.UNKNOWN)


def assert_quotas_hold(result: SimulationResult, accounts: Mapping[str, Route]) -> None:
    for name, found in result.accounts.items():
        daily, hourly = accounts[name].daily_quota, accounts[name].hourly_quota
        if hourly is not None:
            assert most_in(found.taken, HOUR) <= hourly, name
        for day in result.days:
            assert daily is None or day.accounts[name] <= daily, (name, day)


DAILY = st.one_of(st.none(), st.integers(200, 900))
HOURLY = st.one_of(st.none(), st.integers(50, 500))


@settings(max_examples=25, deadline=None)
@given(
    dailies=st.tuples(DAILY, DAILY),
    hourlies=st.tuples(HOURLY, HOURLY),
    begins=st.floats(0.0, 2.0),
    hours_before_midnight=st.floats(0.0, 0.2),
    rate=st.one_of(st.none(), st.floats(0.5, 20.0)),
    restarts=st.lists(st.floats(0.0, 40.0), max_size=3),
    seed=st.integers(0, 100),
)
def test_no_quota_is_exceeded_by_all_campaigns_together(
    dailies: tuple[int | None, int | None],
    hourlies: tuple[int | None, int | None],
    begins: float,
    hours_before_midnight: float,
    rate: float | None,
    restarts: list[float],
    seed: int,
) -> None:
    first, second = (
        account(name, rate=rate, daily_quota=daily, hourly_quota=hourly)
        for name, daily, hourly in zip(("a", "b"), dailies, hourlies, strict=True)
    )
    accounts = named(first, second)
    result = play(
        [
            Campaign(AUDIENCE, pool(first, second), expires_after=None),
            Campaign(AUDIENCE, first, begins=timedelta(hours=begins), expires_after=None),
        ],
        begins_before_midnight=hours_before_midnight,
        accounts=accounts,
        overrides=UNHELD,
        restarts=[timedelta(hours=hours) for hours in restarts],
        seed=seed,
    )
    assert_quotas_hold(result, accounts)
    assert_nobody_is_lost_or_met_twice(result)
    assert all(campaign.finished_at is not None for campaign in result.campaigns)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.integers(0, 100))
def test_shares_follow_weights_where_nothing_limits(weights: list[int], seed: int) -> None:
    members = [account(f"m{place}") for place in range(len(weights))]
    result = play(
        [Campaign(AUDIENCE, pool(*members, weights=weights))],
        accounts=named(*members),
        overrides=dict.fromkeys(UNHELD, at_rate(1.0)),  # so that no account's connections limit
        faults=False,
        seed=seed,
    )
    begun = sorted((at, place) for place, m in enumerate(members) for at in result.accounts[m.name].begun)
    assert len(begun) == 1200
    for first in range(0, 1200, 100):
        counts = Counter(place for _, place in begun[first : first + 100])
        for place, weight in enumerate(weights):
            assert counts[place] == pytest.approx(100 * weight / sum(weights), abs=len(weights))


@settings(max_examples=20, deadline=None)
@given(
    kind=st.sampled_from(TroubleKind),
    since=st.floats(0.0, 0.4),
    lasts=st.floats(0.05, 3.0),
    restarts=st.lists(st.floats(0.0, 1.0), max_size=2),
    seed=st.integers(0, 100),
)
def test_an_account_that_is_down_costs_nobody_a_message_and_nobody_gets_two(
    kind: TroubleKind, since: float, lasts: float, restarts: list[float], seed: int
) -> None:
    good, bad = account("good", rate=1.0), account("bad", rate=1.0)
    result = play(
        [Campaign(AUDIENCE, pool(good, bad), expires_after=None)],
        accounts=named(good, bad),
        overrides=UNHELD,
        troubles=[Trouble("bad", kind, since * HOUR, (since + lasts) * HOUR, seconds=60.0)],
        restarts=[timedelta(hours=hours) for hours in restarts],
        seed=seed,
    )
    assert_nobody_is_lost_or_met_twice(result)
    assert result.campaigns[0].outcomes.get(Disposition.DEFERRED, 0) == 0
    assert result.total(Disposition.BOUNCED) == result.total(Disposition.EXPIRED) == 0


@settings(max_examples=8, deadline=None)
@given(
    since=st.floats(0.1, 3.0),
    lasts=st.floats(0.1, 30.0),
    restarts=st.lists(st.floats(0.0, 20.0), max_size=2),
    alone=st.booleans(),
)
def test_it_is_tried_again_within_an_hour_however_long_it_was_down(
    since: float, lasts: float, restarts: list[float], alone: bool
) -> None:
    good, bad = account("good", rate=0.05), account("bad", rate=0.05)
    until = (since + lasts) * HOUR
    people = made_up(docomo_ne_jp=int(0.1 * (until + 2 * HOUR)))
    result = play(
        [Campaign(people, bad if alone else pool(good, bad), expires_after=None)],
        accounts=named(good, bad),
        overrides=UNHELD,
        troubles=[Trouble("bad", TroubleKind.DEAD, since * HOUR, until)],
        restarts=[timedelta(hours=hours) for hours in restarts],
        faults=False,
    )
    back = next(at for at in result.accounts["bad"].taken if at >= until)
    assert back <= until + HOUR + 60.0


def test_it_comes_back_by_itself_and_the_trace_says_when_and_why() -> None:
    good, bad = account("good", rate=1.0), account("bad", rate=1.0)
    people = made_up(docomo_ne_jp=20_000, gmail_com=20_000)
    result = play(
        [Campaign(people, pool(good, bad))],
        accounts=named(good, bad),
        overrides=UNHELD,
        troubles=[Trouble("bad", TroubleKind.DEAD, 2 * HOUR, 5 * HOUR)],
        faults=False,
    )
    taken = result.accounts["bad"].taken
    assert taken.tolist()
    assert not [at for at in taken if 2 * HOUR + 60 < at < 5 * HOUR]
    back = next(at for at in taken if at >= 5 * HOUR)
    assert back <= 6 * HOUR + 60  # an hour is the longest rest
    rests = [c for c in result.changes if c.route == "bad" and c.reason is LaneReason.ACCOUNTS_RESTING]
    assert rests[0].at >= 2 * HOUR
    assert rests[0].suspended > 0
    assert rests[0].cause.value
    assert all(change.lane == "" for change in rests)


def test_what_the_quota_leaves_goes_over_the_other_account_then_tomorrow() -> None:
    small, large = account("small", daily_quota=100), account("large", daily_quota=700)
    result = play(
        [Campaign(AUDIENCE, pool(small, large), expires_after=None)],
        accounts=named(small, large),
        overrides=UNHELD,
        faults=False,
        begins_before_midnight=2.0,
    )
    assert [(day.accepted, day.left, dict(day.accounts)) for day in result.days] == [
        (800, 400, {"small": 100, "large": 700}),
        (400, 0, {"small": 100, "large": 300}),
    ]
    assert [len(found.used_up) for found in result.accounts.values()] == [2, 1]


def test_a_rule_that_insists_waits_for_its_account() -> None:
    first, second = account("first", rate=20.0), account("second", rate=20.0)
    rule = RoutingRule("second", lanes=("docomo",), only=True)
    result = play(
        [Campaign(AUDIENCE, pool(first, second, rules=(rule,)))],
        accounts=named(first, second),
        overrides=UNHELD,
        troubles=[Trouble("second", TroubleKind.DEAD, 0.0, HOUR)],
        faults=False,
    )
    docomo = result.lanes["docomo"].accepted
    assert docomo[0] >= HOUR
    assert result.lanes["google"].accepted[-1] < HOUR
    assert len(result.accounts["second"].taken) == 400


@settings(max_examples=12, deadline=None)
@given(
    lane_rate=st.floats(0.3, 4.0),
    account_rate=st.floats(0.3, 4.0),
    per_hour=st.integers(100, 2000),
    per_day=st.integers(300, 3000),
    restarts=st.lists(st.floats(0.0, 20.0), max_size=2),
)
def test_lane_and_account_keep_their_paces_at_once(
    lane_rate: float, account_rate: float, per_hour: int, per_day: int, restarts: list[float]
) -> None:
    only = account("only", rate=account_rate)
    override = LaneOverride(rate=lane_rate, connections=10, per_hour=per_hour, per_day=per_day)
    result = play(
        [Campaign(made_up(docomo_ne_jp=1500, gmail_com=1500), only, expires_after=None)],
        accounts=named(only),
        overrides={"docomo": override, "google": at_rate(50.0)},
        restarts=[timedelta(hours=hours) for hours in restarts],
        faults=False,
    )
    lane, whole = result.lanes["docomo"], result.accounts["only"]
    assert_pace(lane, lane_rate)
    assert_pace(whole, account_rate)
    assert most_in(lane.begun, HOUR) <= per_hour
    assert most_in(lane.begun, 24 * HOUR) <= per_day
    assert len(whole.taken) == 3000


def assert_pace(found: LaneResult | AccountResult, rate: float) -> None:
    for seconds in (1.0, 60.0, 600.0, HOUR, 24 * HOUR):
        assert most_in(found.begun, seconds) <= most_allowed(rate, seconds), seconds


def test_a_larger_mix_over_a_pool_ends_everywhere() -> None:
    members = [account(f"m{place}", rate=5.0, max_connections=5) for place in range(3)]
    result = play(
        [Campaign(make_audience(3000, MIXES["jp"]), pool(*members), brakes=True)], accounts=named(*members)
    )
    assert_nobody_is_lost_or_met_twice(result)
    assert result.total(Disposition.ACCEPTED) > 0.99 * 3000


@pytest.mark.parametrize(("one", "two"), [(0.3, 0.3), (0.5, 0.3), (0.3, 0.47), (1.0, 0.3), (0.3, 0.6)])
def test_mail_that_may_go_over_several_accounts_gets_no_more_than_its_turn(one: float, two: float) -> None:
    """Docomo is bound to one account, two others go over that or another: all alike, as far as that goes."""
    accounts = (account("one", rate=one), account("two", rate=two))
    rule = RoutingRule("one", ("docomo",), only=True)
    result = play(
        [
            Campaign(
                made_up(docomo_ne_jp=4000, gmail_com=4000, yahoo_co_jp=4000), pool(*accounts, rules=(rule,))
            )
        ],
        accounts=named(*accounts),
        overrides=UNHELD,
        until=timedelta(hours=2),
    )
    began = {key: sum(at > HOUR / 2 for at in lane.begun) for key, lane in result.lanes.items()}
    bound = min(one, (one + two) / 3)
    fair = {"docomo": bound, "google": (one + two - bound) / 2, "yahoo_jp": (one + two - bound) / 2}
    for key, pace in fair.items():
        assert began[key] == pytest.approx(1.5 * HOUR * pace, rel=0.06), key
