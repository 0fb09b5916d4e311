"""What network this machine is on, as far as it can tell by itself, and what people are told of it."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from enum import StrEnum


class NetworkState(StrEnum):
    """What is told of the network; each but STEADY has a sentence in each language."""

    STEADY = ""
    CHANGED = "changed"
    UNPROVEN = "unproven"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Network:
    """Two that are equal are taken for the same network.

    ``ipv4`` and ``ipv6`` are the addresses that mail to the world leaves from, empty where there is no way;
    ``addresses`` are those of all interfaces that are up. All of them are ``comparable``. ``nameservers`` are
    the system's.
    """

    ipv4: str = ""
    ipv6: str = ""
    addresses: frozenset[str] = frozenset()
    nameservers: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether there is a way to the world at all."""
        return bool(self.ipv4 or self.ipv6)

    @property
    def egress(self) -> str:
        """Where mail leaves from, to be compared; behind a NAT the world sees another address."""
        return f"{self.ipv4} {self.ipv6}".strip()

    @property
    def mark(self) -> str:
        """Stands in for the network where it has to be known again later: alike for those that are equal."""
        seen = (self.ipv4, self.ipv6, sorted(self.addresses), self.nameservers)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]

    def reaches(self, own: str) -> bool:
        """Whether what is sent to ``own``, once an address of this machine, still arrives here."""
        told = comparable(own)
        return not told or told in self.addresses


def comparable(address: str) -> str:
    """An address of this machine, of IPv6 the network alone: machines change the rest of it every day.

    Empty for one that leads nowhere else (loopback, link-local) and for what is no address.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if found.is_loopback or found.is_link_local or found.is_unspecified:
        return ""
    if found.version == 4:
        return str(found)
    return str(ipaddress.IPv6Network((found, 64), strict=False))
