"""The filters of the merge language: texts in, texts out, nothing that grows without bound."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from jinja2.filters import FILTERS
from markupsafe import Markup, escape

_BUILT_IN = (
    "default",
    "d",
    "escape",
    "e",
    "float",
    "int",
    "length",
    "lower",
    "trim",
    "truncate",
    "upper",
    "urlencode",
)
"""Those of Jinja2 whose result is no larger than a few times their input."""

_DATE = re.compile(
    r"(\d{4})[-/.年 ]{1,2}(\d{1,2})[-/.月 ]{1,2}(\d{1,2})日?"
    r"(?:[T ]{1,2}(\d{1,2})[:時](\d{1,2})(?:分|:\d{1,2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)()()")
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,10})?")
_MOST_DECIMALS = 10
_PLACE = re.compile(r"%-?[YmdHMBAa]")
_NAMED_FORMATS: Mapping[str, str] = {
    "ja": "%-Y年%-m月%-d日",
    "weekday": "%-m月%-d日(%a)",
    "short": "%-m月%-d日",
    "slash": "%Y/%m/%d",
    "iso": "%Y-%m-%d",
    "en": "%-d %B %Y",
    "us": "%B %-d, %Y",
}
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 10, 23), "明治"),
)
_HONORIFICS = ("様", "さま", "さん", "御中", "殿", "先生", "各位")


def sama(value: object, honorific: str = "", nobody: str = "お客様") -> str:
    """The name with its honorific, 様 when none is given; ``nobody`` where there is no name.

    A name that already ends in an honorific keeps the one it has.
    """
    name = str(value).strip()
    if not name:
        return nobody
    return name if name.endswith(_HONORIFICS) else name + (honorific or "様")


def format_date(value: object, form: str = "ja") -> str:
    """A date people wrote (2026-04-01, 2026/4/1, 2026年4月1日) in another form; other text stays as it is.

    ``form`` is one of ``ja weekday short slash iso en us wareki`` or has places ``%Y %m %d %H %M %a %A %B``,
    with ``%-m`` for no leading zero.
    """
    text = str(value).strip()
    moment = _parse_date(unicodedata.normalize("NFKC", text))
    if moment is None:
        return text
    if form == "wareki":
        return _wareki(moment)
    return _PLACE.sub(_place_of(moment), _NAMED_FORMATS.get(form, form))


def format_number(value: object, decimals: int | None = None) -> str:
    """A number with separators, rounded half up to ``decimals``; other text stays as it is."""
    text = str(value).strip()
    digits = unicodedata.normalize("NFKC", text).replace(",", "").strip("¥\\円 ")
    if _NUMBER.fullmatch(digits) is None:
        return text
    number = Decimal(digits)
    if decimals is not None:
        places = min(max(int(decimals), 0), _MOST_DECIMALS)
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{number:,f}"


def break_lines(value: object) -> Markup:
    """Text with line ends for HTML: escaped, each line end a ``<br>``."""
    return Markup("<br>\n").join(escape(line) for line in str(value).splitlines())


def _parse_date(text: str) -> datetime | None:
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - a date as people wrote it has no zone
    except ValueError:
        return None


def _place_of(moment: datetime) -> Callable[[re.Match[str]], str]:
    texts = {
        "Y": f"{moment.year:04d}",
        "m": f"{moment.month:02d}",
        "d": f"{moment.day:02d}",
        "H": f"{moment.hour:02d}",
        "M": f"{moment.minute:02d}",
        "a": _WEEKDAYS_JA[moment.weekday()],
        "A": _WEEKDAYS[moment.weekday()],
        "B": _MONTHS[moment.month - 1],
    }

    def place(match: re.Match[str]) -> str:
        text = texts[match[0][-1]]
        return (text.lstrip("0") or "0") if match[0][1] == "-" else text

    return place


def _wareki(moment: datetime) -> str:
    day = moment.date()
    for start, era in _ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return _PLACE.sub(_place_of(moment), _NAMED_FORMATS["ja"])


MERGE_FILTERS: Mapping[str, Callable[..., object]] = {
    **{name: FILTERS[name] for name in _BUILT_IN},
    "sama": sama,
    "date": format_date,
    "number": format_number,
    "nl2br": break_lines,
}
"""Every filter a template may name."""
