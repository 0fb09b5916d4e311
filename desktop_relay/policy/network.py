"""What a look at the network means: the same, another one, gone, or back; and what is its fault."""

from __future__ import annotations

from enum import Enum, auto

from desktop_relay.domain.exchange import OPENING, Exchange, Failure
from desktop_relay.domain.network import Network

SETTLE_SECONDS = 3.0
"""A network that comes up takes a moment, and a bad one comes and goes: only what lasts so long counts."""

GONE_PATIENCE = 300.0
"""Seconds for which nothing is tried without a network, unless it is seen to be back before that."""

UNPROVEN_PATIENCE = 60.0
"""The same on a new network that let nothing through so far; a person may have to sign in to it."""

UNPROVEN_SECONDS = 600.0
"""A network that lets nothing through for so long after a change is no new one: the usual rules hold."""

_ON_THE_WAY = frozenset(
    {
        Failure.RESET,
        Failure.TIMEOUT,
        Failure.UNREACHABLE,
        Failure.CLOSED,
        Failure.NO_SUCH_DOMAIN,
        Failure.NO_ADDRESS,
        Failure.DNS_TEMPORARY,
        Failure.TLS_FAILED,
        Failure.TOKEN_UNAVAILABLE,
    }
)


_IN_BETWEEN = _ON_THE_WAY | {Failure.REFUSED, Failure.GARBLED, Failure.TLS_NOT_OFFERED}
"""What else may come of somebody in between who answers in the place of others."""


class NetworkNews(Enum):
    """What happened to the network; FLICKERED: it was another one or gone, and is the same again."""

    CHANGED = auto()
    GONE = auto()
    BACK = auto()
    FLICKERED = auto()


def may_be_networks_fault(exchange: Exchange, *, unproven: bool = False) -> bool:
    """Whether an attempt can have ended so because the network went away or became another.

    A refused connection can not: somebody answered. On a network that is ``unproven`` that may have been
    anybody, such as a portal that wants a sign-in first.
    """
    if unproven and exchange.stage in OPENING:
        return exchange.failure in _IN_BETWEEN
    return exchange.failure in _ON_THE_WAY


class NetworkWatch:
    """``network`` is the one that is acted on, also while it is gone. Times are monotonic seconds."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.is_gone = not network.is_there
        self._seen = network
        self._since = float("-inf")
        self._is_restless = False

    def look(self, seen: Network, at: float) -> NetworkNews | None:
        """Take in what is seen now; tells of what has lasted for ``SETTLE_SECONDS``, once."""
        if seen != self._seen:
            self._seen, self._since, self._is_restless = seen, at, True
        if not self._is_restless or at - self._since < SETTLE_SECONDS:
            return None
        news = self.accept(seen)
        return NetworkNews.FLICKERED if news is None and seen.is_there else news

    def accept(self, seen: Network) -> NetworkNews | None:
        """Act on what is seen without waiting: after a sleep, or when an attempt failed for want of it."""
        self._seen, self._is_restless = seen, False
        if self.is_as_told(seen):
            return None
        was_gone, self.is_gone = self.is_gone, not seen.is_there
        if self.is_gone:
            return NetworkNews.GONE
        self.network = seen
        return NetworkNews.BACK if was_gone else NetworkNews.CHANGED

    def is_as_told(self, seen: Network) -> bool:
        """Whether that is what is acted on."""
        return self.is_gone if not seen.is_there else not self.is_gone and seen == self.network
