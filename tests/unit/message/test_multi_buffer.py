"""Eight signatures at a time are those of one after another; nothing depends on the library being there."""

from __future__ import annotations

import ctypes
import platform
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_relay.domain.identity import DkimKeys
from desktop_relay.message.dkim import Signer, dns_records
from desktop_relay.message.multi_buffer import WIDTH, MultiBuffer, open_multi_buffer
from tests.fakes.letters import NOON
from tests.unit.message.test_dkim import HEAD, verdicts

WORDS = [f"letter {number}".encode() for number in range(2 * WIDTH + 3)]


@lru_cache
def key(bits: int, exponent: int = 65537) -> RSAPrivateKey:
    return generate_private_key(exponent, bits)


def pem(private: RSAPrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def able(private: RSAPrivateKey) -> MultiBuffer:
    multi_buffer = open_multi_buffer(private)
    if multi_buffer is None:
        assert not processor_can(), "the library is a part of the test environment and must load here"
        pytest.skip("no processor for it")
    return multi_buffer


def processor_can() -> bool:
    """Whether the processor works on eight numbers at once, on the one system that the extra is for."""
    cpu = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and cpu.exists() and "avx512ifma" in cpu.read_text()


@pytest.mark.parametrize("bits", [1024, 2048, 3072, 4096])
def test_the_same_as_one_after_another(bits: int) -> None:
    multi_buffer = able(key(bits))
    for count in range(1, WIDTH + 1):
        made = multi_buffer.sign([sha256(word).digest() for word in WORDS[:count]])
        assert made == [key(bits).sign(word, PKCS1v15(), SHA256()) for word in WORDS[:count]]


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=WIDTH))
@settings(max_examples=100)
def test_any_digests(digests: list[bytes]) -> None:
    multi_buffer = able(key(2048))
    numbers = key(2048).private_numbers()
    modulus, private = numbers.public_numbers.n, numbers.d
    made = multi_buffer.sign(digests)
    assert len(made) == len(digests)
    for signature, digest in zip(made, digests, strict=True):
        assert signature is not None
        opened = pow(int.from_bytes(signature), 65537, modulus)
        assert opened.to_bytes(256).endswith(b"\0" + _INFO + digest)
        assert pow(opened, private, modulus) == int.from_bytes(signature)


@pytest.mark.parametrize("exponent", [3, 65537])
def test_letters_signed_together_are_the_letters_signed_alone(exponent: int) -> None:
    # a key with another exponent is no work for the library: that is the way without one
    keys = DkimKeys(pem(key(2048, exponent)))
    signer = Signer("example.jp", "relay", keys)
    contents = [HEAD + b"\r\n" + word + b"\r\n" for word in WORDS]
    together = signer.sign_all(contents, NOON)
    assert together == [signer.sign(content, NOON) for content in contents]
    records = dict(dns_records("example.jp", "relay", keys))
    assert verdicts(together[-1], records) == [True]
    assert signer.sign_all([], NOON) == []


def test_keys_that_the_library_does_not_know() -> None:
    assert open_multi_buffer(key(2048, 3)) is None
    assert open_multi_buffer(key(1536)) is None


def test_what_does_not_open_is_not_given_out() -> None:
    made = MultiBuffer(_Faulty(), key(2048)).sign([sha256(word).digest() for word in WORDS[:3]])
    assert made == [None, None, None]


_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class _Faulty(ctypes.CDLL):
    """A library whose calculations go wrong."""

    def __init__(self) -> None:
        """Nothing is loaded."""

    def __getattr__(self, name: str) -> Any:
        if name.endswith("_Method"):
            return lambda: 1
        return lambda *_: 64

    def __repr__(self) -> str:
        return "<faulty>"
