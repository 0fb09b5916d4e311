"""Secrets: sealed in the library with one key that lies in the keychain or in a private file."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.connection import Database
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.keychain import Keychain
from desktop_relay.store.private_files import KEYS_DIRECTORY, free_name, write_once

KEY_FILE = "master.key"
_SET_ASIDE = "master.key.refused"
_KEYCHAIN_NAME = "master key"
_KEY_BYTES = 32
_NONCE_BYTES = 12  # NIST SP 800-38D 8.2: 96 bits


class Vault:
    """AES-256-GCM with the secret's name as associated data, so that no secret passes for another.

    A data directory with a key file uses that; else the keychain's key; else a key file is made.
    """

    def __init__(
        self,
        directory: Path,
        *,
        keychain: Keychain | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._path = directory / KEYS_DIRECTORY / KEY_FILE
        self._keychain = keychain or Keychain()
        self._random_bytes = random_bytes
        self._from_keychain: bytes | None = None

    def put(self, db: Database, name: str, secret: str) -> None:
        """Seal and keep a secret, over the one of the same name; raises ``StoreUnusable``."""
        nonce = self._random_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._key()).encrypt(nonce, secret.encode(), name.encode())
        db.execute(
            "INSERT OR REPLACE INTO secrets (name, nonce, sealed) VALUES (?, ?, ?)", [name, nonce, sealed]
        )

    def get(self, db: Database, name: str) -> str | None:
        """A secret, or ``None``; raises ``StoreUnusable`` (``secret_unreadable``) when no key opens it."""
        row = db.row("SELECT nonce, sealed FROM secrets WHERE name = ?", [name])
        if row is None:
            return None
        for load in (self._load_from_file, self._load_from_keychain):
            key = load()
            if key is None:
                continue
            try:
                return AESGCM(key).decrypt(row[0], row[1], name.encode()).decode()
            except (InvalidTag, ValueError):
                continue  # sealed before the keychain came or went
        raise StoreUnusable(ErrorCode.SECRET_UNREADABLE, name=name, path=str(self._path))

    def forget(self, db: Database, name: str) -> None:
        """Take a secret away, if it is there."""
        db.execute("DELETE FROM secrets WHERE name = ?", [name])

    def _key(self) -> bytes:
        return self._load_or_set_aside() or self._load_from_keychain() or self._make()

    def _load_or_set_aside(self) -> bytes | None:
        """What makes a key file refused, a copy by hand, must not keep secrets from being entered again."""
        try:
            return self._load_from_file()
        except StoreUnusable as error:
            if error.code is not ErrorCode.SECRET_UNREADABLE:
                raise
        try:
            self._path.replace(free_name(self._path.parent, _SET_ASIDE))
        except OSError as error:
            raise_told_by_system(error, self._path)
        return None

    def _make(self) -> bytes:
        key = self._random_bytes(_KEY_BYTES)
        if self._keychain.save(_KEYCHAIN_NAME, base64.b64encode(key).decode("ascii")):
            self._from_keychain = key
            return key
        if not write_once(self._path, key):
            return self._load_from_file() or key  # another process was faster
        return key

    def _load_from_keychain(self) -> bytes | None:
        if self._from_keychain is None:
            text = self._keychain.load(_KEYCHAIN_NAME)
            self._from_keychain = _parse_key(text) if text else None
        return self._from_keychain

    def _load_from_file(self) -> bytes | None:
        """The key file's key; raises ``StoreUnusable`` when others may read the file, or it is no key."""
        try:
            with self._path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                key = file.read(_KEY_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise_told_by_system(error, self._path)
        # Windows has no such bits; there the profile's access list protects the directory
        exposed = os.name == "posix" and stat.S_IMODE(mode) & 0o077
        if exposed or len(key) != _KEY_BYTES:
            raise StoreUnusable(ErrorCode.SECRET_UNREADABLE, name=KEY_FILE, path=str(self._path))
        return key


def password_name(route: str) -> str:
    """Under what name a route's password lies; with ``oauth`` that is the client's secret, if it has one."""
    return f"route:{route}"


def sign_in_name(route: str) -> str:
    """Under what name the refresh token of a route's account lies."""
    return f"oauth:{route}"


def _parse_key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None
