"""Databases of an older version, brought up to date before they are read: readers know today's form alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.store.database import LIBRARY_FILE, SPOOL_FILE, open_reader, open_spool_for_engine
from desktop_relay.store.library_schema import LIBRARY
from desktop_relay.store.schema import Schema
from desktop_relay.store.spool_schema import SPOOL
from desktop_relay.store.swapping import hold_lock


def is_outdated(directory: Path) -> bool:
    """Whether the program was updated since these databases were written to."""
    return _is_older(directory / LIBRARY_FILE, LIBRARY) or _is_older(directory / SPOOL_FILE, SPOOL)


def migrate_spool(directory: Path, patience: float = 0.0) -> None:
    """Do what the next engine would do first, unless nothing can be written here or one runs.

    One that is just ending is waited for ``patience`` seconds.
    """
    with suppress(StoreUnusable):  # whoever needs it is told
        if _is_older(directory / SPOOL_FILE, SPOOL):
            with hold_lock(directory, patience):
                open_spool_for_engine(directory).close()


def _is_older(path: Path, schema: Schema) -> bool:
    try:
        with open_reader(path, schema) as database:
            return 0 < database.number("PRAGMA user_version") < schema.version
    except StoreUnusable:  # not there, or newer: whoever opens it is told
        return False
