"""Which addresses of a host are tried, and in what order."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from itertools import chain, zip_longest

from desktop_relay.transport.resolver import Endpoint

ADDRESS_LIMIT = 5
"""At most so many addresses are tried for one session, of all hosts together (Postfix's own limit).

postconf(5): smtp_mx_address_limit. smtp_mx_session_limit counts no session that fails before mail.
"""

HOST_LIMIT = 20
"""At most so many hosts of a domain are looked up for one session, which is more than any real one needs."""


def plan_attempts(endpoints: Sequence[Endpoint], egress: str = "") -> tuple[Endpoint, ...]:
    """IPv4 and IPv6 by turns, IPv4 first, so that neither uses up all attempts (RFC 8305 4).

    Left out is what this machine knows no way to from ``egress``, unless that is all there is.
    """
    found = [endpoint for endpoint in endpoints if _knows_way(endpoint.ip, egress)] or list(endpoints)
    old = [endpoint for endpoint in found if ":" not in endpoint.ip]
    new = [endpoint for endpoint in found if ":" in endpoint.ip]
    by_turns = chain.from_iterable(zip_longest(old, new))
    return tuple(endpoint for endpoint in by_turns if endpoint is not None)


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
