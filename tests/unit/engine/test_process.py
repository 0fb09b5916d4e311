"""The engine behind its socket: hello, commands, pushes, and its end."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.domain.command import Shutdown, Status, Watch
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.engine.logs import LOG_FILE, close_log, open_log
from desktop_relay.engine.process import run_engine, serve
from desktop_relay.ipc import messages
from desktop_relay.ipc.client import Client
from desktop_relay.ipc.codec import decode
from desktop_relay.ipc.endpoint import endpoint_of
from desktop_relay.store.lock import EngineLock


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with sockets of its own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")
    return tmp_path / "data"


@pytest.fixture
def open_handed() -> Iterator[None]:
    """Whatever is made without a thought is everybody's."""
    before = os.umask(0)
    yield
    os.umask(before)


async def reach(directory: Path) -> Client:
    """A client, as soon as the engine answers."""
    for _ in range(400):
        try:
            return await asyncio.to_thread(Client, directory)
        except Exception:  # noqa: BLE001  (not yet)
            await asyncio.sleep(0.01)
    raise TimeoutError


async def test_it_answers_pushes_and_ends_when_told(directory: Path) -> None:
    serving = asyncio.create_task(serve(directory))
    client = await reach(directory)
    answer = await asyncio.to_thread(client.call, Status())
    progress = decode(Progress, answer["progress"])
    assert progress.pid > 0
    assert progress.memory > 0
    assert progress.campaigns == ()

    reader, writer = await asyncio.open_unix_connection(endpoint_of(directory))
    writer.write(messages.compose_hello(client="test") + messages.compose_request(1, Watch()))
    pushed: dict[str, Any] = {}
    while not {"progress", "changed"} <= pushed.keys():
        pushed |= messages.parse_line(await asyncio.wait_for(reader.readline(), 20))
    assert decode(Progress, pushed["progress"]).generation == 1
    assert decode(Changed, pushed["changed"]).campaigns
    client.close()
    writer.close()
    other = await reach(directory)
    await asyncio.to_thread(other.call, Shutdown())
    await asyncio.wait_for(serving, 20)
    other.close()


async def test_an_idle_engine_ends_by_itself(directory: Path) -> None:
    await asyncio.wait_for(serve(directory, idle_seconds=0.5), 20)


@pytest.mark.parametrize("name", ["logs", "run"])
def test_a_file_where_a_folder_should_be_is_told(directory: Path, name: str) -> None:
    directory.mkdir()
    (directory / name).write_text("")
    if name == "run":
        near = endpoint_of(directory).startswith(str(directory))
        if not near:
            pytest.skip("the socket lies elsewhere")
    with pytest.raises(StoreUnusable) as caught:
        run_engine(directory, foreground=False)
    assert caught.value.code is ErrorCode.DATA_READ_ONLY
    assert str(caught.value.params["path"]).startswith(str(directory / name))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_log_that_cannot_be_written_to_its_end_fails_nothing(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler = open_log(directory, foreground=False)
    assert isinstance(handler, logging.FileHandler)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        handler.stream = full
        logging.getLogger("desktop_relay").info("what nobody will read")
        close_log(handler)
        assert full.closed


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes")
def test_the_log_is_private_whatever_folder_is_there(directory: Path, open_handed: None) -> None:
    (directory / "logs").mkdir(parents=True)
    handler = open_log(directory, foreground=False)
    logging.getLogger("desktop_relay").info("a line")
    close_log(handler)
    assert stat.S_IMODE((directory / "logs" / LOG_FILE).stat().st_mode) == 0o600


def test_nothing_of_it_goes_to_the_file_that_a_start_writes_to(directory: Path) -> None:
    told = io.StringIO()
    of_command_line = logging.StreamHandler(told)
    root = logging.getLogger()
    root.addHandler(of_command_line)
    handler = open_log(directory, foreground=True)
    try:
        for name in ("desktop_relay.engine", "asyncio"):
            logging.getLogger(name).warning("a line of many")
    finally:
        close_log(handler)
        root.removeHandler(of_command_line)
    assert told.getvalue() == ""
    assert (directory / "logs" / LOG_FILE).read_text(encoding="utf-8").count("a line of many") == 2


def test_a_log_that_cannot_be_written_is_told_once(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = directory / "logs" / LOG_FILE
    path.mkdir(parents=True)
    handler = open_log(directory, foreground=False)
    own = logging.getLogger("desktop_relay")
    for _ in range(3):
        own.info("what nobody can read")
    assert capsys.readouterr().err.count("Logging error") == 1
    path.rmdir()
    own.info("what can be read again")
    close_log(handler)
    assert "read again" in path.read_text(encoding="utf-8")


def test_a_place_where_no_data_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "data"):
        with pytest.raises(StoreUnusable) as caught:
            run_engine(place, foreground=False)
        assert caught.value.code is ErrorCode.DATA_READ_ONLY


def test_a_second_engine_is_refused(directory: Path) -> None:
    directory.mkdir()
    lock = EngineLock(directory)
    lock.acquire()
    try:
        with pytest.raises(StoreUnusable) as refused:
            run_engine(directory, foreground=False)
    finally:
        lock.release()
    assert refused.value.code is ErrorCode.DATA_LOCKED


async def test_it_writes_a_log_of_its_own(directory: Path) -> None:
    running = asyncio.create_task(asyncio.to_thread(run_engine, directory, foreground=False))
    client = await reach(directory)
    await asyncio.to_thread(client.call, Shutdown(drain=False))
    assert await asyncio.wait_for(running, 20) == 0
    client.close()
    assert "the engine runs" in (directory / "logs" / LOG_FILE).read_text(encoding="utf-8")
