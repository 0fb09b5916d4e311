"""How a connection was protected, as the ledger keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verified(StrEnum):
    """How it was made sure who is at the other end of an encrypted connection.

    OPPORTUNISTIC is not at all (RFC 7435); CERTIFICATE by an authority of this machine for the host's name;
    MTA_STS the same for a host that the domain's policy names (RFC 8461); DANE by the domain's signed
    TLSA records (RFC 7672).
    """

    OPPORTUNISTIC = "opportunistic"
    CERTIFICATE = "certificate"
    MTA_STS = "mta-sts"
    DANE = "dane"


_FAILS_TESTING = "mta-sts-testing-fails"


@dataclass(frozen=True, slots=True)
class Protection:
    """The facts of one encrypted connection; plain text has none.

    ``version`` and ``cipher`` are OpenSSL's names (``TLSv1.3``, ``TLS_AES_256_GCM_SHA384``).
    ``fails_testing``: the domain has an MTA-STS policy in testing, which would have refused the host if it
    were enforced (RFC 8461 5).
    """

    version: str
    cipher: str
    verified: Verified
    fails_testing: bool = False

    def __str__(self) -> str:
        words = (self.version, self.cipher, self.verified, *([_FAILS_TESTING] if self.fails_testing else []))
        return " ".join(words)


def parse_protection(text: str) -> Protection | None:
    """What ``str`` of one made; ``None`` for any other text."""
    words = text.split(" ")
    fails_testing = words[3:] == [_FAILS_TESTING]
    if len(words) != 3 + fails_testing or words[2] not in tuple(Verified):
        return None
    return Protection(words[0], words[1], Verified(words[2]), fails_testing)
