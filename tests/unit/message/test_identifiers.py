"""Identifiers: stable, telling nothing, well formed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import Identity
from desktop_relay.message.identifiers import (
    compose_boundary,
    compose_feedback_id,
    compose_list_id,
    compose_message_id,
    compose_token,
)
from desktop_relay.message.unsubscribe import plan_unsubscribe


@given(st.text(), st.text())
def test_a_message_id_is_the_same_for_a_recipient_of_a_campaign(uid: str, key: str) -> None:
    composed = compose_message_id(uid, key, "example.jp")
    assert composed == compose_message_id(uid, key, "example.jp")
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.jp>", composed)
    assert composed != compose_message_id(uid + "x", key, "example.jp")
    assert compose_message_id("a", "bc", "d.test") != compose_message_id("ab", "c", "d.test")


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_tokens_differ_by_recipient_and_are_told_nowhere_else(uid: str, one: str, other: str) -> None:
    token = compose_token(uid, one)
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert (token == compose_token(uid, other)) == (one == other)
    assert token not in compose_message_id(uid, one, "example.jp")
    assert compose_feedback_id(uid, "a@example.jp", "campaign").split(":")[0] not in token


@pytest.mark.parametrize(
    ("address", "list_id"),
    [
        ("shop@example.jp", "<shop.example.jp>"),
        ("News.Letter@example.jp", "<news.letter.example.jp>"),
    ],
)
def test_a_list_id_reads_like_the_address(address: str, list_id: str) -> None:
    assert compose_list_id(address) == list_id


def test_a_list_id_of_an_odd_address_is_still_a_name() -> None:
    assert re.fullmatch(r"<[0-9a-f]{16}\.docomo\.ne\.jp>", compose_list_id("a..b@docomo.ne.jp"))


def test_a_feedback_id_has_four_parts_with_the_sender_last() -> None:
    one = compose_feedback_id("u1", "a@example.jp", "campaign").split(":")
    two = compose_feedback_id("u2", "b@example.jp", "test").split(":")
    assert len(one) == len(two) == 4
    assert one[3] == two[3]
    assert 5 <= len(one[3]) <= 15
    assert one[:3] != two[:3]
    assert one[2] == "campaign"


def test_a_boundary_belongs_to_its_campaign() -> None:
    assert compose_boundary("u1") == compose_boundary("u1") != compose_boundary("u2")
    assert compose_boundary("u1").startswith("=_")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.example.jp/stop", "https://www.example.jp/stop/TOKEN"),
        ("https://www.example.jp/stop/", "https://www.example.jp/stop/TOKEN"),
        ("https://www.example.jp/?t=", "https://www.example.jp/?t=TOKEN"),
        ("https://www.example.jp/?list=1", "https://www.example.jp/?list=1&token=TOKEN"),
        ("https://www.example.jp/?list=1&", "https://www.example.jp/?list=1&token=TOKEN"),
        ("https://www.example.jp/?back=/shop/", "https://www.example.jp/?back=/shop/&token=TOKEN"),
        ("https://www.example.jp/?q=a?", "https://www.example.jp/?q=a?&token=TOKEN"),
        ("https://www.example.jp/index.php?/stop/", "https://www.example.jp/index.php?/stop/TOKEN"),
        ("https://www.example.jp/?", "https://www.example.jp/?TOKEN"),
        ("https://www.example.jp/stop#form", "https://www.example.jp/stop/TOKEN#form"),
        ("https://www.example.jp/?list=1#form", "https://www.example.jp/?list=1&token=TOKEN#form"),
        ("https://www.example.jp/stop#a?b=", "https://www.example.jp/stop/TOKEN#a?b="),
        ("https://www.example.jp/stop/#", "https://www.example.jp/stop/TOKEN#"),
        (None, "mailto:shop@example.jp?subject=unsubscribe%20TOKEN"),
    ],
)
def test_links(url: str | None, link: str) -> None:
    assert plan_unsubscribe(Identity("shop@example.jp", unsubscribe_url=url)).link("TOKEN") == link


def test_headers() -> None:
    by_mail = plan_unsubscribe(Identity("shop@example.jp", reply_to="info+a@example.jp"))
    assert by_mail.header("T") == b"List-Unsubscribe: <mailto:info+a@example.jp?subject=unsubscribe%20T>\r\n"
    placed = plan_unsubscribe(Identity("a@example.jp", unsubscribe_url="https://w.test/u?a=1#form"))
    # nobody scrolls after one click
    assert b"<https://w.test/u?a=1&token=T>," in placed.header("T")
    both = plan_unsubscribe(
        Identity("a@example.jp", unsubscribe_mailto="a..b@docomo.ne.jp", unsubscribe_url="https://w.test/u")
    )
    assert both.address == "a..b@docomo.ne.jp"
    assert both.header("T") == (
        b"List-Unsubscribe: <https://w.test/u/T>,\r\n"
        b" <mailto:%22a..b%22@docomo.ne.jp?subject=unsubscribe%20T>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.jp/",
        "https://",
        "https://www.example.jp/>\r\nBcc: x",
        "https://例.jp/",
        "https://w.test/ x",
        "https://" + "a" * 600,
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        plan_unsubscribe(Identity("shop@example.jp", unsubscribe_url=url))
    assert caught.value.code is ErrorCode.VALUE_INVALID
