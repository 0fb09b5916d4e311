"""A sender: the From address with what law and the big receivers want beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends. ``postal`` is the address the law wants shown (特定電子メール法 第4条).

    ``unsubscribe_mailto`` defaults to the reply address; ``unsubscribe_url`` is an https base to
    which a per-recipient token is appended (RFC 8058), or nothing.
    ``selector`` names the DKIM keys ``<selector>`` (RSA) and ``<selector>-ed`` (Ed25519), if any.
    """

    address: str
    name: str = ""
    reply_to: str | None = None
    postal: str = ""
    unsubscribe_mailto: str | None = None
    unsubscribe_url: str | None = None
    selector: str | None = None

    @property
    def domain(self) -> str:
        """The part after the last at sign."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class DkimKeys:
    """The private keys that sign for a domain, as unencrypted PKCS #8 PEM.

    RSA is what every receiver checks (RFC 8301); Ed25519 is signed beside it when there is one (RFC 8463).
    """

    rsa_pem: bytes
    ed25519_pem: bytes | None = None
