"""Restored data and the data of before change places, by renaming whole files.

What broke off in the midst of that is carried to its end before anybody opens the data again: every step can
be taken twice. Nothing is deleted.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.database import LIBRARY_FILE, SPOOL_FILE
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.giving_back import ATTACHMENTS_DIRECTORY
from desktop_relay.store.handover import HANDOVER_FILE
from desktop_relay.store.lock import EngineLock
from desktop_relay.store.plain import compose_json
from desktop_relay.store.private_files import KEYS_DIRECTORY, free_name, make_data_directory, write_private

_LOOK_SECONDS = 0.05
_READY = ".restoring"
_SWAP_FILE = "swap.json"
# the spool before the library: a draft that was sent is never seen without its record
_ORDER = (SPOOL_FILE, LIBRARY_FILE, KEYS_DIRECTORY, HANDOVER_FILE)


@contextmanager
def hold_lock(directory: Path, patience: float = 0.0) -> Iterator[None]:
    """No engine runs meanwhile; one that is ending is waited for so many seconds.

    Raises ``StoreUnusable`` (``data_locked``).
    """
    make_data_directory(directory)
    lock = EngineLock(directory)
    give_up_at = time.monotonic() + patience
    while True:
        try:
            lock.acquire()
            break
        except StoreUnusable as error:
            if error.code is not ErrorCode.DATA_LOCKED or time.monotonic() >= give_up_at:
                raise
        time.sleep(_LOOK_SECONDS)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def make_ready_folder(directory: Path) -> Iterator[Path]:
    """Where everything is made ready; it goes unless a swap has begun. Raises ``StoreUnusable``."""
    ready = directory / _READY
    try:
        ready.mkdir(mode=0o700)
    except OSError as error:
        raise_told_by_system(error, directory)
    try:
        yield ready
    finally:
        if not (ready / _SWAP_FILE).exists():
            shutil.rmtree(ready, ignore_errors=True)


def settle_restore(directory: Path) -> None:
    """Carry a restore to its end that broke off; raises ``StoreUnusable`` (``data_locked`` while it runs)."""
    try:
        is_broken_off = (directory / _READY / _SWAP_FILE).exists()
    except OSError as error:  # another user's directory
        raise_told_by_system(error, directory)
    if is_broken_off:
        with hold_lock(directory):
            finish_restore(directory)


def finish_restore(directory: Path) -> None:
    """Likewise, for the holder of the lock; what was only being made ready is taken away."""
    ready = directory / _READY
    plan = ready / _SWAP_FILE
    try:
        if plan.exists():
            aside = directory / json.loads(plan.read_bytes())["aside"]
            _add_attachments(directory, ready, aside)  # before the databases that name them
            for name in _ORDER:
                _change_places(ready / name, directory / name, aside)
            plan.unlink()
    except OSError as error:
        raise_told_by_system(error, directory)
    shutil.rmtree(ready, ignore_errors=True)


def has_begun(ready: Path) -> bool:
    """Whether a swap will be carried to its end, whatever happens."""
    return not ready.exists() or (ready / _SWAP_FILE).exists()


def swap(directory: Path, ready: Path, at: datetime) -> Path | None:
    """Put what is ready in the place of what is there; answers the folder that has the latter.

    Raises ``StoreUnusable`` (``data_in_use``); then nothing has changed.
    """
    aside = free_name(directory, f"before-restore-{at.astimezone():%Y-%m-%d-%H%M}")
    write_private(ready / _SWAP_FILE, compose_json({"aside": aside.name}).encode())
    try:
        for name in (SPOOL_FILE, LIBRARY_FILE):
            _close_down(directory / name)
    except StoreUnusable:
        (ready / _SWAP_FILE).unlink()
        raise
    finish_restore(directory)
    return aside if aside.exists() else None


def _close_down(path: Path) -> None:
    """Empty the log into the database; raises ``StoreUnusable`` (``data_in_use``) if others have it open."""
    if not path.exists():
        return
    try:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=1.0, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreUnusable(ErrorCode.DATA_IN_USE, path=str(path)) from error
        # a damaged one goes aside as it is, with its log


def _add_attachments(directory: Path, ready: Path, aside: Path) -> None:
    """Those that are there stay, for what lies aside names them."""
    for new in sorted((ready / ATTACHMENTS_DIRECTORY).glob("*/*")):
        old = directory / new.relative_to(ready)
        for folder in (directory / ATTACHMENTS_DIRECTORY, old.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        _change_places(new, old, aside)


def _change_places(new: Path, old: Path, aside: Path) -> None:
    """The step may be taken again; ``old`` stands for its log files, too."""
    if not new.exists():
        return
    for suffix in ("", "-wal", "-shm", "-journal"):
        present = old.with_name(old.name + suffix)
        if present.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            present.replace(free_name(aside, present.name))
    new.replace(old)
