from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop_relay.domain.command import Command, Status
from desktop_relay.domain.errors import EngineUnreachable, ErrorCode
from desktop_relay.domain.progress import Changed, Progress
from desktop_relay.ipc.codec import encode
from desktop_relay.ipc.endpoint import endpoint_of
from desktop_relay.ipc.server import Server
from tests.unit.ui.frame.conftest import TurnUntil
from tests.window.sample import make_campaign, make_progress

from ui.engine_client import LONG_LINES, EngineClient
from ui.tasks import P, T, Tasks


class Engine:
    """A server of the real protocol on a thread of its own."""

    def __init__(self, directory: Path) -> None:
        self.commands: list[Command] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.server = Server(endpoint_of(directory), self._answer, version="1")
        self._do(self.server.start())

    async def _answer(self, command: Command) -> Mapping[str, Any]:
        self.commands.append(command)
        return {"progress": encode(make_progress())} if isinstance(command, Status) else {}

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    def push(self, news: Any, times: int = 1) -> None:
        async def tell() -> None:
            for _ in range(times):
                self.server.push(news)

        self._do(tell())

    def stop(self) -> None:
        self._do(self.server.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    return tmp_path


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    made: list[Engine] = []
    yield made
    for engine in made:
        engine.stop()


def _until(qtbot: QtBot, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=5000)


def test_hears_progress_and_changes(
    qtbot: QtBot, tasks: Tasks, directory: Path, engines: list[Engine]
) -> None:
    engines.append(Engine(directory))
    client = EngineClient(directory, tasks)
    states: list[str] = []
    changes: list[Changed] = []
    client.state.connect(states.append)
    client.changed.connect(changes.append)
    client.open()
    _until(qtbot, lambda: client.latest is not None)
    assert client.latest == make_progress()
    assert states == ["running"]
    engines[0].push(Changed(3, recipients=True))
    _until(qtbot, lambda: changes == [Changed(3, recipients=True)])
    client.close()


def test_a_burst_is_heard_as_few(qtbot: QtBot, tasks: Tasks, directory: Path, engines: list[Engine]) -> None:
    engines.append(Engine(directory))
    client = EngineClient(directory, tasks)
    client.open()
    _until(qtbot, lambda: client.latest is not None)
    heard: list[object] = []
    client.progress.connect(heard.append)
    engines[0].push(make_progress(make_campaign(name="b")), times=50)
    last = make_progress(make_campaign(name="z"))
    engines[0].push(last)
    _until(qtbot, lambda: client.latest == last)
    assert len(heard) < 10
    client.close()


def many_lanes(name: str, lanes: int = 400) -> Progress:
    return make_progress(make_campaign(name=name, small_lanes=lanes))


class WatchedTasks(Tasks):
    """Writes down what goes to the workers; it goes there as soon as ``gate`` is open."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.given: list[int] = []
        self.gate = asyncio.Event()

    async def in_worker(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        (lines,) = args
        assert isinstance(lines, list)
        self.given.append(sum(map(len, lines)))
        await self.gate.wait()
        return await super().in_worker(call, *args, **kwargs)


@pytest.fixture
def watched(loop: asyncio.AbstractEventLoop) -> Iterator[WatchedTasks]:
    made = WatchedTasks(loop)
    yield made
    loop.run_until_complete(made.close())
    made._threads.shutdown(wait=True)


def test_very_many_lanes_are_read_beside_the_window(
    watched: WatchedTasks, turn_until: TurnUntil, directory: Path, engines: list[Engine]
) -> None:
    engines.append(Engine(directory))
    watched.gate.set()
    client = EngineClient(directory, watched)
    changes: list[Changed] = []
    client.changed.connect(changes.append)
    client.open()
    turn_until(lambda: client.latest is not None)
    assert watched.given == []
    told = [Changed(step, recipients=True) for step in range(3)]
    for change in told:
        engines[0].push(many_lanes("a"))
        engines[0].push(change)
    last = make_progress(make_campaign(name="z"))
    engines[0].push(last)
    turn_until(lambda: client.latest == last)
    assert changes == told
    assert watched.given
    assert min(watched.given) > LONG_LINES
    client.close()


def test_what_was_being_read_when_the_engine_went_counts_for_nothing(
    watched: WatchedTasks, turn_until: TurnUntil, directory: Path, engines: list[Engine]
) -> None:
    engines.append(Engine(directory))
    client = EngineClient(directory, watched)
    client._again.setInterval(600_000)
    client.open()
    turn_until(lambda: client.latest is not None)
    engines[0].push(many_lanes("old"))
    turn_until(lambda: bool(watched.given))
    engines.pop().stop()
    turn_until(lambda: client.current_state == "stopped")
    watched.gate.set()
    turn_until(lambda: not watched.running)
    assert client.latest is None
    engines.append(Engine(directory))
    client.look_now()
    turn_until(lambda: client.latest is not None)
    assert client.latest == make_progress()
    client.close()


def test_comes_back_when_the_engine_does(
    qtbot: QtBot, tasks: Tasks, directory: Path, engines: list[Engine]
) -> None:
    client = EngineClient(directory, tasks)
    client._again.setInterval(20)
    client.open()
    assert client.current_state == "stopped"
    engines.append(Engine(directory))
    _until(qtbot, lambda: client.current_state == "running")
    engines.pop().stop()
    _until(qtbot, lambda: client.current_state == "stopped")
    assert client.latest is None
    engines.append(Engine(directory))
    _until(qtbot, lambda: client.current_state == "running")
    client.close()


def test_an_engine_started_by_a_command_is_heard_without_a_pause(
    qtbot: QtBot, tasks: Tasks, directory: Path, engines: list[Engine]
) -> None:
    client = EngineClient(directory, tasks)
    client._again.setInterval(600_000)
    client.open()
    engines.append(Engine(directory))
    threading.Thread(target=client.look_now).start()  # commands run in worker threads
    _until(qtbot, lambda: client.current_state == "running")
    client.close()


def test_starts_only_when_asked_and_says_why_not(
    qtbot: QtBot, tasks: Tasks, directory: Path, settle: Callable[[], None]
) -> None:
    class Failing:
        def call(self, command: Command) -> Any:
            raise EngineUnreachable(ErrorCode.ENGINE_DID_NOT_START, detail="no")

    client = EngineClient(directory, tasks, Failing())
    states: list[str] = []
    client.state.connect(states.append)
    client.open()
    settle()
    assert states == []
    client.ensure_started()
    settle()
    assert states == ["starting", "stopped"]
    assert client.problem is not None
    assert client.problem.code is ErrorCode.ENGINE_DID_NOT_START
    client.close()


@pytest.mark.expect_warnings
def test_nonsense_does_not_bring_the_window_down(tasks: Tasks, directory: Path) -> None:
    client = EngineClient(directory, tasks)
    client._take_hello({"hello": 99, "version": "9"})
    assert client.current_state == "stopped"
    assert client.problem is not None
    assert client.problem.code is ErrorCode.ENGINE_VERSION
