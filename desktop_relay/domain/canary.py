"""A canary: a small first part of a campaign, a wait, and then the rest or a stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from desktop_relay.domain.brake import BrakeFinding


class CanaryPhase(StrEnum):
    """How far it is."""

    TRYING = "trying"
    WAITING = "waiting"
    PASSED = "passed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Canary:
    """The canary of a campaign. ``kept`` is how many of each lane stay behind meanwhile.

    ``size`` is how many go first. ``until`` is when the trying is over at the latest, then when the waiting
    is. ``finding`` says why it stopped.
    """

    phase: CanaryPhase
    size: int
    kept: Mapping[str, int] = field(default_factory=dict)
    until: datetime | None = None
    finding: BrakeFinding | None = None

    @property
    def holds(self) -> bool:
        """The rest has to wait."""
        return self.phase is not CanaryPhase.PASSED
