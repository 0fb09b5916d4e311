"""What receivers may hold against the address that mail comes from: its name in the DNS.

Gmail takes nothing from an address without a name that leads back to it (4.7.23, 5.7.25; its sender
guidelines), and the lists of addresses from which no mail is due are made by names that tell of a household.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from desktop_relay.domain.own_address import AddressDoubt, OwnAddress

_HOUSEHOLD_WORDS = frozenset(
    {
        *("dynamic", "dyn", "dhcp", "dip", "dialup", "dial", "ppp", "pppoe", "ipoe", "pool", "home"),
        *("dsl", "adsl", "vdsl", "xdsl", "flets", "ftth", "hikari", "fiber", "cable", "catv", "docsis"),
        *("mobile", "wimax", "lte", "cpe", "cust", "customer", "subscriber"),
        *("residential", "broadband", "bb"),
    }
)
"""Words of names that providers give to lines by the thousand (estimate: nobody publishes a list)."""

_FIXED_WORDS = frozenset({"static", "fixed", "mail", "smtp", "mx", "mta"})
"""Words of a line that somebody rents by its address, or of a name that was chosen."""

_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"\d+")
_NOT_OUTSIDE = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/3", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)


def is_outside(ip: str) -> bool:
    """Whether receivers can see ``ip``: no network of a house (RFC 1918, RFC 4193) or carrier (RFC 6598)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return not any(address in network for network in _NOT_OUTSIDE if network.version == address.version)


def judge_address(ip: str, names: Mapping[str, Sequence[str]]) -> OwnAddress:
    """What is to be said of ``ip``, whose ``names`` (PTR) lead to these addresses. Pure."""
    if not names:
        return OwnAddress(ip, doubt=AddressDoubt.NO_NAME)
    leading_back = [name for name, addresses in names.items() if _is_among(ip, addresses)]
    if not leading_back:
        return OwnAddress(ip, next(iter(names)), AddressDoubt.LEADS_ELSEWHERE)
    chosen = [name for name in leading_back if not is_of_household(ip, name)]
    if not chosen:
        return OwnAddress(ip, leading_back[0], AddressDoubt.HOME_LINE)
    return OwnAddress(ip, chosen[0])


def is_of_household(ip: str, name: str) -> bool:
    """Whether ``name`` looks like one of thousands: it says so, or spells the address out. Pure."""
    # the domain's own name says nothing about the line
    line = ".".join(name.lower().rstrip(".").split(".")[:-2])
    words = set(_WORD.findall(line))
    if words & _FIXED_WORDS:
        return False
    return bool(words & _HOUSEHOLD_WORDS) or _spells_out(ip_address(ip), line)


def _spells_out(address: IPv4Address | IPv6Address, line: str) -> bool:
    if isinstance(address, IPv6Address):
        return address.exploded.replace(":", "")[16:] in line.replace("-", "").replace(".", "")
    octets = list(address.packed)
    run = "".join(f"{octet:03}" for octet in octets)
    if run in line or address.packed.hex() in line:
        return True
    numbers = [int(number) for number in _NUMBER.findall(line) if len(number) <= 3]
    # providers drop the octets that all their lines share, so the last three in a row will do
    return any(_stands_in(part, numbers) for part in (octets[1:], octets[:0:-1]))


def _stands_in(part: Sequence[int], numbers: Sequence[int]) -> bool:
    return any(list(numbers[at : at + len(part)]) == list(part) for at in range(len(numbers)))


def _is_among(ip: str, addresses: Sequence[str]) -> bool:
    return any(ip_address(address) == ip_address(ip) for address in addresses)
