"""A DNSSEC-signed zone for a validating name server, with records that were changed after the signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dns.dnssec
import dns.dnssectypes
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class SignedZone:
    """``text`` as a zone file, ``anchor`` the key that a resolver has to trust."""

    text: str
    anchor: str


def sign_zone(origin: str, records: Sequence[str], tampered: Sequence[str] = ()) -> SignedZone:
    """``records`` as zone file lines with absolute names; each line of ``tampered`` replaces a signed record.

    What stands below a delegation is left unsigned, as it should be.
    """
    zone = dns.zone.from_text("\n".join([*records, ""]), origin=origin, relativize=False)
    private = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), dns.dnssectypes.Algorithm.ECDSAP256SHA256, flags=257)
    with zone.writer() as writer:
        dns.dnssec.sign_zone(
            zone, writer, keys=[(private, key)], add_dnskey=True, dnskey_ttl=300, lifetime=_DAY_SECONDS
        )
    lines = zone.to_text(relativize=False).splitlines()
    for line in tampered:
        name, _, _, kind, _ = line.split(" ", 4)
        lines = [signed for signed in lines if not _is_about(signed, name, kind)]
        lines.append(line)
    return SignedZone("\n".join([*lines, ""]), f"{origin} DNSKEY {key.to_text()}")


def _is_about(line: str, name: str, kind: str) -> bool:
    words = line.split(" ")
    return words[0] == name and words[3] == kind
