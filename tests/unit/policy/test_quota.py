"""The quota of an account, over days, hours, zones and restarts."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.policy.quota import Quota, bucket_of, day_of

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)


def test_a_day_of_the_users_zone() -> None:
    quota = Quota(3, None, zone=TOKYO)
    for left in (3, 2, 1):
        assert quota.left(NOON) == left
        assert quota.free_at(NOON) is None
        quota.take(NOON)
        quota.end(NOON)
    assert quota.left(NOON) == 0
    midnight = datetime(2026, 1, 15, 15, 0, tzinfo=UTC)
    assert quota.free_at(NOON) == midnight
    assert quota.free_at(midnight - timedelta(seconds=1)) == midnight
    assert quota.free_at(midnight) is None
    assert quota.left(midnight) == 3


def test_part_of_the_day_is_kept_for_others() -> None:
    quota = Quota(10, None, zone=TOKYO)
    for _ in range(8):
        quota.take(NOON)
    assert quota.free_at(NOON, keep=2) is not None
    assert quota.free_at(NOON, keep=1) is None


def test_what_was_not_taken_is_given_back() -> None:
    quota = Quota(1, None, zone=TOKYO)
    quota.give_back(NOON)
    quota.take(NOON)
    quota.give_back(NOON)
    assert quota.left(NOON) == 1


def test_what_is_on_the_wire_at_midnight_counts_for_both_days() -> None:
    quota = Quota(3, None, zone=TOKYO)
    midnight = datetime(2026, 1, 15, 15, 0, tzinfo=UTC)
    for _ in range(3):
        quota.take(midnight - timedelta(seconds=1))
    assert quota.left(midnight) == 0
    quota.end(midnight + timedelta(seconds=1))
    quota.give_back(midnight + timedelta(seconds=2))
    assert quota.left(midnight + timedelta(seconds=3)) == 1
    quota.end(midnight + timedelta(seconds=4))
    assert quota.left(midnight + timedelta(seconds=5)) == 1
    assert quota.left(midnight + timedelta(days=1)) == 3


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 600), st.booleans()), max_size=80))
def test_neither_day_nor_hour_is_exceeded_as_the_provider_counts(
    mails: list[tuple[int, int, bool]],
) -> None:
    """Messages begin after so many seconds, last so many, and are taken or not."""
    quota, now, taken = Quota(6, 4, zone=TOKYO), NOON, list[datetime]()
    on_the_wire: list[tuple[datetime, bool]] = []
    for waits, lasts, is_taken in [*mails, (10_000, 0, True)]:
        now += timedelta(seconds=waits)
        for ends, was_taken in sorted(mail for mail in on_the_wire if mail[0] <= now):
            on_the_wire.remove((ends, was_taken))
            if was_taken:
                quota.end(ends)
                taken.append(ends)
            else:
                quota.give_back(ends)
        if quota.free_at(now) is None:
            quota.take(now)
            on_the_wire.append((now + timedelta(seconds=lasts), is_taken))
    for moment in taken:
        assert sum(moment <= other < moment + timedelta(hours=1) for other in taken) <= 4
        day = moment.astimezone(TOKYO).date()
        assert sum(other.astimezone(TOKYO).date() == day for other in taken) <= 6


def test_earlier_engines_count() -> None:
    yesterday = NOON - timedelta(hours=13)
    used = [(bucket_of(yesterday), 50), (bucket_of(NOON), 2)]
    assert Quota(3, None, zone=TOKYO, used=used).left(NOON) == 1


def test_without_limits() -> None:
    quota = Quota(None, None)
    quota.take(NOON)
    assert (quota.left(NOON), quota.free_at(NOON)) == (None, None)
    quota.limit(1, None)
    assert quota.left(NOON) == 0


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Tokyo", datetime(2026, 3, 8, 12, tzinfo=UTC), 24),
        ("America/New_York", datetime(2026, 3, 8, 12, tzinfo=UTC), 23),
        ("America/New_York", datetime(2026, 11, 1, 12, tzinfo=UTC), 25),
        ("Asia/Kathmandu", datetime(2026, 3, 8, 12, tzinfo=UTC), 24),
    ],
)
def test_days_are_as_long_as_the_zone_has_them(zone: str, day: datetime, hours: int) -> None:
    first, last = day_of(day, ZoneInfo(zone))
    assert first <= day < last
    assert last - first == timedelta(hours=hours)
    assert bucket_of(first) == first


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this machine cannot be changed")
@pytest.mark.parametrize(
    ("zone", "begins", "hours"),
    [
        ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC), 23),
        ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC), 23),
        ("Asia/Beirut", datetime(2026, 3, 28, 22, tzinfo=UTC), 23),
        ("America/Havana", datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC), 25),
    ],
)
def test_a_day_whose_midnight_is_leapt_over_or_comes_twice(
    zone: str, begins: datetime, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the clocks of this machine have it, and as a named zone has it."""
    before, ends = begins - timedelta(minutes=1), begins + timedelta(hours=hours)
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", zone)
            time.tzset()
            for here in (None, ZoneInfo(zone)):
                assert day_of(before, here)[1] == begins
                assert day_of(begins, here) == day_of(ends - timedelta(minutes=1), here) == (begins, ends)
                quota = Quota(1, None, zone=here)
                quota.take(before)
                assert quota.free_at(before) == begins
    finally:
        time.tzset()


STEPS = st.lists(st.integers(0, 7200), min_size=1, max_size=200)


@given(STEPS, st.integers(1, 8))
def test_never_more_than_the_hourly_quota_in_any_hour(steps: list[int], hourly: int) -> None:
    quota, now, taken = Quota(None, hourly), NOON, list[datetime]()
    for seconds in steps:
        now += timedelta(seconds=seconds / 4)
        free_at = quota.free_at(now)
        assert (free_at is None) == (quota.left(now) != 0)
        if free_at is None:
            quota.take(now)
            quota.end(now)
            taken.append(now)
        else:
            assert now < free_at <= now + timedelta(minutes=66)
    for moment in taken:
        within = [other for other in taken if moment <= other < moment + timedelta(hours=1)]
        assert len(within) <= hourly


@given(STEPS, st.integers(1, 8), st.integers(0, 199))
def test_a_restart_forgets_nothing(steps: list[int], daily: int, restart: int) -> None:
    quota, now, taken = Quota(daily, None, zone=TOKYO), NOON, list[datetime]()
    for number, seconds in enumerate(steps):
        now += timedelta(seconds=seconds)
        if number == restart:
            quota = Quota(daily, None, zone=TOKYO, used=[(bucket_of(moment), 1) for moment in taken])
        if quota.free_at(now) is None:
            quota.take(now)
            quota.end(now)
            taken.append(now)
    for moment in taken:
        day = moment.astimezone(TOKYO).date()
        assert sum(other.astimezone(TOKYO).date() == day for other in taken) <= daily


def test_a_clock_that_ran_years_ahead_is_forgotten() -> None:
    quota = Quota(2, None, zone=TOKYO)
    for _ in range(2):
        quota.take(NOON + timedelta(days=900))
    assert quota.left(NOON) == 2
    quota.take(NOON)
    assert quota.left(NOON + timedelta(hours=1)) == 1


@pytest.mark.parametrize("days", [-4000, -3, -1, 1, 3, 4000])
def test_a_look_at_a_wrong_clock_forgets_nothing(days: int) -> None:
    """As while a computer whose battery is empty finds out what time it is."""
    quota = Quota(3, None, zone=TOKYO)
    for _ in range(2):
        quota.take(NOON)
        quota.end(NOON)
    quota.take(NOON)
    quota.left(NOON + timedelta(days=days))
    assert quota.left(NOON) == 0
    quota.end(NOON)
    assert quota.left(NOON + timedelta(hours=1)) == 0


def test_a_clock_that_was_set_back_over_midnight_gives_nothing_away() -> None:
    quota = Quota(2, None, zone=TOKYO)
    for _ in range(2):
        quota.take(NOON)
        quota.end(NOON)
    assert quota.left(NOON - timedelta(days=1)) == 0
    assert quota.left(NOON) == 0
    assert quota.left(NOON + timedelta(days=1)) == 2


def test_a_clock_that_was_set_back_gives_nothing_away() -> None:
    quota = Quota(2, None, zone=TOKYO)
    quota.take(NOON)
    quota.end(NOON)
    quota.take(NOON - timedelta(minutes=30))
    assert quota.left(NOON - timedelta(minutes=30)) == 0
