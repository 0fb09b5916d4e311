"""TLSA records: what can prove something, and what matches what (RFC 6698, 7671, 7672)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.protocol.tlsa import TlsaError, TlsaRecord, parse_tlsa, usable_records

CERTIFICATE, KEY = b"a certificate", b"its key"
SHA256, SHA512 = hashlib.sha256, hashlib.sha512


@given(st.binary(max_size=80))
def test_octets_of_any_kind(data: bytes) -> None:
    try:
        record = parse_tlsa(data)
    except TlsaError:
        assert len(data) < 4
        return
    assert bytes([record.usage, record.selector, record.matching]) + record.data == data
    assert not record.matches(CERTIFICATE, KEY) or record.usable


@pytest.mark.parametrize(
    ("record", "usable", "matches"),
    [
        (TlsaRecord(3, 1, 1, SHA256(KEY).digest()), True, True),
        (TlsaRecord(3, 0, 1, SHA256(CERTIFICATE).digest()), True, True),
        (TlsaRecord(3, 1, 2, SHA512(KEY).digest()), True, True),
        (TlsaRecord(2, 0, 0, CERTIFICATE), True, True),
        (TlsaRecord(3, 1, 0, KEY), True, True),
        (TlsaRecord(3, 0, 1, SHA256(KEY).digest()), True, False),
        (TlsaRecord(3, 1, 1, SHA256(KEY).digest()[:31]), False, False),
        (TlsaRecord(3, 1, 2, SHA256(KEY).digest()), False, False),
        (TlsaRecord(0, 1, 1, SHA256(KEY).digest()), False, False),
        (TlsaRecord(1, 1, 1, SHA256(KEY).digest()), False, False),
        (TlsaRecord(255, 1, 1, SHA256(KEY).digest()), False, False),
        (TlsaRecord(3, 2, 1, SHA256(KEY).digest()), False, False),
        (TlsaRecord(3, 1, 9, SHA256(KEY).digest()), False, False),
        (TlsaRecord(3, 1, 0, b""), False, False),
    ],
)
def test_standing(record: TlsaRecord, usable: bool, matches: bool) -> None:
    assert (record.usable, record.matches(CERTIFICATE, KEY)) == (usable, matches)


def test_a_weak_digest_does_not_stand_in_for_a_strong_one() -> None:
    weak = TlsaRecord(3, 1, 1, SHA256(KEY).digest())
    strong = TlsaRecord(3, 1, 2, SHA512(b"another key").digest())
    whole = TlsaRecord(3, 1, 0, KEY)
    authority = TlsaRecord(2, 1, 1, SHA256(KEY).digest())
    unusable = TlsaRecord(3, 1, 2, b"short")
    assert usable_records([weak, strong, whole, authority]) == (strong, whole, authority)
    assert usable_records([weak, unusable]) == (weak,)
    assert usable_records([unusable]) == ()
