"""What a handshake came to: the facts for the ledger, and the proof by TLSA records (RFC 7672)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from desktop_relay.domain.protection import Protection, Verified
from desktop_relay.protocol.tlsa import DANE_EE, TlsaRecord

_DER = 2
_UNREADABLE = (ValueError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType, x509.DuplicateExtension)


@dataclass(frozen=True, slots=True)
class Trust:
    """What makes a certificate good: for DANE ``tlsa``, with the ``names`` it may be for, theirs first."""

    verified: Verified = Verified.OPPORTUNISTIC
    tlsa: tuple[TlsaRecord, ...] = ()
    names: tuple[str, ...] = ()

    def name_to_ask_for(self, host: str) -> str:
        """The server name to say in the handshake with ``host`` (RFC 7672 8.1): where the records are."""
        return self.names[0] if self.tlsa else host


def protection_of(
    transport: asyncio.BaseTransport, trust: Trust, *, fails_testing: bool = False
) -> Protection | None:
    """The facts of a connection whose handshake is over, ``None`` for plain text."""
    ssl_object = _ssl_object_of(transport)
    if ssl_object is None:
        return None
    cipher = ssl_object.cipher()
    name = cipher[0] if cipher else ""
    return Protection(ssl_object.version() or "", name, trust.verified, fails_testing)


def dane_problem(transport: asyncio.BaseTransport, trust: Trust, at: datetime) -> str | None:
    """Why the certificate is not what the TLSA records say, ``None`` when it is (RFC 7672 3)."""
    ssl_object = _ssl_object_of(transport)
    leaf = None if ssl_object is None else ssl_object.getpeercert(binary_form=True)
    if ssl_object is None or leaf is None:
        return "no certificate"
    try:
        certificate = x509.load_der_x509_certificate(leaf)
        key = _key_of(certificate)
        if any(record.usage == DANE_EE and record.matches(leaf, key) for record in trust.tlsa):
            # RFC 7672 3.1.1: neither the name nor the dates in it matter
            return None
        anchors = [record for record in trust.tlsa if record.usage != DANE_EE]
        if not anchors:
            return "certificate matches no TLSA record"
        issuers = [x509.load_der_x509_certificate(der) for der in _chain_of(ssl_object)[1:]]
        return _anchor_problem(certificate, issuers, anchors, trust.names, at)
    except _UNREADABLE as error:
        return f"certificate cannot be read: {error}"


def _anchor_problem(
    leaf: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    records: Sequence[TlsaRecord],
    names: Sequence[str],
    at: datetime,
) -> str | None:
    """RFC 7672 3.1.2: an authority that the host sends and the records know vouches for one of the names."""
    problem = "no certificate in the chain matches a TLSA record"
    for anchor in issuers:
        der = anchor.public_bytes(Encoding.DER)
        if not any(record.matches(der, _key_of(anchor)) for record in records):
            continue
        builder = PolicyBuilder().store(Store([anchor])).time(at)
        builder = builder.extension_policies(ca_policy=_AUTHORITIES, ee_policy=_HOSTS)
        for name in names:
            try:
                builder.build_server_verifier(x509.DNSName(name)).verify(leaf, list(issuers))
            except VerificationError as error:
                problem = str(error).partition(" (encountered")[0]
            else:
                return None
    return problem


def _must_be_authority(_: Policy, __: x509.Certificate, extension: x509.BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("not an authority")


# what the web's authorities promise each other is not asked of a mail server's own one
_AUTHORITIES = ExtensionPolicy.permit_all().require_present(
    x509.BasicConstraints, Criticality.AGNOSTIC, _must_be_authority
)
_HOSTS = ExtensionPolicy.permit_all().require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)


def _key_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _chain_of(ssl_object: ssl.SSLObject) -> list[bytes]:
    """The certificates as they were sent, the host's own first."""
    ask = getattr(ssl_object, "get_unverified_chain", None)
    if ask is not None:
        return list(ask())
    # before Python 3.13 only the object underneath tells
    inner: Any = getattr(ssl_object, "_sslobj", None)
    return [bytes(sent.public_bytes(_DER)) for sent in inner.get_unverified_chain() or ()]


def _ssl_object_of(transport: asyncio.BaseTransport) -> ssl.SSLObject | None:
    return cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
