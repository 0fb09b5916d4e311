"""DKIM keys as private files of the data directory: ``keys/<domain>/<selector>.pem``."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.identity import DkimKeys
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.private_files import KEYS_DIRECTORY, write_private

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?")  # a name in DNS, and never a path


def load_dkim_keys(directory: Path, domain: str, selector: str) -> DkimKeys | None:
    """The keys, or ``None`` without an RSA key; raises ``BadInput``, ``StoreUnusable``."""
    rsa, ed25519 = _paths(directory, domain, selector)
    rsa_pem = _read(rsa)
    return None if rsa_pem is None else DkimKeys(rsa_pem=rsa_pem, ed25519_pem=_read(ed25519))


def save_dkim_keys(directory: Path, domain: str, selector: str, keys: DkimKeys) -> None:
    """Write the keys (0600), over those of the same selector; raises ``BadInput``, ``StoreUnusable``."""
    rsa, ed25519 = _paths(directory, domain, selector)
    if keys.ed25519_pem is None:
        try:
            ed25519.unlink(missing_ok=True)
        except OSError as error:
            raise_told_by_system(error, ed25519)
    else:
        write_private(ed25519, keys.ed25519_pem)
    write_private(rsa, keys.rsa_pem)


def _paths(directory: Path, domain: str, selector: str) -> tuple[Path, Path]:
    for field, value in (("domain", domain.lower()), ("selector", selector.lower())):
        if _NAME.fullmatch(value) is None or ".." in value:
            raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=value)
    folder = directory / KEYS_DIRECTORY / domain.lower()
    return folder / f"{selector.lower()}.pem", folder / f"{selector.lower()}-ed.pem"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise_told_by_system(error, path)
