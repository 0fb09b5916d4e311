"""The dispatcher's workshop in virtual time: commits take no time and nobody is suppressed."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.batch import Batch
from desktop_relay.simulator.clock import Agenda


class InstantCommitter:
    """Every begin is durable at once."""

    def __init__(self) -> None:
        self._batch = Batch()

    def begin(self, recipient: int) -> Batch:
        """Nothing to wait for."""
        return self._batch

    def settle(self, settlement: Settlement) -> None:
        """The dispatcher's own call-back tells what there is to know."""


class NobodySuppressed:
    """A list is cleaned when a campaign is submitted; nobody unsubscribes in virtual time."""

    def reason_for(self, address_key: str) -> Reason | None:
        """Nobody."""
        return None


@dataclass(frozen=True, slots=True)
class VirtualShop:
    """What a dispatcher needs."""

    wakeups: Agenda
    committer: InstantCommitter
    suppressions: NobodySuppressed


def open_shop(agenda: Agenda) -> VirtualShop:
    """One for each simulation."""
    return VirtualShop(agenda, InstantCommitter(), NobodySuppressed())
