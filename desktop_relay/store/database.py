"""Opening the databases of a data directory: private, migrated, and never newer than the program."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database as SchemaDatabase

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.connection import Database as Database
from desktop_relay.store.faults import raise_told, raise_told_by_system
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.schema import Schema
from desktop_relay.store.spool_schema import SPOOL

LIBRARY_FILE = "library.db"
SPOOL_FILE = "spool.db"

BUSY_SECONDS = 5.0
_LARGEST_IDLE_WAL = 64 * 1024 * 1024


def open_library(directory: Path, *, read_only: bool = False) -> Database:
    """The library of a data directory, made or migrated unless ``read_only``; raises ``StoreUnusable``."""
    path = directory / LIBRARY_FILE
    if read_only:
        return open_reader(path, LIBRARY)
    return _open_writer(path, LIBRARY, synchronous="NORMAL", cache_kib=65_536)


def open_spool_for_engine(directory: Path) -> Database:
    """The spool for its one writer; every commit is on the disk when it returns. Raises ``StoreUnusable``."""
    return _open_writer(directory / SPOOL_FILE, SPOOL, synchronous="FULL", cache_kib=8_192)


def open_spool_for_copying(spool: Path, library: Path) -> Database:
    """The spool for one submission, with ``library`` beside it to read.

    Used on the thread of the spool's one writer. A commit may be lost when the machine stops; all of them
    are on the disk with the next commit of the writer itself (they share one log). Raises ``StoreUnusable``.
    """
    database = Database(_connect(f"{spool.absolute().as_uri()}?mode=rw", spool), spool)
    try:
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute(f"PRAGMA journal_size_limit={_LARGEST_IDLE_WAL}")
        database.execute("PRAGMA cache_size=-16384")
        database.execute("ATTACH ? AS library", [f"{library.absolute().as_uri()}?mode=ro"])
    except BaseException:
        database.close()
        raise
    return database


def open_spool(directory: Path) -> Database:
    """The spool for readers; an empty one with ``path`` ``None`` while no engine has made it."""
    path = directory / SPOOL_FILE
    try:
        if path.stat().st_size:
            database = open_reader(path, SPOOL)
            if _version(database) == SPOOL.version:
                return database
            database.close()  # its engine is just making or migrating it
    except FileNotFoundError:
        pass
    except OSError as error:
        raise_told_by_system(error, path)
    database = Database(_connect(":memory:", None), None)
    _migrate(database, SPOOL)
    database.execute("PRAGMA query_only=ON")
    return database


def open_reader(path: Path, schema: Schema) -> Database:
    """A database as it is, of whatever version up to the program's own; raises ``StoreUnusable``."""
    try:
        return _read(path, schema, "mode=ro")
    except StoreUnusable as error:
        # where nothing may be written SQLite cannot make its index; without a log none is needed
        left_open = path.with_name(f"{path.name}-wal").exists()
        if error.code is not ErrorCode.DATA_READ_ONLY or not path.exists() or left_open:
            raise
    return _read(path, schema, "mode=ro&immutable=1")


def _read(path: Path, schema: Schema, how: str) -> Database:
    database = Database(_connect(f"{path.absolute().as_uri()}?{how}", path), path)
    try:
        database.execute("PRAGMA query_only=ON")
        _refuse_newer(database, schema)
    except BaseException:
        database.close()
        raise
    return database


def _open_writer(path: Path, schema: Schema, *, synchronous: str, cache_kib: int) -> Database:
    _make_private(path)
    database = Database(_connect(f"{path.absolute().as_uri()}?mode=rw", path), path)
    try:
        _refuse_newer(database, schema)
        _enter_wal(database)
        database.execute(f"PRAGMA synchronous={synchronous}")
        database.execute(f"PRAGMA journal_size_limit={_LARGEST_IDLE_WAL}")
        database.execute(f"PRAGMA cache_size=-{cache_kib}")
        _migrate(database, schema)
    except BaseException:
        database.close()
        raise
    return database


def _connect(uri: str, path: Path | None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
    except sqlite3.Error as error:
        raise_told(error, path)
    return connection


def _make_private(path: Path) -> None:
    """The file, and the directory it lies in, are for their owner alone: they hold people's data."""
    directory = path.parent
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any(directory.iterdir()):
            directory.chmod(0o700)
        # SQLite gives its -wal and -shm the permissions of the database. Only a new one is opened: closing
        # any descriptor of a database that this process has open gives up SQLite's locks on it (POSIX), and
        # the next process to leave takes the log away that we still write
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        if os.name == "posix" and path.stat().st_mode & 0o077:  # a copy by hand is everybody's to read
            with suppress(PermissionError):  # another user's, or on a disk that has no such bits
                path.chmod(0o600)
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    except OSError as error:
        raise_told_by_system(error, directory)


def _enter_wal(database: Database) -> None:
    """Switch to WAL once; SQLite does not wait by itself when another process is just doing the same."""
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if database.rows("PRAGMA journal_mode") != [("wal",)]:
                database.execute("PRAGMA journal_mode=WAL")
        except StoreUnusable as error:
            if error.code is not ErrorCode.DATA_BUSY or time.monotonic() > give_up_at:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(database: Database, schema: Schema) -> None:
    if _version(database) == schema.version:
        return
    with database.transaction():
        # under the write lock, so that of two processes that come at once one finds the work done
        described = SchemaDatabase(database.connection, recursive_triggers=False, execute_plugins=False)
        try:
            schema.migrations.apply(described)
        except sqlite3.Error as error:
            raise_told(error, database.path)
        database.execute(f"PRAGMA user_version={schema.version}")


def _version(database: Database) -> int:
    return database.number("PRAGMA user_version")


def _refuse_newer(database: Database, schema: Schema) -> None:
    if _version(database) > schema.version:
        raise StoreUnusable(ErrorCode.DATA_NEWER, path=str(database.path))
