"""How much a practice carrier bears: connections, pace, messages a session, and blocks."""

from __future__ import annotations

from collections import deque

from desktop_relay.transport.sandbox.carriers import Limits

_MINUTE = 60.0  # carrier seconds
_WATCHED = 100  # recipients over which unknown users are counted


class Gate:
    """Counts one sender at one carrier. Times are carrier seconds; refusals are the limits' replies."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open = 0
        self._buckets: dict[str, tuple[float, float]] = {}
        self._refusals: deque[float] = deque()
        self._unknown: deque[bool] = deque(maxlen=_WATCHED)
        self._blocked_until = float("-inf")

    @property
    def connections(self) -> int:
        """Open now."""
        return self._open

    def connect(self, at: float) -> str | None:
        """Let a connection in, or say why not; who was let in must ``leave``."""
        if at < self._blocked_until:
            return self._limits.blocked_reply
        if self._open >= self._limits.connections:
            return self._refuse(self._limits.connections_reply, at)
        self._open += 1
        return None

    def leave(self) -> None:
        """A connection that was let in has ended."""
        self._open -= 1

    def message(self, sent: int, at: float) -> str | None:
        """Another message on a session that has ``sent`` some, or why not."""
        if at < self._blocked_until:
            return self._limits.blocked_reply
        if sent >= self._limits.messages_per_session:
            return self._limits.session_reply
        return None

    def recipient(self, domain: str, at: float) -> str | None:
        """One recipient at the carrier's pace, or why not."""
        pace = self._limits.messages_per_minute / _MINUTE
        name = domain if self._limits.each_domain else ""
        tokens, since = self._buckets.get(name, (self._limits.burst, at))
        tokens = min(self._limits.burst, tokens + (at - since) * pace)
        if tokens < 1.0:
            self._buckets[name] = (tokens, at)
            return self._refuse(self._limits.rate_reply, at)
        self._buckets[name] = (tokens - 1.0, at)
        return None

    def learn(self, *, unknown: bool, at: float) -> None:
        """Many unknown users among the last recipients are the first reason for a block in Japan."""
        self._unknown.append(unknown)
        if 0 < self._limits.unknown_count <= sum(self._unknown):
            self._block(at)

    def _refuse(self, reply: str, at: float) -> str:
        self._refusals.append(at)
        while self._refusals[0] < at - _MINUTE:
            self._refusals.popleft()
        if 0 < self._limits.block_after <= len(self._refusals):
            self._block(at)
        return reply

    def _block(self, at: float) -> None:
        self._blocked_until = at + self._limits.block_seconds
        self._refusals.clear()
        self._unknown.clear()
