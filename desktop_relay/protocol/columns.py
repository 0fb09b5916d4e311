"""Which column of a table is which field: by its header in Japanese or English, or by its content."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_relay.domain.address import parse_address, repair_address
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.protocol.formulas import restore
from desktop_relay.protocol.headers import FAMILY_NAMES, FIELD_PARTS, WHOLE_FIELDS

_PUNCTUATION = re.compile(r"[\s_\-.,:;・*※\"'/|&()\[\]{}<>【】「」『』＊#?!]+")
_IN_PARENTHESES = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>")
_HEADER_ROWS = 20  # from the top, among which the header is
_ADDRESS_SHARE = 0.5  # of the filled cells of a column, from which on it is one of addresses


def fold_header(text: str) -> str:
    """A header without differences of width, case, spaces and punctuation."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold())


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    found = {fold_header(word): field for field, line in words.items() for word in line.split()}
    return found | {fold_header(field): field for field in words}


_WHOLE = _folded(WHOLE_FIELDS)
_PART = {header: field for header, field in _folded(FIELD_PARTS).items() if header not in _WHOLE}
_FAMILY = frozenset(map(fold_header, FAMILY_NAMES.split()))


@dataclass(frozen=True, slots=True)
class Columns:
    """``headers`` name every column once; ``fields`` is where each goes, ``""`` for nowhere.

    A field may be named by several columns: their texts are joined. ``start`` is how many rows come before
    the people: the header, and blank lines or a title above it.
    """

    headers: tuple[str, ...]
    fields: tuple[str, ...]
    has_header: bool
    start: int

    @property
    def address(self) -> int:
        """Which column has the mail addresses."""
        return self.fields.index("email")

    @property
    def family_names(self) -> frozenset[int]:
        """Which columns have the part of a name that comes first in Japanese."""
        return frozenset(place for place, header in enumerate(self.headers) if _is_family_name(header))

    @property
    def mapping(self) -> dict[str, str]:
        """Field by header."""
        return dict(zip(self.headers, self.fields, strict=True))


def plan_columns(
    rows: Sequence[Sequence[str]],
    mapping: Mapping[str, str] | None = None,
    path: str = "",
    *,
    width: int = 0,
    address_needed: bool = True,
) -> Columns:
    """Plan by the first rows of a table; ``mapping`` (header → field) is what a person decided.

    ``width`` is the ``table_width`` of the whole table, where more cells come below.

    Raises ``BadInput``: ``no_such_column``, and ``no_address_column`` unless none is needed yet.
    """
    place = _find_header(rows)
    has_header, start = place is not None, 0 if place is None else place + 1
    headers = _name_columns(() if place is None else rows[place], max(width, table_width(rows)))
    chosen = _choose(headers, mapping or {}, path)
    fields = _guess_fields(headers, chosen)
    if "email" not in chosen.values():
        _settle_address(fields, headers, rows[start:], chosen)
    if address_needed and "email" not in fields:
        raise BadInput(ErrorCode.NO_ADDRESS_COLUMN, path=path)
    return Columns(headers, tuple(fields), has_header, start)


def table_width(rows: Iterable[Sequence[str]], width: int = 0) -> int:
    """Up to which column any row has more than blank cells: spreadsheets add such to every row.

    ``width`` is what other rows have.
    """
    for row in rows:
        last = len(row)
        while last > width and not row[last - 1].strip():
            last -= 1
        width = max(width, last)
    return width


def _find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """The first filled row above all addresses, or below a title the one with the most known headers."""
    above: list[int] = []
    for place, row in enumerate(rows):
        if any(map(_is_address, row)):
            break
        if any(map(str.strip, row)) and place < _HEADER_ROWS:
            above.append(place)
    known = {place: [_guess(cell, _WHOLE) or _guess(cell, _PART) for cell in rows[place]] for place in above}
    named = [place for place, fields in known.items() if "email" in fields]
    return max(named or above[:1], key=lambda place: sum(map(bool, known[place])), default=None)


def _name_columns(header: Sequence[str], width: int) -> tuple[str, ...]:
    names: list[str] = []
    for index in range(width):
        text = " ".join(restore(header[index]).split()) if index < len(header) else ""
        name = wanted = text or f"column {index + 1}"
        twin = 2
        while name in names:
            name, twin = f"{wanted} ({twin})", twin + 1
        names.append(name)
    return tuple(names)


def _choose(headers: Sequence[str], mapping: Mapping[str, str], path: str) -> dict[int, str]:
    folded = [fold_header(header) for header in headers]
    chosen = {}
    for column, field in mapping.items():
        name = column.strip()
        if name in headers:
            chosen[headers.index(name)] = field.strip()
        elif fold_header(name) in folded and fold_header(name):
            chosen[folded.index(fold_header(name))] = field.strip()
        else:
            raise BadInput(ErrorCode.NO_SUCH_COLUMN, path=path, column=column)
    return chosen


def _guess_fields(headers: Sequence[str], chosen: Mapping[int, str]) -> list[str]:
    taken = set(chosen.values())
    guessed: dict[int, str] = dict(chosen)
    for index, header in enumerate(headers):
        field = _guess(header, _WHOLE)
        if index not in guessed and field is not None and field not in taken:
            guessed[index] = field
            taken.add(field)
    for index, header in enumerate(headers):
        field = _guess(header, _PART)
        if index not in guessed and field is not None and field not in taken:
            guessed[index] = field  # not taken: its other parts join it
    used = set(guessed.values())
    return [guessed.get(index, _custom(header, used)) for index, header in enumerate(headers)]


def _custom(header: str, used: set[str]) -> str:
    """A custom field under its header; never the name of a field that another column fills."""
    return f"{header} (2)" if header in used or header == "email" else header


def _guess(header: str, words: Mapping[str, str]) -> str | None:
    found = words.get(fold_header(header))
    if found is None:
        bare = _IN_PARENTHESES.sub("", unicodedata.normalize("NFKC", header))
        found = words.get(fold_header(bare))
    return found


def _is_family_name(header: str) -> bool:
    bare = _IN_PARENTHESES.sub("", unicodedata.normalize("NFKC", header))
    return bool({fold_header(header), fold_header(bare)} & _FAMILY)


def _settle_address(
    fields: list[str],
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    chosen: Mapping[int, str],
) -> None:
    """Trust the content over the header: a column ``メール`` may hold yes and no."""
    named = fields.index("email") if "email" in fields else None
    if named is not None and _address_share(rows, named) > 0:
        return
    shares = {index: _address_share(rows, index) for index in range(len(headers)) if index not in chosen}
    best = max(shares, key=shares.__getitem__, default=None)
    if best is not None and shares[best] >= _ADDRESS_SHARE:
        if named is not None:
            fields[named] = _custom(headers[named], set(fields))
        fields[best] = "email"


def _address_share(rows: Sequence[Sequence[str]], index: int) -> float:
    cells = [row[index] for row in rows if index < len(row) and row[index].strip()]
    return sum(map(_is_address, cells)) / len(cells) if cells else 0.0


def _is_address(text: str) -> bool:
    if "@" not in text and "＠" not in text:
        return False
    try:
        parse_address(repair_address(text))
    except BadInput:
        return False
    return True
