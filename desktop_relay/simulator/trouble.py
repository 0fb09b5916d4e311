"""Trouble to be rehearsed: a carrier that blocks, is dead or answers slowly for a while."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf


class TroubleKind(StrEnum):
    """BLOCKED refuses every connection in the carrier's own way, DEAD never answers one, TARPIT is slow."""

    BLOCKED = "blocked"
    DEAD = "dead"
    TARPIT = "tarpit"


@dataclass(frozen=True, slots=True)
class Trouble:
    """``carrier`` of the sandbox has it from ``since`` until ``until`` (seconds from the start).

    ``seconds`` is what a tarpit adds to every transaction.
    """

    carrier: str
    kind: TroubleKind
    since: float = 0.0
    until: float = inf
    seconds: float = 240.0

    def lasts(self, at: float) -> bool:
        """Whether it is so at that second."""
        return self.since <= at < self.until
