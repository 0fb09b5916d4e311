"""How receivers find the end of a message after DATA: the strict one of RFC 5321, and the lenient ones."""

from __future__ import annotations

import re

LENIENT_ENDS: tuple[bytes, ...] = (
    b"\n.\n",
    b"\n.\r",
    b"\r.\n",
    b"\r.\r",
    b"\n.\r\n",
    b"\r.\r\n",
    b"\r\n.\r\r\n",
    b"\r\r\n.\r\r\n",
    b"\r\n\0.\r\n",
)
"""What some servers take for the end of a message, and what a sender must never let through."""


def receive(wire: bytes) -> tuple[bytes, bytes]:
    """The message that a strict receiver keeps, its dots unstuffed, and what is left after its end.

    Raises ``ValueError`` when there is no end. RFC 5321 4.1.1.4, 4.5.2.
    """
    lines: list[bytes] = []
    rest = wire
    while True:
        line, mark, rest = rest.partition(b"\r\n")
        if not mark:
            raise ValueError("no end of data")
        if line == b".":
            return b"".join(kept + b"\r\n" for kept in lines), rest
        lines.append(line.removeprefix(b"."))


def lenient_ends(wire: bytes) -> list[int]:
    """Where in ``wire`` any lenient receiver would see an end of data before the true one at its end."""
    body = b"\r\n" + wire
    true_end = len(body) - len(b"\r\n.\r\n")
    found = [match.start() for end in LENIENT_ENDS for match in re.finditer(re.escape(end), body)]
    # the true end contains LF.CR, LF.CRLF by itself
    return [position for position in found if position < true_end]
