"""What is known of port 25 outlives the engine: a restart is never more forward than none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane_memory import Port25Memory
from desktop_relay.domain.reply import Reply
from desktop_relay.policy.port25 import BLOCKED_SECONDS, TRY_SECONDS, UNRELATED_HOSTS, Port25Watch

HOME, MOBILE = "home", "mobile"
ANSWER = Exchange(Stage.BANNER, Reply(220), host="mx.answers.example:25")


def silent(owner: int) -> Exchange:
    return Exchange(Stage.CONNECT, failure=Failure.TIMEOUT, host=f"mx.owner{owner}.example:25")


def blocked() -> Port25Watch:
    watch = Port25Watch(HOME)
    for owner in range(UNRELATED_HOSTS):
        watch.learn(silent(owner), 0.0)
    return watch


def tries(watch: Port25Watch, owner: int, at: float) -> bool:
    """Whether a lane tries now; nobody answers."""
    may = watch.blocked_for(at) == 0 and watch.may_try(at)
    if may:
        watch.learn(silent(owner), at)
    return may


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 1.5 * BLOCKED_SECONDS) | st.floats(0.0, 200.0), st.integers(0, 4), st.booleans()
        ),
        max_size=40,
    )
)
def test_a_restart_is_never_more_forward_than_none(moments: list[tuple[float, int, bool]]) -> None:
    lasting, restarted, at = Port25Watch(HOME), Port25Watch(HOME), 0.0
    number_lasting = number_restarted = 0
    for seconds, owner, restarts in moments:
        if restarts:
            restarted = Port25Watch(HOME, restarted.memory(at), at)
        at += seconds
        number_lasting += tries(lasting, owner, at)
        number_restarted += tries(restarted, owner, at)
        assert number_restarted <= number_lasting


def test_who_was_finding_out_is_gone_with_the_engine() -> None:
    watch, at = blocked(), BLOCKED_SECONDS
    assert watch.may_try(at)
    after = Port25Watch(HOME, watch.memory(at + 1), at + 1)
    assert after.blocked_for(at + 1) == TRY_SECONDS - 1
    assert [after.may_try(at + 1), after.may_try(at + TRY_SECONDS)] == [False, True]


def test_on_another_network_nothing_of_it_holds() -> None:
    kept = blocked().memory(10.0)
    assert kept == Port25Memory(
        ("owner0.example", "owner1.example", "owner2.example"), BLOCKED_SECONDS - 10, 0.0, HOME
    )
    here, elsewhere = Port25Watch(HOME, kept, 10.0), Port25Watch(MOBILE, kept, 10.0)
    assert (here.is_doubted, here.blocked_for(20.0)) == (True, BLOCKED_SECONDS - 20)
    assert (elsewhere.is_doubted, elsewhere.blocked_for(20.0)) == (False, 0.0)
    assert elsewhere.memory(20.0) == Port25Memory(network=MOBILE)


def test_one_that_was_silent_is_not_asked_twice_for_being_forgotten() -> None:
    watch = Port25Watch(HOME)
    assert [watch.learn(silent(owner), 0.0) for owner in (0, 1)] == [True, True]
    after = Port25Watch(HOME, watch.memory(5.0), 5.0)
    assert after.learn(silent(2), 6.0)
    assert after.blocked_for(6.0) == BLOCKED_SECONDS


def test_hosts_that_never_answered_prove_nothing_where_others_did() -> None:
    watch = Port25Watch(HOME)
    for owner in range(100, 100 + UNRELATED_HOSTS):
        watch.learn(Exchange(Stage.MAIL, Reply(450), host=f"mx.owner{owner}.example:25"), 0.0)
    assert not any(watch.learn(silent(owner), 1.0) for owner in range(50))
    assert watch.blocked_for(1.0) == 0.0


def test_the_providers_own_server_proves_nothing() -> None:
    """It can be reached from behind the block that keeps mail from all others."""
    watch = Port25Watch(HOME)
    watch.learn(ANSWER, 0.0)
    for owner in range(UNRELATED_HOSTS):
        watch.learn(silent(owner), 1.0)
    assert watch.blocked_for(1.0) == BLOCKED_SECONDS


def test_hosts_that_answered_before_do() -> None:
    watch = Port25Watch(HOME)
    for owner in range(UNRELATED_HOSTS):
        watch.learn(Exchange(Stage.MAIL, Reply(450), host=f"mx.owner{owner}.example:25"), 0.0)
    assert [watch.learn(silent(owner), 1.0) for owner in range(UNRELATED_HOSTS)] == [True] * UNRELATED_HOSTS
    assert watch.blocked_for(1.0) == BLOCKED_SECONDS
    assert watch.learn(silent(99), BLOCKED_SECONDS + 1), (
        "whoever finds out afterwards need not be one of them"
    )
    assert watch.blocked_for(BLOCKED_SECONDS + 1) == BLOCKED_SECONDS


def test_it_tells_when_more_or_less_is_known() -> None:
    watch = Port25Watch()
    assert watch.learn(silent(0), 0.0)
    assert watch.learn(ANSWER, 0.0)
    watch = blocked()
    assert not watch.learn(silent(9), 1.0), "nobody needs to write down a fourth"
    assert watch.learn(silent(9), BLOCKED_SECONDS)
    assert not watch.learn(Exchange(Stage.RESOLVE, failure=Failure.NO_ADDRESS), BLOCKED_SECONDS)
