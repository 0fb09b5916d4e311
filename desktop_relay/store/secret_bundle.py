"""Passwords and signing keys as one part of a backup: in the clear here, so it is only ever sealed.

The key of the vault stays on its computer: what it sealed is opened here and sealed anew where it is
restored.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.store.connection import Database
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.identities import load_identities
from desktop_relay.store.keys import load_dkim_keys
from desktop_relay.store.plain import compose_json
from desktop_relay.store.private_files import KEYS_DIRECTORY, write_private
from desktop_relay.store.vault import Vault

_KEY_PATH = re.compile(r"[a-z0-9_][a-z0-9._-]*/[a-z0-9_][a-z0-9._-]*\.pem")


def gather_secrets(directory: Path, library: Database, vault: Vault) -> bytes:
    """Every password that can be opened, and every signing key; raises ``StoreUnusable``."""
    passwords = {name: _open(library, vault, name) for name in _names(library)}
    folder = directory / KEYS_DIRECTORY
    try:
        keys = {
            path.relative_to(folder).as_posix(): path.read_text("ascii") for path in folder.glob("*/*.pem")
        }
    except OSError as error:
        raise_told_by_system(error, folder)
    kept = {name: password for name, password in passwords.items() if password is not None}
    return compose_json({"passwords": kept, "keys": keys}).encode()


def spread_secrets(secrets: bytes, directory: Path, library: Database, vault: Vault) -> None:
    """Put all of them in their places; raises ``StoreUnusable``, ``ValueError`` for a path that is none."""
    plain = json.loads(secrets)
    (directory / KEYS_DIRECTORY).mkdir(mode=0o700, exist_ok=True)
    for path, text in plain["keys"].items():
        if _KEY_PATH.fullmatch(path) is None or ".." in path:
            raise ValueError(path)
        write_private(directory / KEYS_DIRECTORY / path, text.encode("ascii"))
    for name, password in plain["passwords"].items():
        vault.put(library, name, password)


def forget_unreadable(library: Database, vault: Vault) -> tuple[str, ...]:
    """Forget every password that no key here opens, and name them: they have to be entered again."""
    lost = tuple(name for name in _names(library) if _open(library, vault, name) is None)
    for name in lost:
        vault.forget(library, name)
    return lost


def missing_keys(directory: Path, library: Database) -> tuple[str, ...]:
    """The senders whose signing key is not there."""
    return tuple(
        identity.address
        for identity in load_identities(library)
        if identity.selector and load_dkim_keys(directory, identity.domain, identity.selector) is None
    )


def _names(library: Database) -> list[str]:
    return [row[0] for row in library.rows("SELECT name FROM secrets ORDER BY name")]


def _open(library: Database, vault: Vault, name: str) -> str | None:
    try:
        return vault.get(library, name)
    except StoreUnusable:
        return None
