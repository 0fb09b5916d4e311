"""What a simulation found: by lane who was reached when and at what pace, and why paces changed."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason


@dataclass(frozen=True, slots=True)
class PaceStep:
    """A lane went on at another pace ``at`` seconds from the start.

    ``pace`` and ``pace_before`` are messages per second, ``None`` without a limit; ``suspended`` the
    seconds for which nothing goes. ``reason`` is what the lane shows, ``cause`` and ``text`` the reply
    that did it, empty when time did.
    """

    at: float
    lane: str
    pace_before: float | None
    pace: float | None
    connections_before: int
    connections: int
    suspended: float
    reason: LaneReason
    cause: Reason = Reason.NONE
    text: str = ""


@dataclass(frozen=True, slots=True)
class WindowPace:
    """Messages begun within ``seconds``: ``most`` anywhere, the ``mean``, and what the limit ``allowed``."""

    seconds: float
    most: int
    mean: float
    allowed: float | None


@dataclass(frozen=True, slots=True)
class LaneResult:
    """One lane. Times are seconds from the start, ``None`` when nothing happened.

    ``outcomes`` counts recipients by what became of them, ``deferred`` being those still waiting at the end;
    ``reasons`` counts attempts by their reason; ``begun`` are the moments of all attempts,
    ``accepted`` those of the answers that took a message. ``braked`` is why its brake stopped it.
    """

    lane: str
    recipients: int
    outcomes: Mapping[Disposition, int]
    reasons: Mapping[Reason, int]
    attempts: int
    started_at: float | None
    finished_at: float | None
    suspended: float
    begun: array[float]
    accepted: array[float]
    windows: tuple[WindowPace, ...]
    braked: BrakeFinding | None = None


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """The whole campaign; ``seconds`` of virtual time from ``start`` to its end.

    ``stopped`` says why the engine would have paused it.
    """

    start: datetime
    seed: int
    recipients: int
    attempts: int
    seconds: float
    lanes: Mapping[str, LaneResult]
    changes: tuple[PaceStep, ...]
    stopped: PauseReason = PauseReason.NONE

    def total(self, disposition: Disposition) -> int:
        """Recipients of all lanes with this end."""
        return sum(lane.outcomes.get(disposition, 0) for lane in self.lanes.values())
