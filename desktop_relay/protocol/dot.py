"""A message as it stands after DATA: line ends, dots and the final dot (RFC 5321 4.5.2)."""

from __future__ import annotations

import io
import re

LONE_DOT = b".\r\n"
"""Ends a DATA that was opened although every recipient was refused (RFC 2920 3.1)."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"\n\.")


def stuff_dots(content: bytes) -> bytes:
    """``content`` with CRLF line ends only, without NUL, its dots doubled, ending in CRLF.CRLF.

    Whatever is put in, the only CRLF.CRLF that comes out is the last one, and no bare CR or LF
    is left for a lenient receiver to see an end of data in ("SMTP smuggling", RFC 5321 2.3.8).
    """
    if b"\0" in content:
        content = content.replace(b"\0", b"")
    if not _has_clean_lines(content):
        content = _LINE_END.sub(b"\r\n", content)
    if content.startswith(b"."):
        content = b"." + content
    # lines being clean, every LF stands behind a CR
    if _LEADING_DOT.search(content) is not None:
        content = content.replace(b"\n.", b"\n..")
    ending = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    return content + ending


def _has_clean_lines(content: bytes) -> bool:
    # the interpreter's own look for line ends: three times as fast as to count CR, LF and CRLF
    decoder = io.IncrementalNewlineDecoder(None, translate=False)
    decoder.decode(content.decode("latin-1"), final=True)
    return decoder.newlines in (None, "\r\n")
