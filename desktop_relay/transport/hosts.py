"""Names and addresses as the operating system finds them: of the accounts' own hosts and of this one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, MxRecord, ResolveError, Resolver

_LOOKUP_SECONDS = 15.0


class HostsResolver:
    """Asks ``first``, where there is one, and then the system with its hosts file and local names."""

    def __init__(self, first: Resolver | None = None) -> None:
        self._first = first

    async def mx(self, domain: str) -> tuple[MxRecord, ...]:
        """The operating system knows no MX records."""
        return ()

    async def addresses(self, host: str) -> tuple[Endpoint, ...]:
        """IPv4 first (RFC 6724 leaves it to policy: big receivers want more of IPv6 senders)."""
        literal = literal_endpoint(host)
        if literal is not None:
            return (literal,)
        if self._first is not None:
            try:
                return await self._first.addresses(host)
            except ResolveError:
                pass  # a name of the local network, perhaps
        return await _system_addresses(host)


async def _system_addresses(host: str) -> tuple[Endpoint, ...]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_LOOKUP_SECONDS):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        unknown = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        failure = Failure.NO_SUCH_DOMAIN if unknown else Failure.DNS_TEMPORARY
        raise ResolveError(failure, host) from error
    except (TimeoutError, UnicodeError, OSError) as error:
        raise ResolveError(Failure.DNS_TEMPORARY, host) from error
    ordered = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    ips = dict.fromkeys(str(entry[4][0]) for entry in ordered)
    if not ips:
        raise ResolveError(Failure.NO_ADDRESS, host)
    return tuple(Endpoint(ip) for ip in ips)


def literal_endpoint(host: str) -> Endpoint | None:
    """The address that ``host`` already is, bare or as a literal ``[192.0.2.1]`` (RFC 5321 4.1.3)."""
    text = host.removeprefix("[").removesuffix("]")
    text = text[5:] if text.lower().startswith("ipv6:") else text
    try:
        return Endpoint(str(ipaddress.ip_address(text)))
    except ValueError:
        return None


def own_name(sock: socket.socket) -> str:
    """The machine's full name, or its address where it has none (RFC 5321 4.1.3, 4.1.4)."""
    name = socket.gethostname()
    if name.isascii() and "." in name and not name.endswith((".local", ".localdomain", ".lan", ".home")):
        return name
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
