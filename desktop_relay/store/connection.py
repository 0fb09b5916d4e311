"""A connection to a database: transactions, rows, and errors a person can be told."""

from __future__ import annotations

import json
import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.faults import raise_told

Row = tuple[Any, ...]
Values = Sequence[object] | Mapping[str, object]

_CHUNK = 4_000  # rows read at a time: the interpreter lock is never held for long


class Database:
    """A connection that speaks in ``StoreUnusable``; used by one thread, closed by any.

    Every statement is told ``data_busy`` from ``close`` on. ``path`` is ``None`` for a spool that no engine
    has made yet.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self.connection = connection
        self.path = path
        self._identity = _identity(path)
        self._statement = _Statement(path)

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """Run one statement."""
        with self._statement:
            return self.connection.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Values]) -> int:
        """Run one statement for every row; answers how many rows of the table it changed."""
        with self._statement:
            return self.connection.executemany(sql, rows).rowcount

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """All rows of a query."""
        with self._statement:
            return self.connection.execute(sql, values).fetchall()

    def json_rows(self, sql: str, values: Values = ()) -> list[list[Any]]:
        """All rows of a query that answers them as one JSON array of arrays, in one step."""
        found = self.row(sql, values)
        rows: list[list[Any]] = json.loads(found[0]) if found else []
        return rows

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """The first row of a query, or nothing."""
        with self._statement:
            found: Row | None = self.connection.execute(sql, values).fetchone()
        return found

    def number(self, sql: str, values: Values = ()) -> int:
        """The one number that a query answers; nothing counts as 0."""
        found = self.row(sql, values)
        return int(found[0] or 0) if found else 0

    def chunks(self, sql: str, values: Values = ()) -> Iterator[list[Row]]:
        """The rows of a query, some thousands at a time."""
        cursor = self.execute(sql, values)
        while True:
            with self._statement:
                chunk = cursor.fetchmany(_CHUNK)
            if not chunk:
                return
            yield chunk

    def ids(self, sql: str, values: Values = ()) -> array[int]:
        """The ids that a query of one column answers, in its order."""
        found = array("q")
        for chunk in self.chunks(sql, values):
            found.extend(chain.from_iterable(chunk))
        return found

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """All or nothing, with the write lock from the start; inside another one it is part of that."""
        with self._statement:
            is_inner = self.connection.in_transaction
        if is_inner:
            yield self
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield self
            self.execute("COMMIT")
        except BaseException:
            with suppress(StoreUnusable), self._statement:  # one that is closed has been rolled back
                self.connection.rollback()  # nothing to do when a full disk has ended it already
            raise

    def is_in_place(self) -> bool:
        """Whether the file is still where it was opened: a deleted one can be written to all the same."""
        try:
            return _identity(self.path) == self._identity
        except OSError:
            return True  # that cannot be told now; the next write tells

    def close(self) -> None:
        """Close; a second time does nothing. A statement that another thread runs is waited for."""
        with self._statement.last():
            self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Statement:
    """The time of one statement: the connection is closed before or after it, and never meanwhile.

    ``sqlite3`` takes the process with it when one thread closes what another works with.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.RLock()  # the rows of ``executemany`` may be read from the same connection
        self._is_over = False

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._is_over:
            self._lock.release()
            raise StoreUnusable(ErrorCode.DATA_BUSY, path=str(self._path or ":memory:"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise_told(error, self._path)

    @contextmanager
    def last(self) -> Iterator[None]:
        """Wait for the one that runs; there is none after this."""
        with self._lock:
            self._is_over = True
            yield


def _identity(path: Path | None) -> tuple[int, int] | None:
    """What tells one file from another of the same name; ``None`` where there is none. Raises ``OSError``."""
    if path is None:
        return None
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
