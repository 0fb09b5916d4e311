"""A library, a spool and a moment for the tests of the store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_relay.store.database import Database, open_library, open_spool_for_engine
from desktop_relay.store.spool import Spool


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Database]:
    with open_library(tmp_path) as database:
        yield database


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with open_spool_for_engine(tmp_path) as database:
        yield Spool(database)
