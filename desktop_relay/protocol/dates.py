"""Dates as people write them in Japanese tables, made ISO 8601 where they are certain."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

_DATE = re.compile(
    r"(?:(?P<era>令和|平成|昭和|[RHS])\.?)?(?P<year>\d{1,4}|元)(?:年|[-/.])(?P<month>\d{1,2})(?:月|[-/.])"
    r"(?P<day>\d{1,2})日?(?:\([月火水木金土日]\))?"
    r"(?:[ T]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SPACES = re.compile(r"\s+")
_ERA_STARTS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}


@lru_cache(maxsize=1024)
def iso_date(text: str) -> str:
    """``2026/4/2``, ``2025年4月1日``, ``令和7年4月1日``, ``20250401`` as ``YYYY-MM-DD``, else unchanged.

    A time of day stays, as ``YYYY-MM-DD HH:MM`` with seconds when given; time zones are left alone.
    """
    folded = _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    match = _DATE.fullmatch(folded.replace("年 ", "年").replace("月 ", "月"))
    if match is None:
        compact = _COMPACT.fullmatch(folded)
        match = _DATE.fullmatch("-".join(compact.groups())) if compact is not None else None
    if match is None:
        return text
    era = match["era"]
    if (era is None) != (len(match["year"]) == 4):
        return text
    year = (1 if match["year"] == "元" else int(match["year"])) + (_ERA_STARTS[era.upper()] if era else 0)
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    try:
        moment = datetime(year, int(match["month"]), int(match["day"]), hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return text
    if match["hour"] is None:
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if match["second"] else "minutes")
