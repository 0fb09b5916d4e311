"""An entry of the list above all lists: an address or a whole domain that gets no mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SuppressionReason(StrEnum):
    """Why an entry is on the list."""

    BY_HAND = "by_hand"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Suppression:
    """``pattern`` is an address key, ``@domain``, or ``*.domain`` for it and those below it."""

    pattern: str
    reason: SuppressionReason
    source: str
    added_at: datetime
