"""A workspace: a connection for each thread, and a spool that may not be there yet."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.operations import campaigns, contacts, settings, suppressions
from desktop_relay.operations.workspace import Workspace, system_now
from desktop_relay.store.database import open_spool_for_engine
from tests.fakes.engine_link import FakeEngineLink
from tests.unit.operations.parts import person


def test_threads_do_not_share_connections(ws: Workspace) -> None:
    meet = threading.Barrier(3)

    def connections(_number: int) -> tuple[int, int]:
        found = id(ws.library), id(ws.spool)
        meet.wait(10)
        assert (id(ws.library), id(ws.spool)) == found, "and keep their own"
        return found

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(connections, range(3)))
    assert len({library for library, _ in found}) == 3
    assert len({spool for _, spool in found}) == 3


def test_many_threads_write_at_once(ws: Workspace) -> None:
    def add(number: int) -> int:
        return contacts.save(ws, None, person(f"p{number}@example.jp"))[0].id

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(add, range(40)))
    assert len(set(ids)) == 40


def test_without_a_spool_everything_reads_as_empty(ws: Workspace) -> None:
    assert campaigns.overview(ws) == []
    assert suppressions.overview(ws) == []
    assert not (ws.directory / "spool.db").exists(), "only the engine makes it"
    first = ws.spool
    assert ws.spool is first, "an empty spool is made once, not for every look"


def test_the_spool_is_seen_as_soon_as_an_engine_made_it(ws: Workspace) -> None:
    paths = [ws.spool.path]
    with open_spool_for_engine(ws.directory):
        pass
    assert [*paths, ws.spool.path] == [None, ws.directory / "spool.db"]
    suppressions.add(ws, ["a@example.jp"])
    assert [entry.pattern for entry in suppressions.overview(ws)] == ["a@example.jp"]


def test_readers_cannot_write_the_spool(ws: Workspace) -> None:
    with open_spool_for_engine(ws.directory):
        pass
    with pytest.raises(StoreUnusable):
        ws.spool.execute("DELETE FROM suppressions")


def test_closed_with_the_connections_of_all_threads(engine: FakeEngineLink) -> None:
    with Workspace(engine.directory, engine) as workspace:
        with ThreadPoolExecutor(1) as pool:
            library = pool.submit(lambda: workspace.library).result()
        assert library.number("SELECT 1") == 1
    with pytest.raises(Exception, match="closed"):
        library.number("SELECT 1")


def test_two_workspaces_on_one_directory(ws: Workspace) -> None:
    with Workspace(ws.directory, ws.engine) as other:
        settings.set_value(other, "direct.port", "2525")
        assert settings.get(ws, "direct.port") == 2525


def test_a_directory_that_cannot_be_used_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("in the way")
    with pytest.raises(StoreUnusable):
        Workspace(path, FakeEngineLink(path))


def test_now_is_aware() -> None:
    assert system_now().utcoffset() is not None
