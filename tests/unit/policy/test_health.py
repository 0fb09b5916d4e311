"""An account's rest after trouble, and what shows that a line blocks port 25."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.reply import Reply
from desktop_relay.policy.health import FIRST_REST_SECONDS, LONGEST_REST_SECONDS, Health
from desktop_relay.policy.port25 import BLOCKED_SECONDS, TRY_SECONDS, Port25Watch, is_blocked

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def test_rests_grow_until_something_goes_through() -> None:
    health, at, rests = Health(), 0.0, list[float]()
    for _ in range(12):
        health.fail(at)
        rests.append(health.rest(at))
        at += health.rest(at)
    assert rests[:3] == [FIRST_REST_SECONDS, FIRST_REST_SECONDS * 2, FIRST_REST_SECONDS * 4]
    assert rests[-1] == LONGEST_REST_SECONDS
    health.succeed(at)
    health.fail(at)
    assert health.rest(at) == FIRST_REST_SECONDS


def test_one_trouble_told_by_many_connections_is_one() -> None:
    health = Health()
    for at in (0.0, 0.1, 5.0):
        health.fail(at)
    health.succeed(6.0)
    assert (health.strikes, health.rest(0.0)) == (1, FIRST_REST_SECONDS)


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["fail", "succeed", "look"]))))
def test_a_rest_ends(steps: list[tuple[float, str]]) -> None:
    health, at = Health(), 0.0
    for seconds, step in steps:
        at += seconds
        if step != "look":
            getattr(health, step)(at)
        assert 0.0 <= health.rest(at) <= LONGEST_REST_SECONDS


@given(
    st.lists(st.tuples(st.floats(0, 2000), st.sampled_from(["fail", "succeed"]))),
    st.floats(0, 4000),
    st.floats(-4000, 4000),
)
def test_a_restart_is_no_reason_to_knock_again(
    steps: list[tuple[float, str]], off: float, set_by: float
) -> None:
    """Whenever it ends, however long it is off and however its clock is set back meanwhile."""
    stayed, at = Health(), 1000.0
    for seconds, step in steps:
        at += seconds
        getattr(stayed, step)(at)
    memory = LaneMemory(NOW, health=stayed.memory(at))
    later = NOW + timedelta(seconds=off + min(set_by, 0.0))
    began = 5.0  # another engine, another monotonic clock
    back = Health(memory.health, memory.since(began, later))
    assert back.strikes == stayed.strikes
    assert back.rest(began) >= stayed.rest(at + off) - 1e-6
    assert back.rest(began) <= stayed.rest(at) + 1e-3
    back.fail(began + 10_000)
    stayed.fail(at + off + 10_000)
    assert back.rest(began + 10_000) == pytest.approx(stayed.rest(at + off + 10_000))


def silent(host: str, failure: Failure = Failure.TIMEOUT) -> Exchange:
    return Exchange(Stage.CONNECT, failure=failure, host=f"{host}:25")


SILENT = [silent("mx.one.example"), silent("mx.two.example"), silent("mx.three.example")]


def test_unrelated_hosts_that_are_all_silent() -> None:
    assert is_blocked(SILENT)
    assert not is_blocked(SILENT[:2])
    assert not is_blocked([silent(f"mx{n}.one.example") for n in range(9)])


def test_any_answer_from_outside_shows_that_the_port_is_open() -> None:
    for answer in (
        Exchange(Stage.BANNER, Reply(554), host="mx.four.example:25"),
        silent("mx.four.example", Failure.REFUSED),
        Exchange(Stage.DOT, Reply(250), host="mx.four.example:25"),
    ):
        assert not is_blocked([*SILENT, answer])
    assert is_blocked([*SILENT, Exchange(Stage.RESOLVE, failure=Failure.NO_ADDRESS)])


def test_after_an_hour_one_more_silence_is_enough() -> None:
    watch = Port25Watch()
    for exchange in SILENT:
        watch.learn(exchange, 0.0)
    assert watch.blocked_for(1.0) == BLOCKED_SECONDS - 1
    assert watch.blocked_for(BLOCKED_SECONDS) == 0
    watch.learn(SILENT[0], BLOCKED_SECONDS)
    assert watch.blocked_for(BLOCKED_SECONDS) == BLOCKED_SECONDS
    watch.forget()
    assert watch.blocked_for(BLOCKED_SECONDS) == 0


def test_after_an_hour_one_tries_and_the_others_follow_when_it_is_open() -> None:
    watch = Port25Watch()
    assert watch.may_try(0.0)
    for exchange in SILENT:
        watch.learn(exchange, 0.0)
    assert not watch.may_try(BLOCKED_SECONDS - 1)
    at = BLOCKED_SECONDS
    assert [watch.may_try(at), watch.may_try(at), watch.may_try(at + TRY_SECONDS)] == [True, False, True]
    watch.learn(SILENT[0], at + TRY_SECONDS)
    assert not watch.may_try(at + TRY_SECONDS + 1)
    at += TRY_SECONDS + BLOCKED_SECONDS
    assert watch.may_try(at)
    watch.learn(Exchange(Stage.DOT, Reply(250), host="mx.four.example:25"), at + 1)
    assert [watch.is_doubted, watch.may_try(at + 1), watch.may_try(at + 1)] == [False, True, True]
