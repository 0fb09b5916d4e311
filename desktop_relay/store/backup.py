"""Making a backup while everything goes on, and proving that it can be read again.

Both databases are copied as they were at one moment, the library's a blink before the spool's: a draft that
is marked as sent has its campaign in the spool, so that nobody is sent to twice for want of a record. The
copies are made by SQLite, some pages at a time under one read transaction each, so that a writer neither
waits nor makes the copy begin anew. The attachments that the copies name go with them; those of a daily
backup lie beside it, once for all days.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from platform import node

from desktop_relay.domain.backup import Backup, BackupKind, Manifest
from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.store.archive import (
    ATTACHMENTS_PART,
    INDEX_PART,
    LIBRARY_PART,
    SECRETS_PART,
    SPOOL_PART,
    open_archive,
    write_archive,
)
from desktop_relay.store.attachment_bundle import (
    Bundle,
    compose_index,
    find_attachments,
    measure_attachments,
    octets_of,
)
from desktop_relay.store.attachment_shelf import shelve
from desktop_relay.store.connection import Database
from desktop_relay.store.database import LIBRARY_FILE, SPOOL_FILE, open_library, open_reader, open_spool
from desktop_relay.store.faults import raise_told
from desktop_relay.store.giving_back import look_through
from desktop_relay.store.portions import Breathe, Portions, read_portions
from desktop_relay.store.sealing import derive_key
from desktop_relay.store.snapshots import FIRST_TEST_ID
from desktop_relay.store.spool_schema import SPOOL
from desktop_relay.store.unpacking import SCHEMAS, describe, open_copy, open_work_folder, unpack

_MARGIN = 64 << 20
_PAGES = 128  # half a megabyte
_TRIES = 5
_BETWEEN_SECONDS = 0.1


def origin_of(directory: Path) -> str:
    """What tells this data directory of this computer from others, saying nothing of either."""
    return _digest(directory.resolve())


def origins_of(directory: Path) -> frozenset[str]:
    """All that its backups may have: earlier versions did not follow links."""
    return frozenset({origin_of(directory), _digest(directory.absolute())})


def _digest(directory: Path) -> str:
    return hashlib.sha256(f"{node()}\0{directory}".encode()).hexdigest()[:16]


def make_backup(
    directory: Path, target: Path, manifest: Manifest, *, secrets: bytes, passphrase: str, breathe: Breathe
) -> Backup:
    """Write a backup of ``directory`` to ``target`` and read it again; ``manifest`` has what is known before.

    With its ``salt`` everything is encrypted under the passphrase, and ``secrets`` are in it; else they are
    left out. Raises ``StoreUnusable``, and what ``breathe`` raises; then ``target`` is as it was.
    """
    _check_room(directory, target.parent)
    key = derive_key(passphrase, manifest.salt) if manifest.is_encrypted else None
    left_out: tuple[str, ...] = ()
    with open_work_folder(directory) as folder:
        _copy(directory, folder, breathe)
        parts: dict[str, Portions] = {name: read_portions(folder / name, breathe) for name in SCHEMAS}
        if key is not None:
            parts[SECRETS_PART] = [secrets]
        parts |= _attachments(folder, target, breathe, shelved=manifest.kind is BackupKind.DAILY)
        schemas, counts = describe(folder)

        def check(draft: Path) -> None:
            nonlocal left_out
            for name in SCHEMAS:
                (folder / name).unlink()  # the disk need not hold them twice
            left_out = _check(draft, directory, folder, key, breathe)

        manifest = write_archive(target, replace(manifest, schemas=schemas, counts=counts), parts, key, check)
    return Backup(str(target), target.stat().st_size, manifest, left_out=left_out)


def _check(
    draft: Path, directory: Path, folder: Path, key: bytes | None, breathe: Breathe
) -> tuple[str, ...]:
    try:
        with open_archive(draft) as archive:
            unpack(archive, folder, key, breathe)
            return look_through(archive, key, breathe)
    except BadInput as error:
        if isinstance(error.__cause__, StoreUnusable):  # it holds what is there, and that is damaged
            raise StoreUnusable(ErrorCode.DATA_CORRUPT, path=str(directory)) from error
        raise


def _check_room(directory: Path, folder: Path) -> None:
    try:
        files = [directory / name for name in (LIBRARY_FILE, SPOOL_FILE)]
        octets = 2 * sum(path.stat().st_size for path in files if path.exists())
    except OSError as error:
        raise StoreUnusable(ErrorCode.BACKUP_FOLDER, path=str(folder)) from error
    for place in (directory, folder):
        _need_room(place, octets)


def _need_room(folder: Path, octets: int) -> None:
    """A disk that a backup fills would stop the mail; raises ``StoreUnusable`` (``backup_no_room``)."""
    try:
        is_there = shutil.disk_usage(folder).free >= _MARGIN + octets
    except OSError as error:
        raise StoreUnusable(ErrorCode.BACKUP_FOLDER, path=str(folder)) from error
    if not is_there:
        raise StoreUnusable(ErrorCode.BACKUP_NO_ROOM, path=str(folder))


# attachments


def _attachments(folder: Path, target: Path, breathe: Breathe, *, shelved: bool) -> dict[str, Portions]:
    """The parts that hold them, in the order in which they have to be written."""
    with open_copy(folder / LIBRARY_PART) as library, open_copy(folder / SPOOL_PART) as spool:
        paths = find_attachments(library, spool)
    found = measure_attachments(paths, breathe)
    copies = sum((folder / name).stat().st_size for name in SCHEMAS)
    _need_room(target.parent, copies + octets_of(found))
    if shelved:
        return {INDEX_PART: [compose_index(shelve(target, found, breathe))]}
    bundle = Bundle(found, breathe)
    return {ATTACHMENTS_PART: bundle.portions(), INDEX_PART: _late(bundle)}


def _late(bundle: Bundle) -> Iterator[bytes]:
    """Composed when its turn comes: then the attachments were read."""
    yield compose_index(bundle.index())


# copying


def _copy(directory: Path, folder: Path, breathe: Breathe) -> None:
    with _open_agreeing(directory) as sources:
        for name, source in sources.items():
            _copy_database(source, folder / name, breathe)


@contextmanager
def _open_agreeing(directory: Path) -> Iterator[Mapping[str, Database]]:
    """Both databases, each at one moment for as long as this is open."""
    for left in range(_TRIES - 1, -1, -1):
        with open_library(directory, read_only=True) as library, _open_spool(directory) as spool:
            for database in (library, spool):  # in this order: see above
                database.execute("BEGIN")
                database.number("SELECT count(*) FROM sqlite_master")
            if not left or _agree(library, spool):
                yield {LIBRARY_PART: library, SPOOL_PART: spool}
                return
        time.sleep(_BETWEEN_SECONDS)


def _agree(library: Database, spool: Database) -> bool:
    """A draft that was made and sent in the blink between would be in the spool alone."""
    drafts = {row[0] for row in library.rows("SELECT id FROM drafts")}
    campaigns = spool.rows("SELECT id FROM campaigns WHERE id < ?", [FIRST_TEST_ID])
    return all(number in drafts for (number,) in campaigns)


def _open_spool(directory: Path) -> Database:
    """The spool, of an older version too; an empty one only where no engine made one yet."""
    path = directory / SPOOL_FILE
    if path.exists() and path.stat().st_size:
        database = open_reader(path, SPOOL)
        if database.number("PRAGMA user_version"):
            return database
        database.close()
    return open_spool(directory)


def _copy_database(source: Database, target: Path, breathe: Breathe) -> None:
    def after_some(_status: int, _left: int, _total: int) -> None:
        breathe()

    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous=OFF")  # what matters is the file that is made of it
            source.connection.backup(copy, pages=_PAGES, progress=after_some)
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise_told(error, target)
