from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.outcome import Reason
from desktop_relay.policy.retry import parse_hint, plan_retry, schedule_of

reasons = st.sampled_from(Reason)
attempts = st.integers(-1, 10_000)
jitters = st.floats(0, 1, exclude_max=True)


def minutes(reason: Reason, attempt: int, jitter: float = 0.5) -> float:
    return plan_retry(reason, attempt, jitter) / timedelta(minutes=1)


def test_throttled_goes_from_a_quarter_hour_to_eight_hours() -> None:
    found = [minutes(Reason.THROTTLED, n) for n in range(1, 9)]
    assert found == pytest.approx([15, 30, 60, 120, 240, 480, 480, 480])


def test_a_full_mailbox_gets_hours() -> None:
    assert [minutes(Reason.MAILBOX_FULL, n) for n in (1, 2, 3, 4)] == pytest.approx([120, 240, 480, 480])


@given(jitters)
def test_greylisting_is_met_again_after_six_to_fifteen_minutes(jitter: float) -> None:
    assert 6 <= minutes(Reason.GREYLISTED, 1, jitter) <= 15


@given(jitters)
def test_name_servers_are_asked_again_after_five_to_fifteen_minutes(jitter: float) -> None:
    assert 5 <= minutes(Reason.DNS_TEMPORARY, 1, jitter) <= 15


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 greylisted, try again in 300 seconds", 300),
        ("Greylisted, please retry in 25 minutes", 1500),
        ("come back in 1h", 3600),
        ("in 99 hours", 4 * 3600),
        ("try again later", None),
        ("error in 2 places", None),
    ],
)
def test_a_server_says_how_long(text: str, seconds: int | None) -> None:
    found = parse_hint(text)
    assert (found.total_seconds() if found is not None else None) == seconds


@given(jitters, st.integers(1, 8), st.integers(0, 14_400))
def test_nobody_comes_back_before_he_may(jitter: float, attempt: int, seconds: int) -> None:
    hint = timedelta(seconds=seconds)
    planned = plan_retry(Reason.GREYLISTED, attempt, jitter, hint)
    assert planned >= hint
    assert planned >= schedule_of(Reason.GREYLISTED).bounds(attempt)[0]
    assert planned <= max(schedule_of(Reason.GREYLISTED).bounds(attempt)[1], hint * 1.2)


@given(jitters)
def test_a_block_gets_about_an_hour(jitter: float) -> None:
    assert 54 <= minutes(Reason.BLOCKED, 1, jitter) <= 66


@given(reasons, attempts, jitters, jitters)
def test_waits_grow_with_attempts_and_jitter_within_their_bounds(
    reason: Reason, attempt: int, one: float, other: float
) -> None:
    low, high = schedule_of(reason).bounds(attempt)
    assert timedelta(0) < low <= plan_retry(reason, attempt, one) <= high <= timedelta(hours=9)
    later_low, later_high = schedule_of(reason).bounds(attempt + 1)
    assert later_low >= low
    assert later_high >= high
    assert plan_retry(reason, attempt + 1, one) >= plan_retry(reason, attempt, one)
    assert plan_retry(reason, attempt, max(one, other)) >= plan_retry(reason, attempt, min(one, other))


@pytest.mark.parametrize(("jitter", "bound"), [(-5.0, 0), (7.0, 1)])
def test_a_wild_jitter_is_tamed(jitter: float, bound: int) -> None:
    assert plan_retry(Reason.THROTTLED, 1, jitter) == schedule_of(Reason.THROTTLED).bounds(1)[bound]
