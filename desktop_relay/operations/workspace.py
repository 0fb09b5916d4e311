"""A data directory at work: its stores, one connection a thread, and the way to its engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from desktop_relay.domain.command import Command, Status
from desktop_relay.domain.errors import ErrorCode, RelayError, StoreUnusable
from desktop_relay.domain.progress import Progress
from desktop_relay.store.database import SPOOL_FILE, Database, open_library, open_spool
from desktop_relay.store.migrating import is_outdated, migrate_spool
from desktop_relay.store.swapping import settle_restore
from desktop_relay.store.vault import Vault

_PATIENCE_SECONDS = 5.0
"""For an engine that has just said good-bye to let go of the data."""


class EngineLink(Protocol):
    """How commands reach the engine; starts it when none answers."""

    def call(self, command: Command) -> Mapping[str, Any]:
        """Send and wait; raises the engine's typed error, or ``EngineUnreachable``."""
        ...

    def find(self, command: Command) -> Mapping[str, Any] | None:
        """Like ``call``, but ``None`` when no engine runs; never starts one."""
        ...

    def progress(self) -> Progress | None:
        """The running engine's snapshot, or ``None`` when no engine runs."""
        ...

    def stop(self) -> bool:
        """End the engine, once what it has begun is done, and wait until it is gone; false when none runs.

        Raises ``EngineUnreachable`` when that takes too long.
        """
        ...


def system_now() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)


class Workspace:
    """What every operation takes first. Threads each get connections of their own.

    After an update of the program the databases are brought up to date, for which an engine of the older one
    ends and one of this program goes on.
    Raises ``StoreUnusable`` when the directory or a database cannot be worked with, and ``EngineUnreachable``
    when the engine of the older program does not end.
    """

    def __init__(
        self, directory: Path, engine: EngineLink, *, now: Callable[[], datetime] = system_now
    ) -> None:
        self.directory = directory
        self.engine = engine
        self.now = now
        self.vault = Vault(directory)
        self._local = threading.local()
        self._opened: list[Database] = []
        self._lock = threading.Lock()
        self._is_set_aside = False
        settle_restore(directory)
        # an engine of an older program would meet data that it does not know
        was_ended = is_outdated(directory) and engine.stop()
        try:
            migrate_spool(directory, _PATIENCE_SECONDS if was_ended else 0.0)
            self.library  # noqa: B018  (an unusable directory is told at once, not in the middle of the work)
        finally:
            if was_ended:
                with suppress(RelayError):  # whoever needs the engine is told
                    engine.call(Status())

    @property
    def library(self) -> Database:
        """The library, writable."""
        found: Database | None = getattr(self._local, "library", None)
        if found is None:
            found = self._local.library = self._keep(open_library(self.directory))
        return found

    @property
    def spool(self) -> Database:
        """The spool, read only; empty until an engine has made one."""
        found: Database | None = getattr(self._local, "spool", None)
        if found is not None and found.path is None and (self.directory / SPOOL_FILE).exists():
            self._drop(found)
            found = None
        if found is None:
            found = self._local.spool = self._keep(open_spool(self.directory))
        return found

    def _keep(self, database: Database) -> Database:
        with self._lock:
            if not self._is_set_aside:
                self._opened.append(database)
                return database
        database.close()
        raise StoreUnusable(ErrorCode.DATA_BUSY, path=str(self.directory))

    def _drop(self, database: Database) -> None:
        with self._lock:
            self._opened.remove(database)
        database.close()

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Nothing of the directory is open meanwhile; who wants to work with it is told ``data_busy``."""
        self._is_set_aside = True
        self.close()
        try:
            yield
        finally:
            self._local = threading.local()  # what was open before is closed for good
            self._is_set_aside = False

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            opened, self._opened = self._opened, []
        for database in opened:
            database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
