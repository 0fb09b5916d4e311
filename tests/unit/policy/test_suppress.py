from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.policy.suppress import SuppressionSet, parse_pattern, suppresses

HAND, BOUNCED = SuppressionReason.BY_HAND, SuppressionReason.BOUNCED
COMPLAINT, LEFT = SuppressionReason.COMPLAINT, SuppressionReason.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Taro@Example.test", "taro@example.test"),
        ("  taro@example.test ", "taro@example.test"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("@Example.TEST", "@example.test"),
        ("*@example.test", "@example.test"),
        ("*.Example.test", "*.example.test"),
        ("@*.example.test", "*.example.test"),
        ("@日本語.test", "@xn--wgv71a119e.test"),
    ],
)
def test_what_a_person_writes(text: str, pattern: str) -> None:
    assert parse_pattern(text) == pattern
    assert parse_pattern(pattern) == pattern


@pytest.mark.parametrize("text", ["", "@", "*.", "*", "taro", "@.test", "*.a b.test", "@a@b", "*.*.test"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_pattern(text)
    assert caught.value.code is ErrorCode.ADDRESS_INVALID


def pattern_of(text: str) -> str | None:
    try:
        return parse_pattern(text)
    except BadInput:
        return None


@given(st.text(max_size=40) | st.from_regex(r"(@|\*\.|a@)[a-zA-Z.é-]{1,12}\.test", fullmatch=True))
def test_a_pattern_stays_what_it_is(text: str) -> None:
    pattern = pattern_of(text)
    assert pattern is None or parse_pattern(pattern) == pattern


def test_the_address_then_its_domain_then_those_above() -> None:
    found = SuppressionSet(
        {"taro@a.example.test": LEFT, "@a.example.test": BOUNCED, "*.example.test": HAND, "*.jp": COMPLAINT}
    ).match
    assert found("taro@a.example.test") is LEFT
    assert found("hana@a.example.test") is BOUNCED
    assert found("hana@b.a.example.test") is HAND
    assert found("hana@example.test") is HAND
    assert found("hana@example.jp") is COMPLAINT
    assert found("hana@anexample.test") is None
    assert found("hana@test") is None


def test_a_later_change_of_the_mapping_changes_nothing() -> None:
    patterns = {"@example.test": HAND}
    chosen = SuppressionSet(patterns)
    patterns.clear()
    assert chosen.match("a@example.test") is HAND


def test_only_dead_addresses_are_suppressed() -> None:
    assert {reason for reason in Reason if suppresses(reason)} == {
        Reason.UNKNOWN_USER,
        Reason.MAILBOX_DISABLED,
    }
