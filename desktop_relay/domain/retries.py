"""Who waits in a lane to be tried again, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Retries:
    """``number`` in all, ``full`` of them with a full mailbox; ``last_due`` is when the last other is due."""

    number: int = 0
    last_due: datetime | None = None
    full: int = 0
