"""SMTP replies out of octets that arrive in any pieces (RFC 5321 4.2), within bounds."""

from __future__ import annotations

import re

from desktop_relay.domain.reply import EnhancedStatus, Reply

LINE_LIMIT_BYTES = 4096
"""RFC 5321 4.5.3.1.5 says 512; real servers put long links into refusals."""

LINES_LIMIT = 128
"""More continuation lines than any EHLO has."""

_LINE = re.compile(rb"([2-5][0-9][0-9])([ -]|$)(.*)", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?:[ \t]+|$)")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class ProtocolError(ValueError):
    """What came is no SMTP reply, or it has no end."""


class ReplyParser:
    """Feed it octets as they come; it hands out replies as they are complete.

    After a ``ProtocolError`` the stream means nothing any more and the parser is not to be fed again.
    """

    __slots__ = ("_lines", "_rest")

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    @property
    def idle(self) -> bool:
        """No part of a reply is waiting for its end."""
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that ``data`` completes, oldest first; raises ``ProtocolError``."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        replies: list[Reply] = []
        for line in lines:
            if self._take(line):
                replies.append(_reply(self._lines))
                self._lines = []
        if len(self._rest) > LINE_LIMIT_BYTES:
            raise ProtocolError("line too long")
        return replies

    def _take(self, line: bytes) -> bool:
        """Keep one line; whether it ends its reply."""
        if len(line) > LINE_LIMIT_BYTES:
            raise ProtocolError("line too long")
        # a bare LF is taken for a line end, as every MTA does on this side of the dialogue
        line = line.removesuffix(b"\r")
        if not _LINE.fullmatch(line):
            raise ProtocolError("not a reply line")
        if len(self._lines) >= LINES_LIMIT:
            raise ProtocolError("too many lines")
        self._lines.append(line)
        return line[3:4] != b"-"


def parse_reply_text(code: int, text: str) -> Reply:
    """The reply whose code another parser already took off; ``text`` has one line per reply line.

    Raises ``ProtocolError`` for a code that SMTP does not have.
    """
    if not 200 <= code <= 599:
        raise ProtocolError("not a reply code")
    octets = text.encode("utf-8", "surrogateescape")
    return _compose(code, octets.split(b"\n"))


def _reply(lines: list[bytes]) -> Reply:
    # RFC 5321 4.2.1: the code is the same on every line; where it is not, the last line is the answer
    return _compose(int(lines[-1][:3]), [line[4:] for line in lines])


def _compose(code: int, lines: list[bytes]) -> Reply:
    enhanced: EnhancedStatus | None = None
    texts: list[str] = []
    for line in lines:
        text = _CONTROLS.sub(" ", line.decode("utf-8", "replace")).strip()
        match = _ENHANCED.match(text)
        # RFC 2034 4: the class of the status and the first digit of the code agree, or it is only text
        if match and int(match[1]) == code // 100:
            enhanced = enhanced or EnhancedStatus(int(match[1]), int(match[2]), int(match[3]))
            text = text[match.end() :]
        texts.append(text)
    return Reply(code, tuple(texts), enhanced)
