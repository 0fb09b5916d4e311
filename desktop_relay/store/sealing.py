"""Octets under a passphrase: scrypt, then AES-256-GCM a frame at a time, so that no file is held in memory.

A frame is four octets (the highest bit tells the last frame, the others the length) and that many octets:
a portion of at most 1 MiB, deflated, then sealed. Nonces count the frames; every part of a backup has a key
of its own. A frame that is changed, left out, repeated or moved to another part is noticed.
"""

from __future__ import annotations

import hmac
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PORTION = 1 << 20
SALT_BYTES = 16
_LAST = 1 << 31
_LARGEST_FRAME = PORTION + PORTION // 8
_NONCE_BYTES = 12


class Unsealable(ValueError):
    """The octets are not what was sealed, or not under this key."""


def derive_key(passphrase: str, salt: bytes) -> bytes:
    """32 octets; 32 MiB of memory and about half a second, fixed by the format so that no file sets them.

    Full-width and half-width letters are the same passphrase.
    """
    text = unicodedata.normalize("NFKC", passphrase)
    return Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=3).derive(text.encode())


def seal(portions: Iterable[bytes], key: bytes, part: str) -> Iterator[bytes]:
    """The frames of a part, given in portions of at most ``PORTION`` octets."""
    cipher = AESGCM(_key_of(part, key))
    held = b""
    number = 0
    for portion in portions:
        if held:
            yield _frame(cipher, number, held, last=False)
            number += 1
        held = portion
    yield _frame(cipher, number, held, last=True)


def unseal(read: Callable[[int], bytes], key: bytes, part: str) -> Iterator[bytes]:
    """The portions of a part; raises ``Unsealable``."""
    cipher = AESGCM(_key_of(part, key))
    number = 0
    while True:
        head = read(4)
        length = int.from_bytes(head, "big")
        is_last = bool(length & _LAST)
        length &= _LAST - 1
        if len(head) < 4 or length > _LARGEST_FRAME:
            raise Unsealable(part)
        yield _portion(cipher, number, read(length), last=is_last)
        if is_last:
            if read(1):
                raise Unsealable(part)
            return
        number += 1


def _frame(cipher: AESGCM, number: int, portion: bytes, *, last: bool) -> bytes:
    sealed = cipher.encrypt(_nonce(number), zlib.compress(portion, 1), _mark(last=last))
    return (len(sealed) | (_LAST if last else 0)).to_bytes(4, "big") + sealed


def _portion(cipher: AESGCM, number: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        deflated = cipher.decrypt(_nonce(number), sealed, _mark(last=last))
        inflating = zlib.decompressobj()
        portion = inflating.decompress(deflated, PORTION + 1)
    except (InvalidTag, zlib.error, ValueError) as error:
        raise Unsealable(str(number)) from error
    if len(portion) > PORTION or not inflating.eof:
        raise Unsealable(str(number))
    return portion


def _key_of(part: str, key: bytes) -> bytes:
    return hmac.digest(key, part.encode(), "sha256")


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES, "big")


def _mark(*, last: bool) -> bytes:
    return b"last" if last else b"more"
