"""Is port 25 blocked on this line? Providers of consumer lines in Japan drop it silently (OP25B)."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_relay.domain.exchange import Exchange, Failure, Stage
from desktop_relay.domain.lane_memory import Port25Memory
from desktop_relay.policy.names import roll_up

UNRELATED_HOSTS = 3
"""So many hosts of different owners are not all dead by chance."""

MOST_REMEMBERED = 1000
"""Owners of hosts that answered: enough to meet three of them again."""

BLOCKED_SECONDS = 3600.0
"""How long nobody tries again: the line is the same tomorrow, but a notebook may be elsewhere in an hour."""

TRY_SECONDS = 120.0
"""After that hour one lane tries whether it is open, and so much later the next, until somebody knows."""

SILENT = frozenset({Failure.TIMEOUT, Failure.UNREACHABLE})
"""How a connect ends that nobody answered."""

_NEVER = float("-inf")
_NOTHING_KNOWN = Port25Memory()


def is_blocked(exchanges: Iterable[Exchange]) -> bool:
    """Whether attempts at unrelated hosts show that port 25 does not get through at all."""
    watch = Port25Watch()
    for exchange in exchanges:
        watch.learn(exchange, 0.0)
    return watch.blocked_for(0.0) > 0


class Port25Watch:
    """Learns from attempts; ``at`` is monotonic seconds.

    Blocked when connects to several unrelated hosts found no answer and none since found one. A refusal or
    a reset comes from the other end, so the port is open. Once hosts of as many owners have answered, only
    hosts count that did: what is left of a campaign are those that are dead. One alone proves nothing, for a
    provider that blocks the way out mostly lets its own servers be reached. ``kept`` is what an earlier
    one's ``memory`` answered at ``since``; on a network of another mark than ``network`` it is worth nothing.
    """

    __slots__ = ("_answered", "_network", "_silent", "_try_at", "_until")

    def __init__(self, network: str = "", kept: Port25Memory = _NOTHING_KNOWN, since: float = _NEVER) -> None:
        self._network = network
        self._silent: set[str] = set()
        self._answered: set[str] = set()
        self._until = self._try_at = _NEVER
        if kept.network == network:
            self._silent.update(kept.silent)
            # a lane that was finding out is gone with its engine, so nobody does before the next would
            self._until = since + max(kept.left, kept.try_left)

    def learn(self, exchange: Exchange, at: float) -> bool:
        """Take in one attempt; whether more or less is known now."""
        if exchange.stage is Stage.RESOLVE:
            return False
        owner = roll_up((exchange.host or "").rpartition(":")[0])
        if exchange.stage is not Stage.CONNECT or exchange.failure not in SILENT:
            knew = bool(self._silent)
            self.forget()
            if owner and len(self._answered) < MOST_REMEMBERED:
                self._answered.add(owner)
            return knew
        if not self.is_doubted and len(self._answered) >= UNRELATED_HOSTS and owner not in self._answered:
            return False
        knew = self.is_doubted and at < self._until
        if not self.is_doubted:
            self._silent.add(owner)
        if self.is_doubted and not knew:
            self._until = at + BLOCKED_SECONDS
        return not knew

    def blocked_for(self, at: float) -> float:
        """Seconds until it is worth another try, 0.0 while nothing speaks against it."""
        return max(0.0, self._until - at)

    @property
    def is_doubted(self) -> bool:
        """It was blocked, and nothing has got through since."""
        return len(self._silent) >= UNRELATED_HOSTS

    def may_try(self, at: float) -> bool:
        """Whether one more lane may go this way: any, but only one now and then while it is doubted."""
        if not self.is_doubted:
            return True
        if self.blocked_for(at) > 0 or at < self._try_at:
            return False
        self._try_at = at + TRY_SECONDS
        return True

    def forget(self) -> None:
        """Start anew: something got through, a person says so, or the network is another one."""
        self._silent.clear()
        self._until = self._try_at = _NEVER

    def memory(self, at: float) -> Port25Memory:
        """What the next one must know."""
        silent = tuple(sorted(self._silent))
        return Port25Memory(silent, self.blocked_for(at), max(0.0, self._try_at - at), self._network)
