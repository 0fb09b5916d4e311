"""Trouble to be rehearsed: a carrier or an account that blocks, is dead or answers slowly for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import inf

from desktop_relay.domain.errors import BadInput, ErrorCode

_SPAN = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?")


class TroubleKind(StrEnum):
    """BLOCKED refuses every connection in its own way, DEAD never answers one, TARPIT is slow."""

    BLOCKED = "blocked"
    DEAD = "dead"
    TARPIT = "tarpit"


@dataclass(frozen=True, slots=True)
class Trouble:
    """From ``since`` until ``until`` (seconds from the start); ``where`` is a practice carrier or an account.

    ``seconds`` is what a tarpit adds to every transaction.
    """

    where: str
    kind: TroubleKind
    since: float = 0.0
    until: float = inf
    seconds: float = 240.0

    def lasts(self, at: float) -> bool:
        """Whether it is so at that second."""
        return self.since <= at < self.until


def parse_span(text: str) -> timedelta:
    """``1d2h30m10s``, any part of it; raises ``BadInput`` (``value_invalid``)."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise BadInput(ErrorCode.VALUE_INVALID, field="span", value=text)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def parse_trouble(text: str) -> Trouble:
    """``WHERE:KIND[:FROM[-UNTIL]]``, as in ``a:dead:2h-5h``; raises ``BadInput`` (``value_invalid``)."""
    where, _, rest = text.partition(":")
    kind, _, times = rest.partition(":")
    since, _, until = times.partition("-")
    try:
        trouble = Trouble(
            where,
            TroubleKind(kind),
            parse_span(since).total_seconds() if since else 0.0,
            parse_span(until).total_seconds() if until else inf,
        )
    except ValueError as error:
        raise BadInput(ErrorCode.VALUE_INVALID, field="trouble", value=text) from error
    if trouble.until <= trouble.since:
        raise BadInput(ErrorCode.VALUE_INVALID, field="trouble", value=text)
    return trouble
