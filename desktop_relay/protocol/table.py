"""A table in a text file: delimiter, and rows with quoted line breaks, one after the other."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.protocol.encoding import check_encoding, check_filled, decode_text, detect_encoding

LONGEST_LINE = 1024 * 1024  # characters of a line or a field
_DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 20
_SAMPLE = 256 * 1024  # characters
_BREAK = re.compile(r"[\r\n]")
_SPREADSHEET_HINT = re.compile(r"sep=([,;\t|])(?:\r\n|\n|\r)", re.IGNORECASE)
_OTHER_FORMATS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf")
_CARD = b"BEGIN:VCARD"
_OPEN_QUOTES = 50  # quotes never closed after which a file is read without quoting, so that it ends soon
_END = "\x1a"  # a row of its own after the last one; swallowed when a quote was never closed

# The process-wide default of 128 KiB would refuse fields that the limit here allows.
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Table:
    """A decoded file; ``rows`` may be walked again and again."""

    text: str
    encoding: str
    delimiter: str
    start: int = 0

    @property
    def rows_at_most(self) -> int:
        """Lines, header included: rows with line breaks in a field count more than once."""
        return max(self.text.count("\n"), self.text.count("\r")) + 1

    def rows(self) -> Iterator[list[str]]:
        """Every row as spreadsheets number them; a blank line is an empty list.

        A quote that is never closed spoils its own line alone: that line is read without quoting.
        """
        position = self.start
        for _ in range(_OPEN_QUOTES):
            lines = _Lines(self.text, position)
            try:
                for cells in csv.reader(lines, delimiter=self.delimiter):
                    if lines.ended:
                        break
                    yield cells
                    position = lines.position
            except csv.Error:  # a field over the limit: opened by a quote that was never closed
                pass
            if position >= len(self.text):
                return
            line = _line_at(self.text, position)
            position += len(line)
            yield from csv.reader([line], delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        rest = _Lines(self.text, position)
        for cells in csv.reader(rest, delimiter=self.delimiter, quoting=csv.QUOTE_NONE):
            if not rest.ended:
                yield cells


def parse_table(content: bytes, *, encoding: str | None = None, path: str = "") -> Table:
    """The table in ``content``; ``encoding`` is what a person says it is, else it is detected.

    Raises ``BadInput``: ``file_empty``, ``file_garbled``, ``file_not_text``, ``format_unknown``,
    ``encoding_unknown``, ``encoding_wrong``, ``line_too_long``. ``path`` is for the message.
    """
    if content.startswith(_OTHER_FORMATS) or _CARD in content[:64].upper().replace(b"\0", b""):
        raise BadInput(ErrorCode.FORMAT_UNKNOWN, path=path)
    if b"\0" not in content:
        content = content.rstrip(_END.encode())  # the end of a file from DOS and older systems
    check_filled(content, path)
    used = detect_encoding(content, path) if encoding is None else check_encoding(content, encoding, path)
    text = decode_text(content, used)
    _check_lines(text)
    hint = _SPREADSHEET_HINT.match(text)
    if hint is not None:
        return Table(text, used, hint[1], hint.end())
    return Table(text, used, detect_delimiter(text[:_SAMPLE]))


def detect_delimiter(text: str) -> str:
    """Comma, tab, semicolon or bar: the one that cuts the first rows most evenly; comma when none cuts."""
    rated = {delimiter: _evenness(text, delimiter) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=rated.__getitem__)


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """The share of rows as wide as most, and that width; nothing for a delimiter that does not cut."""
    widths = []
    try:
        for cells in csv.reader(_Lines(text, 0), delimiter=delimiter):
            if cells and cells != [_END]:
                widths.append(len(cells))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    width, rows = Counter(widths).most_common(1)[0]
    return (rows / len(widths), width) if width > 1 else (0.0, 0)


class _Lines:
    """The lines of a text for the csv reader, each with its ending, and one row more to show that all ended.

    ``position`` is where the next line begins.
    """

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        while self.position < len(self.text):
            line = _line_at(self.text, self.position)
            self.position += len(line)
            yield line
        self.ended = True
        yield _END


def _line_at(text: str, position: int) -> str:
    """One line with its ending: LF, CRLF, or the CR alone of old Macintosh files."""
    found = _BREAK.search(text, position)
    if found is None:
        return text[position:]
    end = found.end()
    return text[position : end + text.startswith("\r\n", end - 1)]


def _check_lines(text: str) -> None:
    """Refuse a line over the limit before anything is read; raises ``BadInput``."""
    position, row = 0, 1
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if end - position > LONGEST_LINE and max(map(len, text[position:end].split("\r"))) > LONGEST_LINE:
            raise BadInput(ErrorCode.LINE_TOO_LONG, row=row)
        position, row = end + 1, row + 1
