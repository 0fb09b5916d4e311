"""The laws of ``laws`` under octets that look like replies, nearly like replies, and like nothing at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.protocol.reply import LINE_LIMIT_BYTES, ProtocolError, ReplyParser
from tests.fuzz.laws import HELD_LIMIT, check_pieces, check_replies

_WORDS = (
    "2|5|50|250|550-|250 |250-|421 |999 |5.1.1 |2.0.0|SIZE |SIZE=0|AUTH=LOGIN|LIMITS |MAILMAX=|MAILMAX=5 |"
    "RCPTMAX=0|8BITMIME| |-|=|\r|\n|\r\n|\r\r\n|\0|\u2028|日本"
)
tokens = st.sampled_from([*_WORDS.encode().split(b"|"), b"\xff", b"x" * (LINE_LIMIT_BYTES - 4)])
likely = st.lists(tokens, max_size=40).map(b"".join)
octets = st.one_of(likely, st.binary(max_size=300), likely.map(lambda data: b"250-mx\r\n" + data))
sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=5)


@given(octets, sizes)
def test_pieces_make_no_difference(data: bytes, pieces: list[int]) -> None:
    check_pieces(data, pieces)


@given(octets)
def test_replies_can_be_used(data: bytes) -> None:
    check_replies(data)


@pytest.mark.parametrize(
    "piece", [b"x", b"250-" + b"x" * 70 + b"\r\n", b"250-\r\n", b"250-" + b"x" * 4000 + b"\r\n"]
)
def test_what_has_no_end_is_given_up_within_bounds(piece: bytes) -> None:
    with pytest.raises(ProtocolError):
        feed_without_end(piece)


def feed_without_end(piece: bytes) -> None:
    parser = ReplyParser()
    for _ in range(4 * HELD_LIMIT // len(piece)):
        parser.feed(piece)
        assert parser.held <= HELD_LIMIT
