from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.transport.sandbox.carriers_file import load_carriers
from desktop_relay.transport.sandbox.gate import Gate

LIMITS = replace(
    load_carriers().of_domain("docomo.ne.jp").limits,
    connections=2,
    messages_per_minute=60,
    burst=5,
    messages_per_session=3,
    block_after=0,
    block_seconds=100,
    unknown_count=0,
)


def test_connections_are_counted() -> None:
    gate = Gate(LIMITS)
    assert gate.connect(0) is None
    assert gate.connect(0) is None
    assert gate.connect(0) == LIMITS.connections_reply
    assert gate.connections == 2
    gate.leave()
    assert gate.connect(0) is None


def test_a_session_ends_after_its_messages() -> None:
    gate = Gate(LIMITS)
    assert gate.message(2, 0) is None
    assert gate.message(3, 0) == LIMITS.session_reply


def test_the_burst_is_borne_and_then_the_pace() -> None:
    gate = Gate(LIMITS)
    assert [gate.recipient("x", 0) for _ in range(6)] == [None] * 5 + [LIMITS.rate_reply]
    assert gate.recipient("x", 0.5) == LIMITS.rate_reply
    assert gate.recipient("x", 1.0) is None
    assert gate.recipient("y", 1.0) == LIMITS.rate_reply


def test_each_domain_can_have_its_own_pace() -> None:
    gate = Gate(replace(LIMITS, each_domain=True, burst=1))
    assert [gate.recipient(domain, 0) for domain in "aabb"] == [
        None,
        LIMITS.rate_reply,
        None,
        LIMITS.rate_reply,
    ]


@given(st.lists(st.floats(0.0, 3.0), max_size=60))
def test_no_stretch_of_time_bears_more_than_burst_and_pace(gaps: list[float]) -> None:
    gate, at, let_in = Gate(LIMITS), 0.0, []
    for gap in gaps:
        at += gap
        if gate.recipient("x", at) is None:
            let_in.append(at)
    for first in range(len(let_in)):
        for last in range(first, len(let_in)):
            assert last - first + 1 <= LIMITS.burst + (let_in[last] - let_in[first]) + 1e-6


def test_stubborn_senders_are_blocked_for_a_while() -> None:
    gate = Gate(replace(LIMITS, connections=0, block_after=3))
    assert [gate.connect(at) for at in (0, 10, 20)] == [LIMITS.connections_reply] * 3
    assert gate.connect(21) == LIMITS.blocked_reply
    assert gate.message(0, 21) == LIMITS.blocked_reply
    assert gate.connect(120) == LIMITS.connections_reply


def test_refusals_far_apart_block_nobody() -> None:
    gate = Gate(replace(LIMITS, connections=0, block_after=3))
    assert {gate.connect(at) for at in range(0, 4000, 40)} == {LIMITS.connections_reply}


def test_many_unknown_users_block() -> None:
    gate = Gate(replace(LIMITS, unknown_count=25))
    for turn in range(200):
        gate.learn(unknown=turn % 5 == 0, at=0)
    assert gate.connect(1) is None
    for _ in range(10):
        gate.learn(unknown=True, at=2)
    assert gate.connect(3) == LIMITS.blocked_reply
    assert gate.connect(103) is None
