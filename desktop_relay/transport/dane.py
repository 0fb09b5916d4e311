"""A host's TLSA records where the DNS is signed, and what they prove (RFC 7672 2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.protocol.tlsa import TlsaError, TlsaRecord, parse_tlsa, usable_records
from desktop_relay.transport.resolver import Found, Records


@dataclass(frozen=True, slots=True)
class TlsaFound:
    """``records`` are those that can prove something, perhaps none; ``base`` is the name they are for."""

    records: tuple[TlsaRecord, ...]
    base: str


async def find_tlsa(records: Records, host: str, port: int) -> TlsaFound | None:
    """What the owner of ``host`` has signed for ``port``, ``None`` where nothing is signed.

    Raises ``ResolveError`` when that cannot be told: then nobody may go on without (RFC 7672 2.1.3).
    """
    for base in await _bases(records, host):
        found = await records.lookup(f"_{port}._tcp.{base}", "TLSA")
        if found.secure and found.records:
            return TlsaFound(usable_records(_parsed(found)), base)
    return None


async def _bases(records: Records, host: str) -> tuple[str, ...]:
    """The names whose records may speak for ``host``, in the order to ask (RFC 7672 2.2.2, 2.2.3)."""
    name = host.lower().rstrip(".")
    address = await records.lookup(name, "A")
    if not address.records:
        address = await records.lookup(name, "AAAA")
    if address.secure:
        # the name behind the alias first, then the alias itself
        return tuple(dict.fromkeys((address.name, name)))
    if address.name == name:
        # RFC 7672 2.2.2: behind an unsigned address there is nothing to ask for
        return ()
    # RFC 7672 2.1.3: one verdict stands for the whole chain, so the alias is asked about by itself: it may be
    # signed though what it stands for is not, and then its own records hold
    alias = await records.lookup(name, "CNAME")
    return (name,) if alias.secure and alias.records else ()


def _parsed(found: Found) -> list[TlsaRecord]:
    """Records that make no sense are as good as unusable ones."""
    parsed = []
    for data in found.records:
        try:
            parsed.append(parse_tlsa(data))
        except TlsaError:
            continue
    return parsed
