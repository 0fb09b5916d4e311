"""One engine per data directory: a file that its process keeps locked."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.faults import raise_told_by_system

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE = "engine.lock"
_LOCKED_BYTE = 1 << 20  # far behind the process id: Windows lets nobody read what is locked


class EngineLock:
    """The operating system's lock on ``engine.lock``; it ends with the process, however that ends.

    The file holds the process id for people and messages. What a dead process left there is no obstacle.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK_FILE
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock; raises ``StoreUnusable`` (``data_locked`` with the ``pid`` that has it)."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise_told_by_system(error, self._path)
        try:
            lock_file(file)
        except OSError as error:
            pid = _read_pid(file)
            os.close(file)
            raise StoreUnusable(ErrorCode.DATA_LOCKED, pid=pid, path=str(self._path)) from error
        try:
            os.truncate(file, 0)
            os.write(file, str(os.getpid()).encode("ascii"))
        except OSError as error:
            os.close(file)
            raise_told_by_system(error, self._path)
        self._file = file

    def release(self) -> None:
        """Give the lock back, if it is held; the file stays, so that nobody locks a deleted one."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            os.truncate(self._file, 0)
        os.close(self._file)  # closing ends the lock
        self._file = None


def lock_file(file: int) -> None:
    """The system's lock on an open file until that is closed; raises ``OSError`` where another has it."""
    if sys.platform == "win32":
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_pid(file: int) -> int:
    """0 when the other one has not written it yet."""
    try:
        os.lseek(file, 0, os.SEEK_SET)
        return int(os.read(file, 32) or b"0")
    except (OSError, ValueError):
        return 0
