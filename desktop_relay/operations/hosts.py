"""Names of hosts as people type them: checked before they stand in a dialogue or are looked up."""

from __future__ import annotations

import re
from ipaddress import ip_address

_LONGEST = 253  # octets of a name in DNS
_LABEL = r"[\w](?:[\w-]{0,61}[\w])?"  # letters of any script: the transport encodes them
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_LAST_PORT = 65535


def is_host(text: str) -> bool:
    """Whether it is a host name, an IP address, or one in brackets (RFC 5321 4.1.3)."""
    literal = text[1:-1].removeprefix("IPv6:") if text[:1] == "[" and text[-1:] == "]" else text
    return is_address(literal) or (len(text) <= _LONGEST and _NAME.fullmatch(text) is not None)


def is_own_name(text: str) -> bool:
    """Whether it can be said in EHLO, where no letters but ASCII may stand (RFC 5321 4.1.2)."""
    return text.isascii() and is_host(text)


def is_address(text: str) -> bool:
    """Whether it is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_nameserver(text: str) -> bool:
    """Whether it is ``address``, ``address:port`` or ``[address]:port``."""
    if is_address(text):
        return True
    address, separator, port = text.rpartition(":")
    if not separator or not port.isascii() or not port.isdigit() or not 0 < int(port) <= _LAST_PORT:
        return False
    bracketed = address[:1] == "[" and address[-1:] == "]"
    return is_address(address[1:-1] if bracketed else address)
