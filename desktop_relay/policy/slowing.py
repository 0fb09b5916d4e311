"""The pace factor: halved when the other side complains, given back in steps while it does not."""

from __future__ import annotations

SLOWEST = 1 / 60
"""Messages per second: no complaint slows a lane below one a minute."""

_MINUTE = 60.0
_STEP = 0.1
_SAME_COMPLAINT = 5.0  # seconds in which messages under way repeat one complaint


class Slowing:
    """A factor in (0, 1] on the lane's own pace."""

    __slots__ = ("_clean_since", "_slowed_at", "factor")

    def __init__(self, factor: float, at: float) -> None:
        self.factor = min(max(factor, 1e-6), 1.0)
        self._clean_since = at
        self._slowed_at = float("-inf")

    def slow(self, pace: float, target: float | None, at: float) -> None:
        """Halve, or go down to ``target`` messages per second at once; ``pace`` is the unslowed one."""
        lowest = min(1.0, SLOWEST / pace)
        if target is not None:
            wanted = min(self.factor, target / pace)
        else:
            wanted = self.factor if at - self._slowed_at < _SAME_COMPLAINT else self.factor / 2
        self.factor = min(self.factor, max(lowest, wanted))
        self._slowed_at = at
        self._clean_since = at

    def recover(self, at: float) -> bool:
        """Give back a tenth of the pace for every clean minute; whether anything changed."""
        minutes = int(max(0.0, at - self._clean_since) // _MINUTE)
        if minutes == 0:
            return False
        self._clean_since += minutes * _MINUTE
        before = self.factor
        self.factor = min(1.0, self.factor + _STEP * minutes)
        return self.factor != before

    def hold(self, until: float) -> None:
        """Time without sending is not clean time."""
        self._clean_since = max(until, self._clean_since)
