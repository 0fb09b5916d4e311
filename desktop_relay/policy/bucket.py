"""A token bucket that holds a pace exactly: how long until the next message may leave."""

from __future__ import annotations

RESERVE = 0.01
"""Of the rate: it is what messages that left late may be made up for with, so that no window overflows."""

JITTER = 0.004
"""A message costs up to so much more than one token, so that lanes do not beat time together."""

_SCATTER = 0.25  # of the first interval, at most a second
_HELD = 0.99 * RESERVE  # seconds' worth: a trace below the reserve, for what floats round away
_GOLDEN = 0.6180339887498949  # steps of this spread evenly over a circle, whatever the start
_TOLERANCE = 1e-9


class Bucket:
    """Never more than ``rate * t``, rounded up, in any time ``t`` of a second or more.

    Tokens accrue at ``rate * (1 - RESERVE)``; the bucket holds one and ``rate * RESERVE`` more, which is a
    hundredth of a second's worth. So in any time t, both ends included, at most
    ``1 + rate * RESERVE + rate * (1 - RESERVE) * t`` messages leave, which is below ``1 + rate * t`` for
    t >= 1. A sender that is up to 10 ms late each time still reaches 0.99 less half the jitter of the rate.

    ``rate`` ``None``: no limit, and nothing accrues, so that a limit set later starts from nothing saved.
    """

    __slots__ = ("_at", "_earning", "_most", "_phase", "_rate", "_tokens")

    def __init__(self, rate: float | None, tokens: float, at: float, phase: float = 0.0) -> None:
        self._at = at
        self._phase = phase
        self._tokens = tokens
        self._use(rate)

    @property
    def tokens(self) -> float:
        """Tokens as of the last call; a little below zero after a message that cost more than there was."""
        return self._tokens

    @property
    def phase(self) -> float:
        """Where the jitter stands: from 0 to 1, more before the first message."""
        return self._phase

    def scatter(self) -> None:
        """Let the second message come somewhat later: lanes that begin together do not stay together."""
        if self._rate is not None:
            self._phase *= min(_SCATTER, self._rate) / JITTER

    def advance(self, at: float) -> None:
        """Let time pass; ``at`` never goes back."""
        tokens = self._tokens + (at - self._at) * self._earning
        self._tokens = tokens if tokens < self._most else self._most
        self._at = at

    def wait(self) -> float:
        """Seconds until a message may go, as of the last ``advance``."""
        if self._rate is None or self._tokens >= 1.0 - _TOLERANCE:
            return 0.0
        return (1.0 - self._tokens) / self._earning

    def take(self) -> float:
        """Take one token: 0.0, or the seconds until there will be one."""
        if self._rate is None:
            return 0.0
        if self._tokens >= 1.0 - _TOLERANCE:
            self._tokens -= 1.0 + JITTER * self._phase
            self._phase = (self._phase + _GOLDEN) % 1.0
            return 0.0
        return (1.0 - self._tokens) / self._earning

    def give_back(self) -> None:
        """The message was not sent; never more than the bucket holds."""
        if self._rate is not None:
            self._tokens = min(self._most, self._tokens + 1.0)

    def empty(self) -> None:
        """Begin a whole interval now."""
        self._tokens = min(self._tokens, 0.0)

    def change(self, rate: float | None) -> None:
        """Go on at another rate; what the smaller bucket cannot hold is lost."""
        if rate == self._rate:
            return
        if self._rate is None:
            self.empty()  # what left without being counted left just now
        self._use(rate)

    def _use(self, rate: float | None) -> None:
        self._rate = rate
        self._earning = 0.0 if rate is None else rate * (1.0 - RESERVE)
        self._most = 1.0 + (0.0 if rate is None else rate * _HELD)
        self._tokens = min(self._tokens, self._most)
