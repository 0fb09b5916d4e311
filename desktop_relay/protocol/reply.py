"""SMTP replies out of octets that arrive in any pieces (RFC 5321 4.2), within bounds."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_relay.domain.reply import EnhancedStatus, Reply

LINE_LIMIT_BYTES = 4096
"""RFC 5321 4.5.3.1.5 says 512; real servers put long links into refusals."""

LINES_LIMIT = 128
"""More continuation lines than any EHLO has."""

REPLY_LIMIT_BYTES = 65_536
"""All lines of one reply together: what a connection can make us keep."""

_REMEMBERED = 128
_LINE = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?", re.DOTALL)
_ENHANCED = re.compile(r"#?([245])\.([0-9]{1,3})\.([0-9]{1,3})(?:[ \t]+|$)")
_TRAILING = re.compile(r"\(#([45])\.([0-9]{1,3})\.([0-9]{1,3})\)")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ProtocolError(ValueError):
    """What came is no SMTP reply, or it has no end. ``replies`` are those that were complete before it."""

    def __init__(self, text: str, replies: tuple[Reply, ...] = ()) -> None:
        super().__init__(text)
        self.replies = replies


class ReplyParser:
    """Feed it octets as they come; it hands out replies as they are complete.

    How the octets are cut into pieces makes no difference. After a ``ProtocolError`` the stream means
    nothing any more and the parser is not to be fed again.
    """

    __slots__ = ("_lines", "_octets", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._octets = 0

    @property
    def held(self) -> int:
        """Octets that are kept of a reply whose end has not come; never more than the limits say."""
        return self._octets + len(self._rest)

    @property
    def idle(self) -> bool:
        """No part of a reply is waiting for its end."""
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that ``data`` completes, oldest first; raises ``ProtocolError``."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        replies: list[Reply] = []
        try:
            for line in lines:
                # a bare LF is taken for a line end, as every MTA does on this side of the dialogue
                self._take(line.removesuffix(b"\r"), replies)
            _check_length(self._rest, LINE_LIMIT_BYTES + 1)
        except ProtocolError as error:
            error.replies = tuple(replies)
            raise
        return replies

    def _take(self, line: bytes, replies: list[Reply]) -> None:
        """Keep one line, or the reply that it ends."""
        _check_length(line, LINE_LIMIT_BYTES)
        if not _LINE.fullmatch(line):
            raise ProtocolError("not a reply line")
        if not self._lines and line[3:4] != b"-":
            replies.append(_single_reply(line))
            return
        self._octets += len(line)
        if len(self._lines) >= LINES_LIMIT or self._octets > REPLY_LIMIT_BYTES:
            raise ProtocolError("too many lines")
        self._lines.append(line)
        if line[3:4] != b"-":
            # RFC 5321 4.2.1: the code is the same on every line; where it is not, the last line is the answer
            replies.append(_compose(int(line[:3]), [each[4:] for each in self._lines]))
            self._lines = []
            self._octets = 0


def parse_reply_text(code: int, text: str) -> Reply:
    """The reply whose code another parser already took off; ``text`` has one line per reply line.

    Raises ``ProtocolError`` for a code that SMTP does not have.
    """
    if not 200 <= code <= 599:
        raise ProtocolError("not a reply code")
    octets = text.encode("utf-8", "surrogateescape")
    return _compose(code, octets.split(b"\n"))


def _check_length(line: bytes, limit: int) -> None:
    if len(line) > limit:
        raise ProtocolError("line too long")


# servers say the same few lines all day
@lru_cache(maxsize=_REMEMBERED)
def _single_reply(line: bytes) -> Reply:
    return _compose(int(line[:3]), [line[4:]])


def _compose(code: int, lines: list[bytes]) -> Reply:
    enhanced: EnhancedStatus | None = None
    texts: list[str] = []
    for line in lines:
        text = line.decode("utf-8", "replace")
        if not text.isprintable():
            text = _CONTROLS.sub(" ", text)
        text = text.strip()
        match = _ENHANCED.match(text)
        # RFC 2034 4: the class of the status and the first digit of the code agree, or it is only text
        if match and int(match[1]) == code // 100:
            enhanced = enhanced or EnhancedStatus(int(match[1]), int(match[2]), int(match[3]))
            text = text[match.end() :]
        texts.append(text)
    return Reply(code, tuple(texts), enhanced or _find_trailing(code, texts[-1]))


def _find_trailing(code: int, text: str) -> EnhancedStatus | None:
    """The status as qmail and its heirs tell it: in brackets, behind the words, which keep it."""
    match = _TRAILING.search(text)
    if match is None or int(match[1]) != code // 100:
        return None
    return EnhancedStatus(int(match[1]), int(match[2]), int(match[3]))
