"""A warm-up over days, for real what it says: nobody's day is exceeded, and a bad one holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.outcome import Disposition
from desktop_relay.domain.route import Member, Route, RouteKind
from desktop_relay.domain.warmup import Warmup
from desktop_relay.policy.warmup import allowance_of, fewest_days
from desktop_relay.simulator.result import SimulationResult
from desktop_relay.simulator.scenario import Campaign
from desktop_relay.simulator.trouble import Trouble, TroubleKind
from tests.unit.simulator.worlds import made_up, play

PLAN = Warmup(20, 800, 30)
DAY = 86400.0


def line(plan: Warmup, kind: RouteKind = RouteKind.SMARTHOST) -> Route:
    return Route("cold", kind, host="cold.example", warmup=plan)


def days(result: SimulationResult) -> list[int]:
    return [day.accounts["cold"] for day in result.days]


def plan_of(plan: Warmup, number: int) -> list[int]:
    return [allowance_of(plan, step) for step in range(1, number + 1)]


def over_a_month(troubles: Sequence[Trouble] = (), restarts: Sequence[timedelta] = ()) -> list[int]:
    people = made_up(gmail_com=4000, yahoo_co_jp=4000)
    route = line(PLAN, RouteKind.DIRECT)
    campaign = Campaign(people, route, expires_after=None)
    result = play([campaign], begins_before_midnight=9, troubles=troubles, restarts=restarts, faults=False)
    return days(result)[:30]


def test_a_month_of_good_days() -> None:
    assert over_a_month() == plan_of(PLAN, 30)


def test_a_block_makes_the_next_day_no_larger() -> None:
    """Of the tenth day; then it goes on as if that day had not been."""
    blocked = Trouble("yahoo_japan", TroubleKind.BLOCKED, 8.375 * DAY, 8.5 * DAY)
    found = over_a_month([blocked], restarts=[timedelta(days=8, hours=10), timedelta(days=9, hours=2)])
    plan = plan_of(PLAN, 29)
    assert found == [*plan[:10], plan[9], *plan[10:]]


@settings(max_examples=15, deadline=None)
@given(
    first=st.integers(1, 60),
    times=st.integers(1, 12),
    more_days=st.integers(0, 6),
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=3),
    begins=st.lists(st.floats(0, 60), min_size=3, max_size=3),
    restarts=st.lists(st.floats(0, 120), max_size=3),
    pooled=st.booleans(),
    faults=st.booleans(),
)
def test_all_campaigns_together_never_exceed_a_day(
    first: int,
    times: int,
    more_days: int,
    sizes: list[int],
    begins: list[float],
    restarts: list[float],
    pooled: bool,
    faults: bool,
) -> None:
    """Hours at which campaigns begin and engines end; some of them go over a pool with another account."""
    target = first * times
    plan = Warmup(first, target, fewest_days(first, target) + more_days)
    cold = line(plan)
    other = Route("other", RouteKind.SMARTHOST, host="other.example", daily_quota=50)
    pool = Route("both", RouteKind.POOL, members=(Member("cold"), Member("other")))
    campaigns = [
        Campaign(
            made_up(gmail_com=size, docomo_ne_jp=size),
            pool if pooled and place == 0 else cold,
            begins=timedelta(hours=begin),
            expires_after=timedelta(days=20),
        )
        for place, (size, begin) in enumerate(zip(sizes, begins, strict=False))
    ]
    result = play(
        campaigns,
        accounts={"cold": cold, "other": other},
        restarts=[timedelta(hours=hours) for hours in sorted(restarts)],
        faults=faults,
    )
    worth = 0
    for taken in days(result):
        assert taken <= allowance_of(plan, 1 + worth) <= target
        worth += 2 * taken >= allowance_of(plan, 1 + worth)
    assert result.total(Disposition.UNKNOWN) + result.total(Disposition.BOUNCED) <= sum(sizes) * 2
