"""Reaching an engine: started when none is there, once for many who ask, told when it will not come up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from desktop_relay.domain.command import Pause, Shutdown, Status
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode, StoreUnusable
from desktop_relay.ipc.launcher import Link, engine_command
from tests.fakes.engine_process import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")

Links = Callable[..., Link]


@pytest.fixture
def links(directory: Path) -> Iterator[Links]:
    """Links whose engine behaves as asked, ended afterwards."""

    def make(behaviour: str = "well", start_seconds: float = 30.0) -> Link:
        return Link(directory, command=partial(command, behaviour), start_seconds=start_seconds)

    yield make
    Link(directory).find(Shutdown())


def test_nothing_is_started_only_to_look(directory: Path, links: Links) -> None:
    link = links()
    assert link.find(Status()) is None
    assert link.progress() is None
    assert not (directory / "starts").exists()


def test_started_when_it_is_needed_and_then_found(directory: Path, links: Links) -> None:
    link = links()
    link.start()
    first = link.progress()
    assert first is not None
    assert link.call(Pause(1)) == {}
    link.start()
    again = links().progress()
    assert again is not None
    assert again.pid == first.pid
    assert (directory / "starts").read_text() == "x"
    assert link.find(Shutdown()) == {}


def test_a_launch_is_told_once_the_engine_answers(directory: Path, links: Links) -> None:
    link = links()
    answers: list[bool] = []
    link.launched = lambda: answers.append(links().progress() is not None)
    assert link.find(Status()) is None
    assert answers == []
    link.start()
    link.call(Pause(1))
    assert answers == [True], "told once, and one who looks then finds it"


def test_many_who_ask_at_once_get_one_engine(directory: Path, links: Links) -> None:
    def ask(_number: int) -> int:
        link = links("slow")
        link.start()
        progress = link.progress()
        assert progress is not None
        return progress.pid

    with ThreadPoolExecutor(4) as pool:
        pids = set(pool.map(ask, range(4)))
    assert len(pids) == 1


def test_an_engine_of_another_version_can_be_stopped(directory: Path, links: Links) -> None:
    link = links("other")
    with pytest.raises(EngineUnreachable) as caught:
        link.start()
    assert caught.value.code is ErrorCode.ENGINE_VERSION
    assert link.stop()
    assert not link.stop(), "it is gone"


def test_an_engine_that_fails_is_told_with_its_last_words(directory: Path, links: Links) -> None:
    with pytest.raises(EngineUnreachable) as caught:
        links("fails").call(Pause(1))
    assert (caught.value.code, caught.value.params["detail"]) == (
        ErrorCode.ENGINE_DID_NOT_START,
        "the reason",
    )
    assert len((directory / "starts").read_text()) <= 3, "not for ever"


def test_an_engine_that_never_listens(directory: Path, links: Links) -> None:
    with pytest.raises(EngineUnreachable) as caught:
        links("hangs", start_seconds=1.0).start()
    assert caught.value.code is ErrorCode.ENGINE_DID_NOT_START
    assert (directory / "starts").read_text() == "x", "a second one would not help"


def test_an_engine_that_dies_over_a_command(links: Links) -> None:
    """Whether the command was done nobody can say, so it is not tried again by itself."""
    link = links("dies")
    link.start()
    with pytest.raises(EngineUnreachable) as caught:
        link.call(Pause(1))
    assert caught.value.code is ErrorCode.ENGINE_NOT_RUNNING
    assert link.find(Status()) is None


def test_a_directory_that_is_a_file(directory: Path) -> None:
    path = directory / "file"
    path.write_text("in the way")
    with pytest.raises(StoreUnusable) as caught:
        Link(path).start()
    assert caught.value.code is ErrorCode.DATA_READ_ONLY


def test_the_engine_is_the_program_itself(directory: Path) -> None:
    assert engine_command(directory)[-4:] == ["--data", str(directory), "engine", "--foreground"]
    assert "--lang" not in engine_command(directory)
    assert engine_command(directory, "ja")[-6:-4] == ["--lang", "ja"]
