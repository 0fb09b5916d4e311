"""What a practice carrier does with one recipient now: its fate, unfolding over attempts and time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

from desktop_relay.transport.sandbox.carriers import Behaviour, Carrier
from desktop_relay.transport.sandbox.fate import Fate, decide_fate, draw


class Deed(Enum):
    """What the server does."""

    TAKE = auto()
    REPLY = auto()
    RESET = auto()
    HANG_UP_TAKEN = auto()
    HANG_UP_LOST = auto()


@dataclass(frozen=True, slots=True)
class Treatment:
    """The deed at RCPT, or ``at_dot``; after ``wait`` carrier seconds; ``seconds`` for the reply."""

    deed: Deed
    fate: Fate = Fate.ACCEPT
    reply: str = ""
    at_dot: bool = False
    wait: float = 0.0
    seconds: int = 0


_TAKE = Treatment(Deed.TAKE)
_DEED_ONCE = {
    Fate.BUSY: Deed.REPLY,
    Fate.RESET: Deed.RESET,
    Fate.DROP_TAKEN: Deed.HANG_UP_TAKEN,
    Fate.DROP_LOST: Deed.HANG_UP_LOST,
}


class Desk:
    """Decides for one carrier; remembers whom it has met, for as long as it lives."""

    def __init__(self, carrier: Carrier, seed: int) -> None:
        self._carrier = carrier
        self._shares = carrier.shares
        self._seed = seed
        self._met: dict[str, float] = {}

    def meet(self, address: str, at: float) -> Treatment:
        """An attempt to send to ``address`` (its key) at carrier second ``at``."""
        fate = decide_fate(self._seed, address, self._shares)
        if fate is Fate.ACCEPT:
            return _TAKE
        behaviour = self._carrier.behaviours[fate]
        first = address not in self._met
        since = at - self._met.setdefault(address, at)
        if fate in _DEED_ONCE:
            return _treat(fate, behaviour, _DEED_ONCE[fate]) if first else _TAKE
        match fate:
            case Fate.SLOW:
                spread = 0.5 + draw(self._seed, "slow", address)
                return Treatment(Deed.TAKE, fate, wait=behaviour.seconds * spread)
            case Fate.GREYLIST | Fate.MAILBOX_FULL if 0.0 < behaviour.seconds <= since:
                return _TAKE
        return _treat(fate, behaviour, Deed.REPLY, ceil(behaviour.seconds - since))


def _treat(fate: Fate, behaviour: Behaviour, deed: Deed, seconds: int = 0) -> Treatment:
    return Treatment(deed, fate, behaviour.reply, behaviour.at_dot, seconds=max(seconds, 0))
