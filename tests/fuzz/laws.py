"""What must hold for any octets a server may send; each law takes octets and fails by an assertion."""

from __future__ import annotations

from desktop_relay.domain.reply import Reply
from desktop_relay.protocol.ehlo import parse_ehlo
from desktop_relay.protocol.reply import (
    LINE_LIMIT_BYTES,
    LINES_LIMIT,
    REPLY_LIMIT_BYTES,
    ProtocolError,
    ReplyParser,
)

HELD_LIMIT = REPLY_LIMIT_BYTES + LINE_LIMIT_BYTES + 1
"""The most that a reply without end may make us keep."""


def feed(pieces: list[bytes]) -> tuple[list[Reply], bool]:
    """All replies, and whether the stream broke; never more is kept than may be."""
    parser = ReplyParser()
    replies: list[Reply] = []
    for piece in pieces:
        try:
            replies.extend(parser.feed(piece))
        except ProtocolError as error:
            return [*replies, *error.replies], True
        assert parser.held <= HELD_LIMIT
    return replies, False


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """``data`` in pieces of these sizes, over and over."""
    pieces: list[bytes] = []
    position = turn = 0
    while position < len(data):
        size = max(1, sizes[turn % len(sizes)])
        pieces.append(data[position : position + size])
        position, turn = position + size, turn + 1
    return pieces


def check_pieces(data: bytes, sizes: list[int]) -> None:
    """However the octets are cut, the same replies come out, and the stream breaks or does not."""
    assert feed([data]) == feed(cut(data, sizes))


def check_replies(data: bytes) -> None:
    """Every reply has a code that SMTP has and lines that can be shown; EHLO's parser takes each of them."""
    for reply in feed([data])[0]:
        assert 200 <= reply.code <= 599
        assert len(reply.lines) <= LINES_LIMIT
        assert all(char >= " " and not "\x7f" <= char <= "\x9f" for char in reply.text)
        if reply.enhanced is not None:
            assert reply.enhanced.klass == reply.code // 100
        offers = parse_ehlo(reply)
        for number in (offers.size, offers.mail_max, offers.rcpt_max, offers.rcpt_domain_max):
            assert number is None or number > 0
        assert all(name.isascii() and name == name.upper() for name in offers.names)
