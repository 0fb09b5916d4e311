"""Which addresses of a host are tried, and in what order."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from itertools import chain, zip_longest

from desktop_relay.transport.resolver import Endpoint

ADDRESS_LIMIT = 5
"""At most so many addresses are tried for one session, of all hosts together (Postfix's own limit).

postconf(5): smtp_mx_address_limit. smtp_mx_session_limit counts no session that fails before mail.
"""

HOST_LIMIT = 20
"""At most so many hosts of a domain are looked up for one session, which is more than any real one needs."""

LEAST_ADDRESSES = 2
"""So many are tried however long it takes (RFC 5321 5.1)."""


_THIS_NETWORK, _NOBODY = ip_network("0.0.0.0/8"), ip_network("::/128")


class Attempts:
    """Those of one opening that began at ``now`` and may take ``seconds``; times are of the loop's clock."""

    def __init__(self, now: float, seconds: float) -> None:
        self._until = now + seconds
        self._made = 0

    def allow_another(self, now: float) -> bool:
        """Whether it is worth trying one more address."""
        return self._made < (ADDRESS_LIMIT if now < self._until else LEAST_ADDRESSES)

    def made(self) -> None:
        """One is being tried."""
        self._made += 1


def plan_attempts(endpoints: Sequence[Endpoint], egress: str = "") -> tuple[Endpoint, ...]:
    """IPv4 and IPv6 by turns, IPv4 first, so that neither uses up all attempts (RFC 8305 4).

    Left out is what this machine knows no way to from ``egress``, unless that is all there is.
    """
    found = [endpoint for endpoint in endpoints if _knows_way(endpoint.ip, egress)] or list(endpoints)
    old = [endpoint for endpoint in found if ":" not in endpoint.ip]
    new = [endpoint for endpoint in found if ":" in endpoint.ip]
    by_turns = chain.from_iterable(zip_longest(old, new))
    return tuple(endpoint for endpoint in by_turns if endpoint is not None)


def leads_to_a_host(ip: str) -> bool:
    """Whether somebody else can be at ``ip``: not this machine, nobody, or a group.

    Domains that take no mail are often given such an address, and whoever answers there is not theirs.
    """
    address = ip_address(ip)
    address = (address.version == 6 and address.ipv4_mapped) or address
    return not (address.is_loopback or address.is_multicast or address in _THIS_NETWORK or address in _NOBODY)


def _knows_way(ip: str, egress: str) -> bool:
    """Whether the system has a route there. Takes microseconds and sends nothing."""
    if egress and (":" in egress) != (":" in ip):
        return False
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((ip, 25))
    except OSError:
        return False
    return True
