"""Data of a newer version of the program.

An older program would not understand what it writes into. It says so, does not start, and changes nothing.

Result: data_newer; the file is the same octet for octet.
"""

from __future__ import annotations

import sqlite3

import pytest

from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.store.database import LIBRARY_FILE, SPOOL_FILE
from tests.scenarios.scene import Scene


@pytest.mark.parametrize("name", [SPOOL_FILE, LIBRARY_FILE])
async def test_it_is_not_touched(scene: Scene, name: str) -> None:
    await scene.stop(drain=True)
    path = scene.directory / name
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=999")
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnusable) as refused:
        await scene.start()
    assert refused.value.code is ErrorCode.DATA_NEWER
    assert path.read_bytes() == before
    if name == LIBRARY_FILE:
        await scene.stop(drain=False)
    scene.over = True
