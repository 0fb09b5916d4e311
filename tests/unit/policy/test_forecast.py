from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.lane import LaneLimits, LaneReason
from desktop_relay.domain.lane_memory import LaneMemory, PaceMemory, SuspensionMemory
from desktop_relay.policy.accounts_play import Account
from desktop_relay.policy.forecast import PUT_OFF, USUAL_RETRY, Forecast, Work, forecast
from desktop_relay.policy.gate import HELD, Gate, account_gate, lane_gate, steady_gate
from desktop_relay.policy.governor import Governor
from desktop_relay.policy.quota import Quota

NOW = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
FEW = 20
"""So few that nobody among them is likely to be put off."""

MOMENT = timedelta(milliseconds=1)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def lane(memory: LaneMemory | None = None, **limits: float) -> Gate:
    return lane_gate(LaneLimits(**limits), memory, NOW, LaneReason.PROFILE)  # type: ignore[arg-type]


def one(work: Work, gate: Gate, **options: float) -> Forecast:
    (found,) = forecast([work], [gate], NOW, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def seconds(found: Forecast | None) -> float:
    assert found is not None
    return (found.end - NOW).total_seconds()


def test_nothing_left_is_now() -> None:
    assert one(Work(0, 0), lane(rate=1.0)) == Forecast(NOW, LaneReason.DONE)


def test_a_pace() -> None:
    found = one(Work(0, FEW), lane(rate=2.0))
    assert seconds(found) == pytest.approx(FEW / (2.0 * HELD), abs=0.01)
    assert found.limit is LaneReason.PROFILE


def test_seconds_that_pass_faster() -> None:
    found = one(Work(0, FEW), lane(rate=2.0), speed=20.0)
    assert seconds(found) == pytest.approx(FEW / (2.0 * HELD) / 20, abs=0.01)


def test_without_any_limit_only_what_is_reached_tells() -> None:
    assert forecast([Work(0, FEW)], [lane()], NOW) == [None]
    found = one(Work(0, FEW, reaches=4.0), lane())
    assert seconds(found) == pytest.approx(5.0)
    assert found.limit is LaneReason.ANSWERS


def test_a_way_that_reaches_less_than_is_allowed() -> None:
    found = one(Work(0, FEW), lane(rate=2.0).slower(0.5))
    assert seconds(found) == pytest.approx(FEW / HELD, abs=0.01)
    assert found.limit is LaneReason.ANSWERS
    assert one(Work(0, FEW), lane(rate=2.0).slower(0.95)).limit is LaneReason.PROFILE


def test_the_hour_lets_its_number_go_and_then_waits() -> None:
    found = one(Work(0, 30), lane(rate=1.0, per_hour=20))
    assert 3600 + 10 < seconds(found) < 1.01 * (3600 + 30) + 10
    assert found.limit is LaneReason.HOUR_LIMIT


def test_what_went_before_counts_in_the_hour_and_in_the_day() -> None:
    memory = LaneMemory(NOW, tokens=1.0, hour=((1800.0, 20),), day=((1800.0, 20),))
    by_hour = one(Work(0, 10), lane(memory, rate=1.0, per_hour=20))
    assert seconds(by_hour) == pytest.approx(1800 + 10, rel=0.01)
    by_day = one(Work(0, 10), lane(memory, rate=1.0, per_day=20))
    assert seconds(by_day) == pytest.approx(86400 - 1800 + 10, rel=0.01)
    assert (by_hour.limit, by_day.limit) == (LaneReason.HOUR_LIMIT, LaneReason.DAY_LIMIT)


def test_a_suspension_is_waited_for_and_the_way_back_is_walked() -> None:
    memory = LaneMemory(
        NOW,
        pace=PaceMemory(pace=0.1, return_to=1.0, clean_for=-3600.0),
        suspension=SuspensionMemory(left=3600.0, cause=LaneReason.BLOCKED),
    )
    found = one(Work(0, 30), lane(memory, rate=1.0))
    assert 3600 + 30 < seconds(found) < 3600 + 300
    assert found.limit is LaneReason.BLOCKED


def test_a_slowed_lane_is_not_slow_for_ever() -> None:
    memory = LaneMemory(NOW, pace=PaceMemory(pace=0.1))
    at_that_pace = 300 / 0.1
    found = one(Work(0, 30), lane(memory, rate=1.0))
    assert seconds(found) < 0.1 * at_that_pace


def test_what_starts_later_ends_later() -> None:
    assert seconds(one(Work(0, FEW, starts_at=later(600)), lane(rate=1.0))) == pytest.approx(
        600 + FEW, rel=0.01
    )
    early = one(Work(0, FEW, starts_at=later(-600)), lane(rate=1.0))
    assert seconds(early) == pytest.approx(FEW, rel=0.02)


def test_somebody_among_many_is_put_off() -> None:
    found = one(Work(0, 1000), lane(rate=10.0))
    expected = 1000 * (1 + PUT_OFF) / (10 * HELD) + USUAL_RETRY.total_seconds()
    assert seconds(found) == pytest.approx(expected, rel=0.001)


def test_how_many_are_put_off_and_for_how_long_is_learned_on_the_way() -> None:
    gate = lane(rate=10.0)
    nobody = one(Work(0, 1000, tried=1000), gate)
    assert seconds(nobody) == pytest.approx(1000 / (10 * HELD), rel=0.01)
    many = one(Work(0, 1000, 100, later(300), tried=1000), gate)
    expected = (1000 * 1.1 + 100) / (10 * HELD) + 300
    assert seconds(many) == pytest.approx(expected, rel=0.05)


def test_retries_are_waited_for() -> None:
    gate = lane(rate=1.0)
    late = one(Work(0, FEW, 3, later(500), tried=100), gate)
    assert (late.end, late.limit) == (later(500), LaneReason.WAITING_FOR_RETRY)
    assert seconds(one(Work(0, FEW, 3, later(5), tried=100), gate)) == pytest.approx(23 / HELD, rel=0.01)


def test_full_mailboxes_are_not_waited_for_unless_they_are_all() -> None:
    gate, end = lane(rate=1.0), later(99_999)
    both = Work(0, FEW, stragglers=2, gives_up_at=end)
    assert seconds(one(both, gate)) == pytest.approx(FEW, rel=0.02)
    assert one(Work(0, 0, stragglers=2, gives_up_at=end), gate).end == end


def test_the_end_of_the_campaign_s_time_is_the_end() -> None:
    found = one(Work(0, 5000, gives_up_at=later(3600)), lane(rate=1.0))
    assert found == Forecast(later(3600), LaneReason.DEADLINE)


def test_lanes_share_their_account_and_take_turns() -> None:
    gates = [lane(rate=rate) for rate in (0.2, 5.0, 5.0)]
    account = account_gate(1.0, None, None, NOW)
    works = [Work(0, 10), Work(1, 10), Work(2, 30)]
    small, middle, large = forecast(works, gates, NOW, accounts=[Account(account)])
    assert seconds(small) == pytest.approx(10 / 0.2, rel=0.02)
    assert seconds(middle) == pytest.approx(10 / 0.4, rel=0.02)
    assert seconds(large) == pytest.approx(50, rel=0.02)
    assert [found.limit for found in (small, middle, large) if found] == [
        LaneReason.PROFILE,
        LaneReason.ACCOUNT_LIMIT,
        LaneReason.ACCOUNT_LIMIT,
    ]


def test_two_campaigns_in_one_lane_share_its_pace() -> None:
    short, long = forecast([Work(0, 10), Work(0, 30)], [lane(rate=1.0)], NOW)
    assert seconds(short) == pytest.approx(20, rel=0.02)
    assert seconds(long) == pytest.approx(40, rel=0.02)


def test_a_quota_of_the_day_knows_what_went_and_when_the_next_day_is() -> None:
    quota = Quota(100, None, zone=UTC, used=[(NOW - timedelta(hours=1), 90)])
    account = account_gate(1.0, None, quota, NOW)
    (found,) = forecast([Work(0, 30)], [lane(rate=1.0)], NOW, accounts=[Account(account)])
    midnight = (datetime(2026, 11, 2, tzinfo=UTC) - NOW).total_seconds()
    assert seconds(found) == pytest.approx(midnight + 20, abs=1)
    assert found is not None
    assert found.limit is LaneReason.QUOTA_USED
    (many,) = forecast([Work(0, 30 + 200)], [lane(rate=1.0)], NOW, accounts=[Account(account)])
    assert seconds(many) == pytest.approx(midnight + 2 * 86400 + 27, abs=60)


def test_a_quota_of_the_hour() -> None:
    quota = Quota(None, 60, zone=UTC, used=[(NOW - timedelta(minutes=30), 60)])
    account = account_gate(1.0, None, quota, NOW)
    (found,) = forecast([Work(0, 30)], [lane(rate=1.0)], NOW, accounts=[Account(account)])
    assert seconds(found) == pytest.approx(35 * 60 + 30, abs=60)


def test_a_pool_goes_as_fast_as_its_accounts_together() -> None:
    accounts = [Account(account_gate(rate, None, None, NOW)) for rate in (1.0, 3.0)]
    (found,) = forecast([Work(0, FEW)], [lane(rate=100.0)], NOW, accounts=accounts)
    assert seconds(found) == pytest.approx(FEW / 4, rel=0.02)


def test_a_spent_account_of_a_pool_leaves_the_other() -> None:
    spent = account_gate(3.0, None, Quota(10, None, zone=UTC, used=[(NOW, 10)]), NOW)
    (found,) = forecast(
        [Work(0, FEW)],
        [lane(rate=100.0)],
        NOW,
        accounts=[Account(spent), Account(account_gate(1.0, None, None, NOW))],
    )
    assert seconds(found) == pytest.approx(FEW, rel=0.02)


def test_an_account_s_servers_may_be_slower_than_its_limit() -> None:
    account = account_gate(10.0, None, None, NOW)
    (found,) = forecast([Work(0, FEW)], [lane(rate=100.0)], NOW, accounts=[Account(account)], reaches=2.0)
    assert seconds(found) == pytest.approx(10)
    assert found is not None
    assert found.limit is LaneReason.ANSWERS


def test_the_unforeseeable_is_not_foreseen() -> None:
    assert forecast([Work(0, 10)], [lane(rate=1 / 3600 / 1000)], NOW) != [None]
    assert forecast([Work(0, 10**9)], [lane(rate=1.0)], NOW) == [None]
    assert forecast([Work(0, 10)], [steady_gate(0.0, LaneReason.PROFILE)], NOW) == [None]


# -- laws

RATES = st.none() | st.floats(0.05, 50.0)
NUMBERS = st.integers(1, 5000)
LIMITS = st.builds(
    LaneLimits,
    rate=st.floats(0.05, 50.0),
    per_hour=st.none() | st.integers(10, 5000),
    per_day=st.none() | st.integers(50, 20000),
)
QUOTAS = st.none() | st.builds(
    lambda daily, hourly, used: Quota(daily, hourly, zone=UTC, used=[(NOW - timedelta(minutes=20), used)]),
    st.integers(50, 20000),
    st.none() | st.integers(10, 5000),
    st.integers(0, 3000),
)


def account(rate: float | None, quota: Quota | None) -> Account:
    return Account(account_gate(rate, None, quota, NOW))


@given(st.lists(st.tuples(NUMBERS, LIMITS), min_size=1, max_size=4), RATES, QUOTAS, st.integers(1, 4000))
def test_more_people_are_never_through_earlier(
    lanes: list[tuple[int, LaneLimits]], rate: float | None, quota: Quota | None, more: int
) -> None:
    gates = [lane_gate(limits, None, NOW, LaneReason.PROFILE) for _, limits in lanes]
    fewer = [Work(place, number) for place, (number, _) in enumerate(lanes)]
    added = [Work(0, fewer[0].fresh + more), *fewer[1:]]
    accounts = [account(rate, quota)]
    before, after = (forecast(works, gates, NOW, accounts=accounts) for works in (fewer, added))
    for early, late in zip(before, after, strict=True):
        assert late is None or early is not None
        if early is not None and late is not None:
            assert late.end >= early.end - 0.001 * (early.end - NOW) - MOMENT


@given(NUMBERS, LIMITS, RATES, QUOTAS)
def test_never_earlier_than_the_limits_allow(
    number: int, limits: LaneLimits, rate: float | None, quota: Quota | None
) -> None:
    gate = lane_gate(limits, None, NOW, LaneReason.PROFILE)
    (found,) = forecast([Work(0, number)], [gate], NOW, accounts=[account(rate, quota)])
    if found is None:
        return
    lasted = (found.end - NOW).total_seconds()
    for pace in (limits.rate, rate):
        assert pace is None or lasted >= (number - 1) / pace
    for most, span in ((limits.per_hour, 3600), (limits.per_day, 86400)):
        assert most is None or lasted >= (-(-number // most) - 1) * span
    if quota is not None:
        days = ((found.end - NOW) + timedelta(hours=NOW.hour)) // timedelta(days=1) + 1
        assert number <= sum(count.most * days for count in quota.counted(NOW) if count.lasts.days)


@given(
    st.integers(20, 2000),
    st.builds(
        LaneLimits,
        rate=st.floats(0.1, 20.0),
        per_hour=st.none() | st.integers(100, 2000),
        per_day=st.none() | st.integers(200, 5000),
    ),
    st.floats(0.0, 0.95),
)
def test_a_lane_that_goes_as_foreseen_keeps_its_forecast(
    number: int, limits: LaneLimits, share: float
) -> None:
    """A real governor is let send as early as it may; every forecast on the way names the same end."""
    governor = Governor(limits, memory=None, at=0.0, now=NOW)
    at, sent, foreseen = 0.0, 0, []
    while sent < number:
        if sent in (0, int(number * share)):
            now = later(at)
            gate = lane_gate(limits, governor.memory(at, now), now, LaneReason.PROFILE)
            # as retries, so that nobody is expected to be put off
            (found,) = forecast([Work(0, 0, number - sent)], [gate], now)
            assert found is not None
            foreseen.append((found.end - NOW).total_seconds())
        wait = governor.admit(at)
        at += max(wait, MOMENT.total_seconds()) if wait > 0.0 else 0.0
        sent += wait == 0.0
    for end in foreseen:
        assert end == pytest.approx(at, rel=0.02, abs=2.5 / limits.rate + 35.0)  # type: ignore[operator]


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.none() | st.floats(0.001, 1e6),
    st.floats(0.0, 1e6),
    st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
)
def test_never_in_the_past(
    fresh: int, retries: int, rate: float | None, reaches: float, due: datetime | None
) -> None:
    moment = due.replace(tzinfo=UTC) if due else None
    gate = steady_gate(rate, LaneReason.PROFILE)
    work = Work(0, fresh, retries, moment, starts_at=moment, gives_up_at=moment, reaches=reaches or inf)
    (found,) = forecast([work], [gate], NOW)
    assert found is None or found.end >= NOW
