"""A token bucket: how many messages may leave now, given when the last ones left."""

from __future__ import annotations

_TOLERANCE = 1e-9


class Bucket:
    """Tokens that accrue at ``rate`` per second up to one second's worth, at least one; one per message.

    So over any time t at most ``rate * t + max(1, rate)`` messages are admitted. ``rate`` ``None``: no limit,
    and nothing accrues, so that a limit set later starts from nothing saved.
    """

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: float | None, tokens: float, at: float) -> None:
        self._rate = rate
        self._at = at
        self._tokens = min(max(tokens, 0.0), self.burst)

    @property
    def burst(self) -> float:
        """The most that may have been saved up."""
        return max(1.0, self._rate or 0.0)

    @property
    def tokens(self) -> float:
        """Tokens as of the last call."""
        return self._tokens

    def advance(self, at: float) -> None:
        """Let time pass."""
        if self._rate is not None:
            self._tokens = min(self.burst, self._tokens + max(0.0, at - self._at) * self._rate)
        self._at = max(at, self._at)

    def take(self) -> float:
        """Take one token: 0.0, or the seconds until there will be one."""
        if self._rate is None:
            return 0.0
        if self._tokens >= 1.0 - _TOLERANCE:
            self._tokens = max(0.0, self._tokens - 1.0)
            return 0.0
        return (1.0 - self._tokens) / self._rate

    def give_back(self) -> None:
        """Put one token back; never more than the bucket holds."""
        if self._rate is not None:
            self._tokens = min(self.burst, self._tokens + 1.0)

    def change(self, rate: float | None) -> None:
        """Go on at another rate; what the smaller bucket cannot hold is lost."""
        self._rate = rate
        self._tokens = min(self._tokens, self.burst)
