"""The one place where SQLite's errors become the program's."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import NoReturn

from desktop_relay.domain.errors import ErrorCode, StoreUnusable

_PRIMARY = 0xFF  # the lower byte of an extended result code
_BY_EXTENDED = {
    sqlite3.SQLITE_IOERR_SHMSIZE: ErrorCode.DISK_FULL,  # the WAL index could not grow
}
_BY_PRIMARY = {
    sqlite3.SQLITE_BUSY: ErrorCode.DATA_BUSY,
    sqlite3.SQLITE_LOCKED: ErrorCode.DATA_BUSY,
    sqlite3.SQLITE_PROTOCOL: ErrorCode.DATA_BUSY,
    sqlite3.SQLITE_FULL: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_READONLY: ErrorCode.DATA_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: ErrorCode.DATA_READ_ONLY,
    sqlite3.SQLITE_PERM: ErrorCode.DATA_READ_ONLY,
    sqlite3.SQLITE_AUTH: ErrorCode.DATA_READ_ONLY,
    sqlite3.SQLITE_CORRUPT: ErrorCode.DATA_CORRUPT,
    sqlite3.SQLITE_NOTADB: ErrorCode.DATA_CORRUPT,
    sqlite3.SQLITE_IOERR: ErrorCode.DATA_CORRUPT,
    sqlite3.SQLITE_SCHEMA: ErrorCode.DATA_CORRUPT,
    sqlite3.SQLITE_ERROR: ErrorCode.DATA_CORRUPT,  # a table that is missing: not a database of ours
}


def raise_told(error: sqlite3.Error, path: Path | None) -> NoReturn:
    """Raise ``StoreUnusable`` for what a person can be told; a broken constraint or a misuse stays itself."""
    extended = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        raise error
    code = _BY_EXTENDED.get(extended) or _BY_PRIMARY.get(extended & _PRIMARY)
    if code is None:
        raise error
    raise StoreUnusable(code, path=str(path or ":memory:"), detail=str(error)) from error


def raise_told_by_system(error: OSError, path: Path) -> NoReturn:
    """Raise ``StoreUnusable`` for what the operating system refused."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    code = ErrorCode.DISK_FULL if full else ErrorCode.DATA_READ_ONLY
    raise StoreUnusable(code, path=str(path), detail=error.strerror or "") from error
