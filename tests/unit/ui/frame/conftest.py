"""A window's context over a real data directory in a temporary place, and a loop that tests may turn."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

import qasync
from PySide6.QtWidgets import QApplication

from desktop_relay.domain.command import Command
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import Progress
from desktop_relay.operations.workspace import Workspace
from tests.window.sample import NOW
from tests.window.stocked import submit_sample

from ui.context import Context
from ui.engine_client import EngineClient
from ui.memory import Memory
from ui.tasks import Tasks
from ui.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("DESKTOP_RELAY_KEYCHAIN", "off")

T = TypeVar("T")
Turn = Callable[[Coroutine[Any, Any, T]], T]
TurnUntil = Callable[[Callable[[], bool]], None]


@dataclass
class FakeLink:
    """Writes down the commands; answers what a test wants, or refuses the next one."""

    commands: list[Command] = field(default_factory=list)
    refusal: RelayError | None = None
    standing: Progress | None = None
    answer: Mapping[str, Any] = field(default_factory=lambda: {"campaign": 7, "count": 3, "lane": "au"})

    def call(self, command: Command) -> Mapping[str, Any]:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        self.commands.append(command)
        return self.answer

    def find(self, command: Command) -> Mapping[str, Any] | None:
        self.commands.append(command)
        return None if self.standing is None else {}

    def progress(self) -> Progress | None:
        return self.standing

    def stop(self) -> bool:
        return False


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """A qasync loop; it is turned by ``run_until_complete``."""
    made = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(made)
    yield made
    made.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def tasks(loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Tasks]:
    """Coroutines and threads of the test."""
    made = Tasks(loop, crash_directory=tmp_path / "logs")
    yield made
    loop.run_until_complete(made.close())
    made._threads.shutdown(wait=True)


@pytest.fixture
def link() -> FakeLink:
    """The engine's end of the line."""
    return FakeLink()


@pytest.fixture
def context(qapp: QApplication, tasks: Tasks, link: FakeLink, tmp_path: Path) -> Iterator[Context]:
    """What pages are given; the engine is silent until a test speaks for it."""
    apply_theme(qapp, "light")
    with Workspace(tmp_path / "data", link, now=lambda: NOW) as workspace:
        engine = EngineClient(tmp_path / "data", tasks, link)
        yield Context(workspace, engine, tasks, "en", Memory(tmp_path))


@pytest.fixture
def settle(loop: asyncio.AbstractEventLoop, tasks: Tasks) -> Callable[[], None]:
    """Turn the loop until no coroutine of the window runs any more."""

    async def until_idle() -> None:
        for _ in range(50):
            await tasks.idle()
            # timers of no length (a model asking for the rows it lacks) come after the coroutines
            await asyncio.sleep(0.01)
            if not tasks.running:
                return

    def turn() -> None:
        loop.run_until_complete(until_idle())

    return turn


@pytest.fixture
def turn_until(loop: asyncio.AbstractEventLoop) -> TurnUntil:
    """Turn the loop until something is true."""

    async def wait(true: Callable[[], bool]) -> None:
        for _ in range(4000):
            if true():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("that never became true")

    return lambda true: loop.run_until_complete(wait(true))


@pytest.fixture
def campaign(context: Context) -> int:
    """A submitted campaign to eleven people, some of them settled."""
    return submit_sample(context.workspace)
