"""Reading a backup to its end: its key, its parts, and whether they are what the manifest says."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop_relay.domain.backup import Backup
from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.store.archive import LIBRARY_PART, SECRETS_PART, SPOOL_PART, Archive, open_archive
from desktop_relay.store.connection import Database
from desktop_relay.store.faults import raise_told, raise_told_by_system
from desktop_relay.store.giving_back import look_through
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.portions import Breathe, write_portions
from desktop_relay.store.schema import Schema
from desktop_relay.store.sealing import derive_key
from desktop_relay.store.spool_schema import SPOOL

SCHEMAS: Mapping[str, Schema] = {LIBRARY_PART: LIBRARY, SPOOL_PART: SPOOL}
_COUNTS = {
    LIBRARY_PART: {"contacts": "SELECT count(*) FROM contacts"},
    SPOOL_PART: {
        "campaigns": "SELECT count(*) FROM campaigns",
        "recipients": "SELECT count(*) FROM recipients",
        "accepted": "SELECT coalesce(sum(n), 0) FROM counters WHERE state = 'accepted'",
    },
}
_WORK_PREFIX = ".backup-"
_LEFT_OVER_SECONDS = 86_400.0


def verify_backup(path: Path, passphrase: str, directory: Path, breathe: Breathe) -> Backup:
    """Read a backup to its end, in a private folder in ``directory``; raises ``BadInput``, ``NotFound``."""
    with open_archive(path) as archive, open_work_folder(directory) as folder:
        key = unlock(archive, passphrase)
        unpack(archive, folder, key, breathe)
        return replace(archive.backup, left_out=look_through(archive, key, breathe))


def unlock(archive: Archive, passphrase: str) -> bytes | None:
    """The key of an archive, if it has one.

    Raises ``BadInput``: ``passphrase_needed``, ``passphrase_wrong``, ``backup_damaged``.
    """
    if not archive.manifest.is_encrypted:
        return None
    if not passphrase:
        raise BadInput(ErrorCode.PASSPHRASE_NEEDED, path=str(archive.path))
    key = derive_key(passphrase, archive.manifest.salt)
    try:
        read_secrets(archive, key)  # the smallest part
    except BadInput as error:
        if error.code is ErrorCode.BACKUP_DAMAGED:
            raise BadInput(ErrorCode.PASSPHRASE_WRONG, path=str(archive.path)) from error
        raise
    return key


def read_secrets(archive: Archive, key: bytes) -> bytes:
    """What was handed in as ``secrets``."""
    return b"".join(archive.portions(SECRETS_PART, key))


def unpack(archive: Archive, folder: Path, key: bytes | None, breathe: Breathe) -> None:
    """Put both databases into ``folder`` and look them through.

    Raises ``BadInput`` (``backup_damaged``, ``backup_newer``), ``StoreUnusable`` (``disk_full``).
    """
    manifest = archive.manifest
    if any(manifest.schemas.get(name, 0) > schema.version for name, schema in SCHEMAS.items()):
        raise BadInput(ErrorCode.BACKUP_NEWER, path=str(archive.path))
    total = sum(manifest.contents[name].size for name in SCHEMAS)
    if total > shutil.disk_usage(folder).free:
        raise StoreUnusable(ErrorCode.DISK_FULL, path=str(folder), detail="")
    for name in SCHEMAS:
        write_portions(folder / name, archive.portions(name, key), breathe)
    try:
        for name in SCHEMAS:
            _look_through(folder / name)
            breathe()
        found = describe(folder)
    except StoreUnusable as error:
        raise BadInput(ErrorCode.BACKUP_DAMAGED, path=str(archive.path)) from error
    if found != (manifest.schemas, manifest.counts):
        raise BadInput(ErrorCode.BACKUP_DAMAGED, path=str(archive.path))


def describe(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """The versions of both databases in ``folder``, and what they hold; raises ``StoreUnusable``."""
    schemas: dict[str, int] = {}
    counts: dict[str, int] = {}
    for name, questions in _COUNTS.items():
        with open_copy(folder / name) as database:
            schemas[name] = database.number("PRAGMA user_version")
            counts |= {what: database.number(sql) for what, sql in questions.items()}
    return schemas, counts


def _look_through(path: Path) -> None:
    with open_copy(path) as database:
        if database.rows("PRAGMA quick_check(1)") != [("ok",)]:
            raise StoreUnusable(ErrorCode.DATA_CORRUPT, path=str(path))


def open_copy(path: Path) -> Database:
    """One that nobody else writes, without a log; what it defines is not trusted."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise_told(error, path)
    connection.execute("PRAGMA trusted_schema=OFF")
    return Database(connection, path)


@contextmanager
def open_work_folder(directory: Path) -> Iterator[Path]:
    """A private folder in the data directory; what a killed program left of another is taken away."""
    for left in directory.glob(f"{_WORK_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_OVER_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(dir=directory, prefix=_WORK_PREFIX))
    except OSError as error:
        raise_told_by_system(error, directory)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
