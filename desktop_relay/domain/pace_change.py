"""A change of a lane's pace: the answer that brought it, and what the pace was afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.outcome import Reason

MOST_CHANGES = 12
"""Of a lane that are remembered."""


@dataclass(frozen=True, slots=True)
class PaceChange:
    """``pace`` is messages per second allowed afterwards, ``until`` the end of a pause.

    ``code``, ``enhanced`` and ``text`` are the server's words; a connection that failed has none.
    """

    at: datetime
    kind: EffectKind
    reason: Reason
    code: int | None = None
    enhanced: str | None = None
    text: str = ""
    pace: float | None = None
    until: datetime | None = None
