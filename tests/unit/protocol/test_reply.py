"""Replies: every form of RFC 5321 4.2, in any pieces, and nothing but ProtocolError for the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.reply import EnhancedStatus, Reply
from desktop_relay.protocol.reply import (
    LINE_LIMIT_BYTES,
    LINES_LIMIT,
    ProtocolError,
    ReplyParser,
    parse_reply_text,
)


def parse(data: bytes) -> list[Reply]:
    return ReplyParser().feed(data)


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        (b"250 OK\r\n", Reply(250, ("OK",))),
        (b"250\r\n", Reply(250, ("",))),
        (b"250 \r\n", Reply(250, ("",))),
        (b"220 mx.example ESMTP\n", Reply(220, ("mx.example ESMTP",))),
        (b"250 2.1.0 Sender ok\r\n", Reply(250, ("Sender ok",), EnhancedStatus(2, 1, 0))),
        (b"550 5.1.1\r\n", Reply(550, ("",), EnhancedStatus(5, 1, 1))),
        (
            b"550-5.7.1 Blocked\r\n550 5.7.1 see example\r\n",
            Reply(550, ("Blocked", "see example"), EnhancedStatus(5, 7, 1)),
        ),
        (b"550-Blocked\r\n550 5.7.1 see\r\n", Reply(550, ("Blocked", "see"), EnhancedStatus(5, 7, 1))),
        # the class contradicts the code: only text
        (b"450 5.2.2 full\r\n", Reply(450, ("5.2.2 full",))),
        (b"354 2.0.0 go\r\n", Reply(354, ("2.0.0 go",))),
        (b"250 5.1.1.1 host\r\n", Reply(250, ("5.1.1.1 host",))),
        (b"550 #5.1.0 Address rejected.\r\n", Reply(550, ("Address rejected.",), EnhancedStatus(5, 1, 0))),
        # behind the words, as qmail tells it; they stay as they are
        (b"553 sorry (#5.7.1)\r\n", Reply(553, ("sorry (#5.7.1)",), EnhancedStatus(5, 7, 1))),
        (b"550 5.1.1 no (#5.7.1)\r\n", Reply(550, ("no (#5.7.1)",), EnhancedStatus(5, 1, 1))),
        (b"450 later (#5.7.1)\r\n", Reply(450, ("later (#5.7.1)",))),
        (b"550 see version (5.1.1)\r\n", Reply(550, ("see version (5.1.1)",))),
        # codes differ: the last line is the answer
        (b"250-yes\r\n550 no\r\n", Reply(550, ("yes", "no"))),
        (b"421 \xe6\x97\xa5\xe6\x9c\xac \xff\x07end\r\n", Reply(421, ("日本 � end",))),
    ],
)
def test_one_reply(wire: bytes, reply: Reply) -> None:
    assert parse(wire) == [reply]


def test_several_replies_in_one_piece() -> None:
    replies = parse(b"250 one\r\n250-two\r\n250 more\r\n354 go\r\n250-half")
    assert [(r.code, r.lines) for r in replies] == [
        (250, ("one",)),
        (250, ("two", "more")),
        (354, ("go",)),
    ]


@pytest.mark.parametrize(
    "wire",
    [
        b"hello\r\n",
        b"25 OK\r\n",
        b"2500 OK\r\n",
        b"150 x\r\n",
        b"650 x\r\n",
        b"\r\n",
        b"250_OK\r\n",
        b"+50 x\r\n",
    ],
)
def test_what_is_no_reply(wire: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse(wire)


def test_endless_line_and_endless_reply_are_bounded() -> None:
    with pytest.raises(ProtocolError):
        parse(b"220 " + b"x" * (LINE_LIMIT_BYTES + 1))
    parser = ReplyParser()
    for _ in range(LINES_LIMIT):
        parser.feed(b"250-x\r\n")
    with pytest.raises(ProtocolError):
        parser.feed(b"250-x\r\n")


def test_idle_tells_of_a_started_reply() -> None:
    parser = ReplyParser()
    told = [parser.idle]
    for piece in (b"25", b"0-x\r\n", b"250 y\r\n"):
        parser.feed(piece)
        told.append(parser.idle)
    assert told == [True, False, False, True]


@given(st.binary(max_size=400))
def test_nothing_else_is_ever_raised(data: bytes) -> None:
    parser = ReplyParser()
    try:
        replies = parser.feed(data)
    except ProtocolError:
        return
    for reply in replies:
        assert 200 <= reply.code <= 599
        assert all(ord(char) >= 32 for char in reply.text)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=30)
replies = st.tuples(st.integers(200, 599), st.lists(texts, min_size=1, max_size=4))


def wire_of(code: int, lines: list[str]) -> bytes:
    marks = ["-"] * (len(lines) - 1) + [" "]
    return b"".join(f"{code}{mark}{text}\r\n".encode() for mark, text in zip(marks, lines, strict=True))


@given(st.lists(replies, min_size=1, max_size=4), st.lists(st.integers(1, 9), min_size=1))
def test_pieces_make_no_difference(several: list[tuple[int, list[str]]], sizes: list[int]) -> None:
    wire = b"".join(wire_of(code, lines) for code, lines in several)
    whole = parse(wire)
    assert [reply.code for reply in whole] == [code for code, _ in several]
    parser, pieces, position, turn = ReplyParser(), [], 0, 0
    while position < len(wire):
        size = sizes[turn % len(sizes)]
        pieces.extend(parser.feed(wire[position : position + size]))
        position, turn = position + size, turn + 1
    assert pieces == whole


@given(st.integers(200, 599), st.lists(texts, min_size=1, max_size=4))
def test_text_of_another_parser_is_the_same_reply(code: int, lines: list[str]) -> None:
    assert parse_reply_text(code, "\n".join(lines)) == parse(wire_of(code, lines))[0]


@pytest.mark.parametrize("code", [-1, 0, 199, 600])
def test_codes_that_are_none(code: int) -> None:
    with pytest.raises(ProtocolError):
        parse_reply_text(code, "x")
