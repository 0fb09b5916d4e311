"""Names and addresses as the operating system finds them: of the accounts' own hosts and of this one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

from desktop_relay.domain.exchange import Failure
from desktop_relay.transport.resolver import Endpoint, MxRecord, ResolveError, Resolver

_LOOKUP_SECONDS = 15.0

AsksSystem = Callable[[str], Awaitable[tuple[Endpoint, ...]]]
"""The addresses of a host as the operating system finds them; raises ``ResolveError``."""


class HostsResolver:
    """Asks ``first``, where there is one, and then the system with its hosts file and local names.

    The system's look-up holds a worker thread for as long as name servers are silent, so however many want to
    know a host at once, it is asked once.
    """

    def __init__(self, first: Resolver | None = None, *, system: AsksSystem | None = None) -> None:
        self._first = first
        self._system = system or _system_addresses
        self._asking: dict[str, asyncio.Task[tuple[Endpoint, ...] | ResolveError]] = {}

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
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._ask_system(host))
            task.add_done_callback(lambda _: self._asking.pop(host, None))
        # whoever gives up does not take the answer from the others
        found = await asyncio.shield(task)
        if isinstance(found, ResolveError):
            raise ResolveError(found.failure, found.detail)
        return found

    async def _ask_system(self, host: str) -> tuple[Endpoint, ...] | ResolveError:
        try:
            return await self._system(host)
        except ResolveError as error:
            return error


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
