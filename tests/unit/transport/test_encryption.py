"""Certificates as a stranger may show them: none of them gets more out of the check than a refusal."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import trustme

from desktop_relay.domain.protection import Verified
from desktop_relay.protocol.tlsa import DANE_TA, TlsaRecord
from desktop_relay.transport.encryption import Trust, dane_problem
from desktop_relay.transport.security import encrypting_context

HOST = "mx.example"
RSA = bytes.fromhex("06092a864886f70d010101")
NOBODYS = bytes.fromhex("06092a864886f70d010163")


@contextmanager
def shaken_hands(context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """The client's end of a connection with a server that shows what is in ``context``."""
    ours, theirs = socket.socketpair()
    with ThreadPoolExecutor() as pool, ours, theirs:
        served = pool.submit(context.wrap_socket, theirs, server_side=True)
        with encrypting_context().wrap_socket(ours, server_hostname=HOST) as client, served.result():
            yield client


def test_a_key_of_an_unknown_kind_in_the_chain_proves_nothing(tmp_path: Path) -> None:
    issuer = trustme.CA(key_type=trustme.KeyType.RSA).cert_pem.bytes().decode()
    odd = ssl.PEM_cert_to_DER_cert(issuer).replace(RSA, NOBODYS)
    leaf, file = trustme.CA().issue_cert(HOST), tmp_path / "chain.pem"
    file.write_bytes(
        leaf.private_key_and_cert_chain_pem.bytes() + ssl.DER_cert_to_PEM_cert(odd).encode("ascii")
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # or it would not show such a chain itself
    context.load_cert_chain(file)
    trust = Trust(Verified.DANE, (TlsaRecord(DANE_TA, 1, 1, b"x" * 32),), (HOST,))
    with shaken_hands(context) as client:
        transport = asyncio.BaseTransport(extra={"ssl_object": client})
        problem = dane_problem(transport, trust, datetime.now(UTC))
    assert problem is not None
    assert "Unknown key type" in problem
