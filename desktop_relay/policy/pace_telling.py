"""Why a lane goes at its pace, and whoever wants to hear of each change of it."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.domain.lane import LaneReason
from desktop_relay.policy.adjustment import Adjustment
from desktop_relay.policy.counts import COUNTED, LaneCounts
from desktop_relay.policy.slowing import Slowing
from desktop_relay.policy.suspension import Suspension

_NEVER = float("-inf")


class PaceTelling:
    """Looks at the parts of one governor; ``at`` is the governor's own time.

    ``connect_until``: no session may be opened before. ``clock_until``: a moment before, the clock was found
    to be another one.
    """

    __slots__ = ("_counts", "_on_change", "_slowing", "_suspension", "_told", "clock_until", "connect_until")

    def __init__(
        self,
        suspension: Suspension,
        counts: LaneCounts,
        slowing: Slowing,
        at: float,
        on_change: Callable[[Adjustment], None] | None,
    ) -> None:
        self._suspension = suspension
        self._counts = counts
        self._slowing = slowing
        self._on_change = on_change
        self.connect_until = self.clock_until = _NEVER
        self._told = self._standing(at)

    @property
    def is_heard(self) -> bool:
        """Somebody wants to know."""
        return self._on_change is not None

    def reason(self, at: float) -> LaneReason:
        """What holds the lane now."""
        if self._suspension.until > at:
            return self._suspension.cause
        _, counted_out = self._counts.held(at)
        if counted_out is not LaneReason.NONE:
            return counted_out
        if at < self.connect_until:
            return LaneReason.CONNECT_LIMIT
        if self._slowing.is_slowed:
            return self._slowing.reason
        if at < self.clock_until:
            return LaneReason.CLOCK
        return LaneReason.UNLIMITED if self._slowing.base is None else LaneReason.PROFILE

    def tell(self, at: float, skew: float) -> None:
        """Report the pace if it is another one than was told last; ``skew`` leads to the caller's time."""
        if self._on_change is None:
            return
        before, told = self._told[0], self._standing(at)
        if told != self._told:
            self._told = told
            self._on_change(Adjustment(at - skew, before, told[0], told[1]))

    def _standing(self, at: float) -> tuple[float | None, LaneReason]:
        reason = self.reason(at)
        held = self._suspension.until > at or reason in COUNTED
        return (0.0 if held else self._slowing.allowed), reason
