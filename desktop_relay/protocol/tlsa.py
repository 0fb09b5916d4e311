"""TLSA records: which certificate or authority a host's owner has signed for (RFC 6698, 7671, 7672)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

DANE_TA, DANE_EE = 2, 3
"""The usages that SMTP knows (RFC 7672 3.1); the others need authorities that MTAs do not share."""

_CERTIFICATE, _KEY = 0, 1
_FULL, _SHA256, _SHA512 = 0, 1, 2
_LENGTHS = {_SHA256: 32, _SHA512: 64}


class TlsaError(ValueError):
    """What came is no TLSA record."""


@dataclass(frozen=True, slots=True)
class TlsaRecord:
    """``usage``, ``selector`` and ``matching`` as RFC 6698 2.1 numbers them, ``data`` to compare with."""

    usage: int
    selector: int
    matching: int
    data: bytes

    @property
    def usable(self) -> bool:
        """It can prove something to a mail server (RFC 7672 3.1, RFC 6698 4.1)."""
        known = self.usage in (DANE_TA, DANE_EE) and self.selector in (_CERTIFICATE, _KEY)
        if not known or not self.data:
            return False
        return self.matching == _FULL or _LENGTHS.get(self.matching) == len(self.data)

    def matches(self, certificate: bytes, key: bytes) -> bool:
        """Whether it is about this certificate, given as DER with its SubjectPublicKeyInfo ``key``."""
        selected = certificate if self.selector == _CERTIFICATE else key
        if self.matching == _SHA256:
            selected = hashlib.sha256(selected).digest()
        elif self.matching == _SHA512:
            selected = hashlib.sha512(selected).digest()
        return self.usable and selected == self.data


def parse_tlsa(data: bytes) -> TlsaRecord:
    """A record from its data as on the wire (RFC 6698 2.1); raises ``TlsaError``."""
    if len(data) < 4:
        raise TlsaError("too short")
    return TlsaRecord(data[0], data[1], data[2], data[3:])


def usable_records(records: Iterable[TlsaRecord]) -> tuple[TlsaRecord, ...]:
    """Those that may prove something; where there are digests of two strengths only the stronger."""
    usable = [record for record in records if record.usable]
    strongest: dict[tuple[int, int], int] = {}
    for record in usable:
        key = (record.usage, record.selector)
        strongest[key] = max(strongest.get(key, _FULL), record.matching)
    # RFC 7671 9: a weak digest must not stand in for a strong one; whole certificates are always good
    return tuple(
        record for record in usable if record.matching in (_FULL, strongest[record.usage, record.selector])
    )
