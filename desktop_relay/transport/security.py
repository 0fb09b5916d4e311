"""How a connection is to be protected, and the TLS contexts for it (RFC 3207, RFC 8314)."""

from __future__ import annotations

import ssl
from enum import StrEnum

from desktop_relay.domain.route import TlsMode


class Security(StrEnum):
    """From nothing to a checked certificate from the first byte.

    OPPORTUNISTIC takes STARTTLS where it is offered, ENCRYPTED insists on it; both take any certificate,
    for MX certificates prove nothing (RFC 7435). VERIFIED is STARTTLS and WRAPPED TLS from the first
    byte, both with a certificate for the host's name.
    """

    NONE = "none"
    OPPORTUNISTIC = "opportunistic"
    ENCRYPTED = "encrypted"
    VERIFIED = "verified"
    WRAPPED = "wrapped"


SECURITY_OF_ROUTE = {
    TlsMode.NONE: Security.NONE,
    TlsMode.STARTTLS: Security.VERIFIED,
    TlsMode.TLS: Security.WRAPPED,
}
"""What the TLS mode of a smarthost route means."""


def verifying_context(ca_file: str | None) -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, or those of ``ca_file`` alone.

    Raises ``OSError`` when the file cannot be read or holds no certificate.
    """
    return ssl.create_default_context(cafile=ca_file)


def public_context(ca_file: str | None) -> ssl.SSLContext:
    """For hosts of strangers: the system's authorities, and those of ``ca_file`` besides.

    The name must be among the certificate's alternative ones: RFC 8461 3.3, 4.2 know no common name.
    Raises ``OSError`` as ``verifying_context`` does.
    """
    context = ssl.create_default_context()
    context.hostname_checks_common_name = False
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def encrypting_context() -> ssl.SSLContext:
    """Any certificate will do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
