"""A spool of an older version, brought up to date before it is read: readers know today's form alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.store.database import SPOOL_FILE, open_reader, open_spool_for_engine
from desktop_relay.store.spool_schema import SPOOL
from desktop_relay.store.swapping import hold_lock


def migrate_spool(directory: Path) -> None:
    """Do what the next engine would do first, unless one runs or nothing can be written here."""
    with suppress(StoreUnusable):  # whoever needs it is told
        if _is_older(directory / SPOOL_FILE):
            with hold_lock(directory):
                open_spool_for_engine(directory).close()


def _is_older(path: Path) -> bool:
    with open_reader(path, SPOOL) as database:
        return database.number("PRAGMA user_version") < SPOOL.version
