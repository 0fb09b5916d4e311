"""What a simulation found: by lane, account and day who was reached when, and why paces changed."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.canary import CanaryPhase
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason


@dataclass(frozen=True, slots=True)
class PaceStep:
    """A lane, or an account, went on at another pace ``at`` seconds from the start.

    ``pace`` and ``pace_before`` are messages per second, ``None`` without a limit; ``suspended`` the
    seconds for which nothing goes. ``reason`` is what is shown, ``cause`` and ``text`` the reply
    that did it, empty when time did. ``route`` is the lane's; with an empty ``lane`` the account itself.
    """

    at: float
    route: str
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
    """One lane of one route, all campaigns together.

    Times are seconds from the start, ``None`` when nothing happened.
    ``outcomes`` counts recipients by what became of them, ``deferred`` being those still waiting at the end;
    ``reasons`` counts attempts by their reason; ``begun`` are the moments of all attempts,
    ``accepted`` those of the answers that took a message. ``braked`` is why its brake stopped it.
    """

    lane: str
    route: str
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
class AccountResult:
    """One account, all campaigns together. Times are seconds from the start.

    ``begun`` are the moments of all attempts over it, ``taken`` those at which it took a message or may have.
    ``suspended`` are the seconds for which it was closed by trouble, ``used_up`` the moments from which its
    quota allowed no more.
    """

    account: str
    begun: array[float]
    taken: array[float]
    suspended: float
    used_up: tuple[float, ...]

    @property
    def finished_at(self) -> float | None:
        """When it took its last message."""
        return self.taken[-1] if self.taken else None


@dataclass(frozen=True, slots=True)
class DayResult:
    """A calendar day of this machine: people ``accepted`` in it, and those ``left`` for the days after it.

    ``accounts`` is what each account took.
    """

    day: date
    accepted: int
    left: int
    accounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CanaryStep:
    """A canary came to ``phase`` at ``at`` seconds from the start; ``finding`` is what spoke against it."""

    at: float
    phase: CanaryPhase
    size: int
    finding: BrakeFinding | None


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """One campaign; ``outcomes`` as for a lane, ``untried`` those of them who were never tried.

    ``stopped`` says why the engine would have paused it. ``braked`` are the lanes that its brakes stopped.
    """

    name: str
    route: str
    recipients: int
    outcomes: Mapping[Disposition, int]
    untried: int
    finished_at: float | None
    stopped: PauseReason
    canary: tuple[CanaryStep, ...]
    braked: Mapping[str, BrakeFinding]


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """All campaigns; ``seconds`` of virtual time from ``start`` until the last thing happened to anybody.

    ``lanes`` are by lane; where campaigns take more than one route, by ``route/lane``.
    """

    start: datetime
    seed: int
    seconds: float
    campaigns: tuple[CampaignResult, ...]
    lanes: Mapping[str, LaneResult]
    accounts: Mapping[str, AccountResult]
    days: tuple[DayResult, ...]
    changes: tuple[PaceStep, ...]

    @property
    def recipients(self) -> int:
        """Everybody."""
        return sum(campaign.recipients for campaign in self.campaigns)

    @property
    def attempts(self) -> int:
        """All of them."""
        return sum(lane.attempts for lane in self.lanes.values())

    @property
    def stopped(self) -> PauseReason:
        """Why the first campaign stopped that did."""
        return next((c.stopped for c in self.campaigns if c.stopped), PauseReason.NONE)

    def total(self, disposition: Disposition) -> int:
        """Recipients of all campaigns with this end."""
        return sum(campaign.outcomes.get(disposition, 0) for campaign in self.campaigns)
