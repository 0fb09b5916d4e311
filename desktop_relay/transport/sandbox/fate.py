"""What becomes of a recipient, decided by nothing but the seed and the address."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b

_FORCED = "fate-"


class Fate(StrEnum):
    """How a practice carrier treats one recipient.

    UNKNOWN_USER, DISABLED and FILTERED are for good. MAILBOX_FULL lasts for some time, GREYLIST until
    the time it names. BUSY, RESET and both drops strike the first attempt only. SLOW is a late ACCEPT.
    DROP_TAKEN and DROP_LOST hang up after the final dot: with the message really taken, or not.
    """

    ACCEPT = "accept"
    UNKNOWN_USER = "unknown_user"
    MAILBOX_FULL = "mailbox_full"
    DISABLED = "disabled"
    FILTERED = "filtered"
    BUSY = "busy"
    GREYLIST = "greylist"
    SLOW = "slow"
    RESET = "reset"
    DROP_TAKEN = "drop_taken"
    DROP_LOST = "drop_lost"


def draw(seed: int, purpose: str, text: str) -> float:
    """A number in [0, 1) that is the same for the same three on every machine and in every process."""
    digest = blake2b(text.encode(), digest_size=8, key=str(seed).encode()[:64], person=purpose.encode()[:16])
    return (int.from_bytes(digest.digest(), "big") >> 11) / (1 << 53)


def decide_fate(seed: int, address: str, shares: Mapping[Fate, float]) -> Fate:
    """The fate of ``address`` (its key, lower case); ``shares`` add up to 1 at most, the rest is accepted.

    A local part ``fate-<name>.anything`` names its fate itself.
    """
    forced = forced_fate(address)
    if forced is not None:
        return forced
    left = draw(seed, "fate", address)
    for fate in Fate:  # the order of the enum, not of a file
        left -= shares.get(fate, 0.0)
        if left < 0.0:
            return fate
    return Fate.ACCEPT


def forced_fate(address: str) -> Fate | None:
    """The fate that the local part asks for, e.g. ``fate-mailbox_full.x@…``."""
    local = address.rpartition("@")[0].lower()
    if not local.startswith(_FORCED):
        return None
    name = local.removeprefix(_FORCED).partition(".")[0]
    return Fate(name) if name in Fate.__members__.values() else None
