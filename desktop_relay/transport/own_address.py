"""Finds out what receivers see of this line: the address, and its name in the DNS."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_relay.domain.own_address import OwnAddress
from desktop_relay.policy.own_address import is_outside, judge_address
from desktop_relay.transport.resolver import DnsResolver, ResolveError
from desktop_relay.transport.session import Session


async def find_own_address(sessions: Iterable[Session], resolver: DnsResolver) -> OwnAddress | None:
    """The address at the far end of open sessions; ``None`` where no server tells it, or the DNS is silent.

    Behind a router this machine does not know it. Servers that greet with it (Gmail's and Outlook.com's do)
    are asked anyway, so nobody else has to be.
    """
    for session in sessions:
        for ip in (session.peer.seen_address, session.own_address):
            if is_outside(ip):
                try:
                    return judge_address(ip, await resolver.names(ip))
                except ResolveError:
                    return None
    return None
