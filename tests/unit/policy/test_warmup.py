"""The laws of a warm-up: how it grows, what holds it, and that nobody gets more than its day allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.effect import Effect, EffectKind
from desktop_relay.domain.errors import BadInput
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.usage import Elsewhere
from desktop_relay.domain.warmup import Warmup, WarmupMemory
from desktop_relay.policy.quota import Quota, bucket_of
from desktop_relay.policy.warmup import (
    WORTH_A_DAY,
    WarmupWatch,
    allowance_of,
    fewest_days,
    format_warmup,
    is_possible,
    parse_warmup,
    turn,
)

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PLAN = Warmup(50, 20_000, 30)
BLOCKS = BrakeFinding(BrakeCause.BLOCKS, BrakeLevel.STOP, 3, 0, 3)
TAKEN = Outcome(Disposition.ACCEPTED, Reason.ACCEPTED)
BLOCKED = Outcome(Disposition.DEFERRED, Reason.BLOCKED)
UNKNOWN_USER = Outcome(Disposition.BOUNCED, Reason.UNKNOWN_USER)
UNREACHABLE = Outcome(Disposition.DEFERRED, Reason.UNREACHABLE)
SUCCESS, NOTHING = Effect(EffectKind.SUCCESS), Effect(EffectKind.NONE)
NO_CONNECTION = Effect(EffectKind.FEWER_CONNECTIONS, reason=LaneReason.CONNECT_FAILURES)


@st.composite
def plans(draw: st.DrawFn) -> Warmup:
    first = draw(st.integers(1, 500))
    target = draw(st.integers(first, 500_000))
    return Warmup(first, target, draw(st.integers(fewest_days(first, target), 365)))


def send(watch: WarmupWatch, number: int, now: datetime) -> None:
    for _ in range(number):
        watch.took(now)


# the plan


@given(plans(), st.integers(1, 400))
def test_a_plan_begins_with_the_first_ends_at_the_target_and_never_falls(plan: Warmup, step: int) -> None:
    assert is_possible(plan)
    assert allowance_of(plan, 1) == plan.first
    assert allowance_of(plan, plan.days) == plan.target
    assert plan.first <= allowance_of(plan, step) <= allowance_of(plan, step + 1) <= plan.target


@given(plans(), st.integers(1, 400))
def test_no_day_is_much_more_than_twice_the_one_before(plan: Warmup, step: int) -> None:
    assert allowance_of(plan, step + 1) <= 2 * allowance_of(plan, step) + 1


@given(plans())
def test_a_plan_is_written_as_it_is_read(plan: Warmup) -> None:
    assert parse_warmup(format_warmup(plan)) == plan


@pytest.mark.parametrize("text", ["", "50", "50:20000", "50:20000:x", "-5:9:9", "50:2:30:4"])
def test_what_is_no_plan(text: str) -> None:
    with pytest.raises(BadInput):
        parse_warmup(text)


@pytest.mark.parametrize(
    "plan", [Warmup(0, 10, 9), Warmup(10, 9, 9), Warmup(50, 20_000, 8), Warmup(5, 9, 366), Warmup(9, 9, 1)]
)
def test_what_is_no_possible_plan(plan: Warmup) -> None:
    assert not is_possible(plan)


# days

DAYS = st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["good", "bad"]), st.integers(1, 4)), max_size=60)


@given(st.integers(6, 60), DAYS)
def test_the_plan_grows_by_good_days_alone(lasts: int, days: list[tuple[float, str, int]]) -> None:
    """Each day a share of its allowance is sent, a brake may stop it, and days may pass without mail."""
    watch, now, worth, held = WarmupWatch(Warmup(1, 30, lasts), zone=TOKYO), NOON, 0, False
    for share, how, passes in days:
        allowance = watch.allowance(now)
        assert watch.standing(now).step == min(1 + worth, watch.plan.days)
        assert allowance <= watch.plan.target
        number = int(share * allowance)
        send(watch, number, now)
        if how == "bad":
            watch.hold(BLOCKS, now)
        assert watch.allowance(now) == allowance, "it is the same all day"
        worth += how == "good" and number >= WORTH_A_DAY * allowance
        now += passes * DAY
        held = how == "bad" or (held and number == 0)
        assert (watch.standing(now).held_by == BLOCKS) is held
        assert watch.allowance(now) >= allowance
        if held:
            assert watch.allowance(now) == allowance


@given(plans(), DAYS, st.sets(st.integers(0, 59)))
def test_a_restart_is_no_step_ahead(
    plan: Warmup, days: list[tuple[float, str, int]], restarts: set[int]
) -> None:
    """What was sent since the last saving may be lost; a bad sign never is."""
    steady, restarted, now = WarmupWatch(plan), WarmupWatch(plan), NOON
    kept: WarmupMemory | None = None
    for number, (share, how, passes) in enumerate(days):
        for watch in (steady, restarted):
            watch.count_elsewhere(int(share * steady.allowance(now)), now)
            if how == "bad":
                watch.hold(BLOCKS, now)
        kept = restarted.memory if how == "bad" or kept is None else kept
        if number in restarts:
            restarted = WarmupWatch(plan, kept)
        now += passes * DAY
        assert restarted.standing(now).step <= steady.standing(now).step
        kept = restarted.memory


def test_days_without_mail_teach_nobody() -> None:
    watch = WarmupWatch(PLAN, zone=TOKYO)
    assert watch.standing(NOON + 100 * DAY).step == 1
    send(watch, 24, NOON)
    assert watch.standing(NOON + DAY).step == 1, "less than half"
    send(watch, 1, NOON + timedelta(hours=1))
    assert watch.standing(NOON + DAY).step == 2
    assert watch.standing(NOON + 10 * DAY).step == 2, "one day of mail is one step, however long ago"


def test_a_clock_that_was_set_back_makes_no_day_pass() -> None:
    watch = WarmupWatch(PLAN, zone=TOKYO)
    send(watch, 50, NOON + 900 * DAY)
    assert watch.standing(NOON).step == 1
    send(watch, 1, NOON)
    assert watch.standing(NOON).step == 1
    assert watch.standing(NOON + DAY).step == 1, "it may be the day that the clock was set back from"
    send(watch, 1, NOON + DAY)
    assert watch.standing(NOON + 2 * DAY).step == 2, "it is not held up for years either"


@given(st.integers(6, 60), st.lists(st.tuples(st.floats(0, 1), st.integers(1, 800)), max_size=40))
def test_a_clock_that_is_set_back_and_forward_again_gains_nothing(
    lasts: int, days: list[tuple[float, int]]
) -> None:
    """Each day mail goes before the clock is set back, while it is wrong, and once it is right again."""
    plan, now = Warmup(1, 30, lasts), NOON
    steady, restless = WarmupWatch(plan, zone=TOKYO), WarmupWatch(plan, zone=TOKYO)
    for share, back in days:
        parts = [1 + int(share * steady.allowance(now)), 1, 1]
        for number, when in zip(parts, (now, now - back * DAY, now), strict=True):
            send(steady, number, now)
            send(restless, number, when)
            assert restless.allowance(when) == steady.allowance(now)
        restless = WarmupWatch(plan, restless.memory, zone=TOKYO)
        now += DAY
    assert restless.standing(now) == steady.standing(now)


@given(st.lists(st.integers(-800, 800), max_size=25))
def test_a_clock_that_is_wrong_once_a_day_is_one_step_ahead_at_most(wrong: list[int]) -> None:
    watch, now = WarmupWatch(Warmup(1, 30, 30), zone=TOKYO), NOON
    for number, by in enumerate(wrong):
        for when in (now, now + by * DAY, now):
            send(watch, watch.allowance(when), when)
        assert watch.standing(now).step <= number + 2
        now += DAY


def test_another_plan_begins_with_its_first_day_and_the_same_goes_on() -> None:
    watch = WarmupWatch(PLAN)
    send(watch, 50, NOON)
    tomorrow = NOON + DAY
    assert WarmupWatch(PLAN, watch.memory).standing(tomorrow).step == 2
    assert WarmupWatch(replace(PLAN, days=40), watch.memory).standing(tomorrow).step == 1


# bad signs


@pytest.mark.parametrize(
    ("outcomes", "cause"),
    [
        ([BLOCKED], BrakeCause.BLOCKS),
        ([TAKEN] * 47 + [UNKNOWN_USER] * 3, BrakeCause.UNKNOWN_USERS),
        ([TAKEN] * 48 + [UNKNOWN_USER] * 2, None),
        ([UNREACHABLE] * 50, None),
    ],
)
def test_what_is_a_bad_sign(outcomes: list[Outcome], cause: BrakeCause | None) -> None:
    watch = WarmupWatch(PLAN)
    for place, outcome in enumerate(outcomes):
        effect = {TAKEN: SUCCESS, UNREACHABLE: NO_CONNECTION}.get(outcome, NOTHING)
        watch.hear(outcome, effect, 300.0 * place, NOON)
    send(watch, 50, NOON)
    found = watch.standing(NOON).found
    assert (None if found is None else found.cause) == cause
    assert watch.standing(NOON + DAY).step == (2 if cause is None else 1)
    assert watch.standing(NOON + DAY).held_by == found


def test_complaints_are_heard() -> None:
    watch = WarmupWatch(Warmup(500, 5000, 20))
    for _ in range(200):
        watch.hear(TAKEN, SUCCESS, 0.0, NOON)
    for _ in range(3):
        watch.complain(NOON)
    found = watch.standing(NOON).found
    assert found is not None
    assert found.cause is BrakeCause.COMPLAINTS


def test_each_day_is_heard_anew() -> None:
    watch = WarmupWatch(PLAN)
    watch.hear(BLOCKED, NOTHING, 0.0, NOON)
    send(watch, 50, NOON)
    tomorrow = NOON + DAY
    for _ in range(50):
        watch.hear(TAKEN, SUCCESS, 0.0, tomorrow)
        watch.took(tomorrow)
    assert watch.standing(tomorrow + DAY).step == 2
    assert watch.standing(tomorrow + DAY).held_by is None


# as one more limit of the day

MAILS = st.lists(st.tuples(st.integers(0, 40_000), st.booleans(), st.integers(0, 3)), max_size=150)


@given(MAILS, st.sampled_from([None, 3, 1000]))
def test_no_day_has_more_than_its_plan_allows(mails: list[tuple[int, bool, int]], daily: int | None) -> None:
    """Messages of whatever campaign, some of them not taken, with restarts and with other programs' mail."""
    plan, now = Warmup(2, 40, 8), NOON
    watch = WarmupWatch(plan, zone=TOKYO)
    quota = Quota(daily, None, zone=TOKYO, warmup=watch)
    taken: list[datetime] = []
    allowed: dict[date, int] = {}
    others: Elsewhere | None = None
    for waits, is_taken, event in mails:
        now += timedelta(seconds=waits)
        today = now.astimezone(TOKYO).date()
        if event == 1:
            watch = WarmupWatch(plan, watch.memory, zone=TOKYO)
            used = [(bucket_of(moment), 1) for moment in taken]
            quota = Quota(daily, None, zone=TOKYO, used=used, elsewhere=others, warmup=watch)
        elif event == 2 and (others is None or others.day != today):
            others = Elsewhere(today, 1)
            quota.count_elsewhere(others)
        allowed.setdefault(today, watch.allowance(now))
        assert watch.allowance(now) == allowed[today]
        if quota.free_at(now) is None:
            quota.take(now)
            if is_taken:
                quota.end(now)
                taken.append(now)
            else:
                quota.give_back(now)
        else:
            limit = min(daily or 10**9, allowed[today])
            assert quota.today(now) >= limit
            by_plan = allowed[today] < (daily or 10**9)
            assert quota.why(now) is (LaneReason.WARMING_UP if by_plan else LaneReason.QUOTA_USED)
    days = [moment.astimezone(TOKYO).date() for moment in taken]
    for day, most in allowed.items():
        assert days.count(day) <= min(most, daily or most)
    assert list(allowed.values()) == sorted(allowed.values())


def test_a_plan_that_is_taken_away_leaves_the_quota() -> None:
    quota = Quota(10, None, zone=TOKYO, warmup=WarmupWatch(Warmup(2, 40, 8), zone=TOKYO))
    assert quota.left(NOON) == 2
    quota.limit(10, None)
    assert quota.left(NOON) == 10


def test_what_went_elsewhere_counts_for_its_day_only() -> None:
    today = NOON.astimezone(TOKYO).date()
    quota = Quota(10, 8, zone=TOKYO, elsewhere=Elsewhere(today, 9))
    assert quota.left(NOON) == 1, "and not against the hour, since nobody knows when it was"
    assert quota.lately(NOON) == 0
    assert quota.left(NOON + DAY) == 8
    quota.count_elsewhere(Elsewhere(today, 0))
    assert quota.left(NOON) == 8


def test_other_programs_mail_warms_up_too() -> None:
    watch = WarmupWatch(Warmup(10, 40, 8), zone=TOKYO)
    quota = Quota(None, None, zone=TOKYO, warmup=watch)
    quota.count_elsewhere(Elsewhere(NOON.astimezone(TOKYO).date(), 6))
    assert quota.left(NOON) == 4
    assert watch.standing(NOON + DAY).step == 2


@given(plans(), st.integers(0, 40))
def test_what_lies_ahead_never_falls_and_ends_at_the_target(plan: Warmup, days: int) -> None:
    watch, now = WarmupWatch(plan), NOON
    for _ in range(days):
        watch.count_elsewhere(watch.allowance(now), now)
        now += DAY
    ahead = (watch.allowance(now), *watch.ahead(now))
    assert list(ahead) == sorted(ahead)
    assert ahead[-1] == plan.target


def test_the_memory_of_a_plan_is_a_value() -> None:
    memory = WarmupMemory(PLAN, date(2026, 1, 15), 3, sent=60)
    assert turn(memory, date(2026, 1, 15)) == memory
    assert turn(memory, date(2026, 1, 16)) == WarmupMemory(PLAN, date(2026, 1, 16), 4)
