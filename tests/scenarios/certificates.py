"""Certificates for a scenario's servers, from an authority of its own making."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """A server's TLS settings with a certificate for ``names``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1",))).configure_cert(context)
    return context


def authority_file(authority: trustme.CA, folder: Path) -> str:
    """The authority's own certificate, as a route is told to trust it."""
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)
