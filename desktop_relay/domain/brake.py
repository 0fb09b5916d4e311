"""A brake: what makes one lane of one campaign stop before more harm is done, and what it counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BrakeCause(StrEnum):
    """What a brake looks at; each has a sentence and an advice in each language."""

    UNKNOWN_USERS = "unknown_users"
    REFUSALS = "refusals"
    BLOCKS = "blocks"
    COMPLAINTS = "complaints"
    CONNECT_FAILURES = "connect_failures"


class BrakeLevel(StrEnum):
    """How bad it is: worth a word, or reason to stop."""

    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class BrakeFinding:
    """``number`` of ``sample`` answers speak for ``cause``; ``limit`` is the share it was measured by.

    Causes that are counted in a row (blocks, connect failures) have no share: ``sample`` is 0 and ``limit``
    the number of rounds.
    """

    cause: BrakeCause
    level: BrakeLevel
    number: int
    sample: int
    limit: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.number / self.sample if self.sample else 0.0


@dataclass(frozen=True, slots=True)
class BrakeTally:
    """What the recipients of a lane came to, each counted once.

    ``blocks`` and ``failures`` are rounds in a row: what comes close together is one round.
    """

    accepted: int = 0
    unknown_users: int = 0
    refusals: int = 0
    other_bounces: int = 0
    complaints: int = 0
    blocks: int = 0
    failures: int = 0

    @property
    def answers(self) -> int:
        """Recipients about whom the other side said something final."""
        return self.accepted + self.unknown_users + self.refusals + self.other_bounces


@dataclass(frozen=True, slots=True)
class BrakeMemory:
    """What a brake must remember over a restart.

    ``stopped`` while it holds its lane, since ``stopped_at``; ``left`` once a person chose to leave it so.
    ``released`` are causes that a person sent on over: they stop this lane of this campaign no more.
    """

    tally: BrakeTally = BrakeTally()
    stopped: BrakeFinding | None = None
    stopped_at: datetime | None = None
    left: bool = False
    released: frozenset[BrakeCause] = frozenset()
