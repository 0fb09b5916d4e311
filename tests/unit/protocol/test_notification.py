"""Asking for delivery status notifications: xtext there and back, and parameters within their lengths."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.outgoing import DeliveryNotifications
from desktop_relay.protocol.notification import (
    LONGEST_ORCPT,
    compose_mail_request,
    compose_rcpt_request,
    encode_xtext,
)

OFF, FAILURE, ALL = DeliveryNotifications


@given(st.text(st.characters(max_codepoint=127)))
def test_xtext_there_and_back(text: str) -> None:
    encoded = encode_xtext(text)
    assert re.sub(r"\+([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), encoded) == text
    # RFC 3461 4: xchar is printable ASCII but "+" and "="
    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", encoded)


def test_xtext_is_ascii() -> None:
    with pytest.raises(ValueError):
        encode_xtext("あ")


def test_nothing_is_asked_for_by_default() -> None:
    assert compose_mail_request(OFF, "<1@shop.example>") == []
    assert compose_rcpt_request(OFF, "anna@test.example") == []


@pytest.mark.parametrize(
    ("wanted", "recipient", "parameters"),
    [
        (FAILURE, "anna@test.example", ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;anna@test.example"]),
        (ALL, "a+b@test.example", ["NOTIFY=SUCCESS,FAILURE,DELAY", "ORCPT=rfc822;a+2Bb@test.example"]),
        (FAILURE, '"a..b"@docomo.ne.jp', ["NOTIFY=FAILURE,DELAY", 'ORCPT=rfc822;"a..b"@docomo.ne.jp']),
        (FAILURE, "あ=@test.example", ["NOTIFY=FAILURE,DELAY", "ORCPT=utf-8;あ\\x{3D}@test.example"]),
        (FAILURE, "=" * 200 + "@test.example", ["NOTIFY=FAILURE,DELAY"]),
    ],
)
def test_recipients(wanted: DeliveryNotifications, recipient: str, parameters: list[str]) -> None:
    assert compose_rcpt_request(wanted, recipient) == parameters


@pytest.mark.parametrize(
    ("message_id", "parameters"),
    [
        ("<1.a+b=c@shop.example>", ["RET=HDRS", "ENVID=1.a+2Bb+3Dc@shop.example"]),
        ("<" + "x" * 101 + ">", ["RET=HDRS"]),
        ("<あ@shop.example>", ["RET=HDRS"]),
        ("", ["RET=HDRS"]),
    ],
)
def test_envelopes(message_id: str, parameters: list[str]) -> None:
    assert compose_mail_request(FAILURE, message_id) == parameters


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_no_recipient_makes_two_parameters(recipient: str) -> None:
    for parameter in compose_rcpt_request(ALL, recipient):
        assert " " not in parameter
        assert len(parameter.encode()) <= LONGEST_ORCPT
