"""A reply explained: who decided, why, and what happens now; from the phrases of the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import LedgerRow

from ui import wording
from ui.context import Context


@dataclass(frozen=True, slots=True)
class Explanation:
    """Sentences; an empty one is not shown."""

    what: str
    who: str = ""
    why: str = ""
    todo: str = ""


def explain(context: Context, reason: Reason, **params: object) -> Explanation:
    """The sentences of a reason; ``params`` fill their places (``lane``, ``time``, ``code``, ``text`` …)."""
    if reason is Reason.NONE:
        return Explanation("")
    parts = [
        context.phrase(section, reason.value, **params) if context.has_phrase(section, reason.value) else ""
        for section in ("reasons", "reason_who", "reason_why", "reason_do")
    ]
    return Explanation(*parts)


def explain_row(context: Context, row: LedgerRow, lane: str, now: datetime) -> Explanation:
    """The sentences of a recipient's last answer."""
    return explain(
        context,
        row.reason,
        lane=lane,
        host=row.mx or lane,
        code=row.code if row.code is not None else "—",
        text=row.text,
        address=row.address,
        time=wording.day_and_time(row.next_attempt, now) if row.next_attempt is not None else "—",
    )


def reply_line(context: Context, row: LedgerRow) -> str:
    """A few words for a table: code and what it means, else the server's own words."""
    known = context.has_phrase("reason_words", row.reason.value)
    meaning = context.phrase("reason_words", row.reason.value) if known else ""
    code = "" if row.code is None else str(row.code)
    return " ".join(part for part in (code, meaning or row.text) if part)


def reply_in_full(context: Context, row: LedgerRow, lane: str, now: datetime) -> str:
    """The sentence, and below it the server's own words."""
    told = explain_row(context, row, lane, now).what
    status = (row.code, row.enhanced, row.text)
    return "\n".join(part for part in (told, " ".join(str(word) for word in status if word)) if part)
