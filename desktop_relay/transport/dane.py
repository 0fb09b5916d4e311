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
    address = await records.lookup(host, "A")
    if not address.records:
        address = await records.lookup(host, "AAAA")
    if not address.secure:
        # RFC 7672 2.2.2: behind an unsigned address there is nothing to ask for
        return None
    # RFC 7672 2.2.3: the name behind the alias first, then the host's own
    for base in dict.fromkeys((address.name, host)):
        found = await records.lookup(f"_{port}._tcp.{base}", "TLSA")
        if found.secure and found.records:
            return TlsaFound(usable_records(_parsed(found)), base)
    return None


def _parsed(found: Found) -> list[TlsaRecord]:
    """Records that make no sense are as good as unusable ones."""
    parsed = []
    for data in found.records:
        try:
            parsed.append(parse_tlsa(data))
        except TlsaError:
            continue
    return parsed
