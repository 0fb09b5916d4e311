"""An adjustment: a lane's pace changed, from what to what, and why; what a trace is made of."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.lane import LaneReason


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Paces are messages per second, 0.0 while nothing may go, ``None`` without a limit.

    ``at`` is in the lane's seconds.
    """

    at: float
    before: float | None
    after: float | None
    reason: LaneReason
