"""The network as the engine knows it: which one it is, whether it is there, and what is its fault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.network import Network, NetworkState
from desktop_relay.policy.network import (
    GONE_PATIENCE,
    SETTLE_SECONDS,
    UNPROVEN_PATIENCE,
    UNPROVEN_SECONDS,
    NetworkNews,
    NetworkWatch,
    may_be_networks_fault,
)

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0

_FRESH_SECONDS = 0.5
"""Attempts that fail together are judged by one look."""


class Uplink:
    """``era`` counts the networks: an attempt of an earlier one says nothing about those at the other end.

    A new one is *unproven* until a server has answered over it. ``look`` tells what network there is; it is
    called on a worker thread, and on the loop's when an attempt failed.
    """

    def __init__(self, clock: Clock, look: Callable[[], Network]) -> None:
        self._clock = clock
        self._look = look
        self._watch = NetworkWatch(look())
        self._new_until = self._looked_at = float("-inf")
        self._seen = self._watch.network
        self._is_missed = self._is_unproven = self._is_tried = False
        self.era = 0

    @property
    def network(self) -> Network:
        """The one that is acted on, also while it is gone."""
        return self._watch.network

    @property
    def is_gone(self) -> bool:
        """There is no way to the world."""
        return self._watch.is_gone

    @property
    def is_unproven(self) -> bool:
        """It is new, and no server has answered over it."""
        return self._is_unproven and self._is_new

    @property
    def state(self) -> NetworkState:
        """What people are told: that it is gone only if it was there, or mail wants it."""
        if self.is_gone:
            return NetworkState.GONE if self._is_missed else NetworkState.STEADY
        if self.is_unproven and self._is_tried:
            return NetworkState.UNPROVEN
        return NetworkState.CHANGED if self._is_new else NetworkState.STEADY

    async def look(self, *, at_once: bool = False) -> bool:
        """See what network there is; whether everything has to begin anew on it.

        ``at_once``, after a sleep: what is seen counts without having lasted, and is another era anyway.
        """
        seen = await asyncio.to_thread(self._look)
        if at_once:
            self.era += 1
            return self._tell(self._watch.accept(seen))
        return self._tell(self._watch.look(seen, self._clock.monotonic()))

    def excuses(self, exchange: Exchange, era: int) -> bool:
        """Whether an attempt begun in ``era`` failed by the network, not by those at the other end."""
        if exchange.reply is not None:
            self._is_unproven &= era != self.era
            return False
        self._look_now()
        is_other = self._seen.is_there and not self._watch.is_as_told(self._seen)
        if not may_be_networks_fault(exchange, unproven=self.is_unproven or is_other):
            return False
        self._is_tried |= era == self.era
        return era != self.era or self.is_unproven or self.is_gone or is_other

    def patience(self, era: int) -> float:
        """Seconds after which it is worth another try, when one of ``era`` failed; 0.0: at once."""
        if self.is_gone:
            return GONE_PATIENCE
        if era != self.era:
            return 0.0  # that was another network
        return UNPROVEN_PATIENCE if self.is_unproven else SETTLE_SECONDS + LOOK_SECONDS

    @property
    def _is_new(self) -> bool:
        return self._clock.monotonic() < self._new_until

    def _look_now(self) -> None:
        """A line goes down between two looks, and mail fails in milliseconds then."""
        at = self._clock.monotonic()
        if at - self._looked_at < _FRESH_SECONDS:
            return
        self._seen, self._looked_at = self._look(), at
        if not self._seen.is_there:
            self._is_missed = True
            self._tell(self._watch.accept(self._seen))

    def _tell(self, news: NetworkNews | None) -> bool:
        if news is None:
            return False
        leaving = "nowhere" if self.is_gone else self.network.egress
        log.info("the network: %s, mail leaves from %s", news.name.lower(), leaving)
        if news is NetworkNews.GONE:
            self._is_missed = True
            return False
        self.era += 1
        self._is_missed = False
        if news is not NetworkNews.FLICKERED:
            self._new_until = self._clock.monotonic() + UNPROVEN_SECONDS
            self._is_unproven, self._is_tried = True, False
        return True
