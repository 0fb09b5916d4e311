"""The four pages over a real data directory with the sample list in it; only the engine is played."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qasync
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.operations import lists, practice, templates
from desktop_relay.operations.workspace import Workspace
from tests.unit.ui.work.fakes import FakeEngine

from ui.context import Context
from ui.engine_client import EngineClient
from ui.memory import Memory
from ui.tasks import Tasks
from ui.theme import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("DESKTOP_RELAY_KEYCHAIN", "off")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # the browser engine refuses to run as root with its sandbox; never set in the product
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")

# as the product does: without shared contexts the browser engine takes the process with it at the first
# end of an event loop; must be set before pytest-qt makes the application
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

SIZE = (1100, 760)
_HARMLESS = (
    # a machine without a screen or a graphics card says these of itself, not of us
    "This plugin does not support",
    "QRhiGles2",
    "Failed to create RHI",
    "QVulkanInstance",
    "GBM is not supported",
    "GPUInfo not initialized",
    "Unable to detect GPU vendor",
    "ulkan",
)

Settle = Callable[..., None]
ShowPage = Callable[[str], QWidget]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever Qt warns of fails the test."""
    for item in items:
        if "tests/unit/ui/work" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the sample list, two templates, a sender with keys and a draft."""
    directory = tmp_path_factory.mktemp("prepared") / "data"
    with Workspace(directory, FakeEngine(directory)) as ws:
        practice.prepare(ws, language="ja")
        shop, _ = lists.create(ws, "本店のお客様")
        lists.add_members(ws, shop, range(1, 11))
        templates.save(ws, templates.starters("ja")[3])
    return directory


@pytest.fixture
def language() -> str:
    """Tests that want another one parametrise it."""
    return "en"


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
    """Coroutines and threads; an error that no page told of fails the test."""
    made = Tasks(loop, crash_directory=tmp_path / "logs")
    untold: list[RelayError] = []
    made.failed.connect(untold.append)
    yield made
    loop.run_until_complete(made.close())
    made._threads.shutdown(wait=True)
    assert not untold


@pytest.fixture
def directory(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the prepared directory."""
    return shutil.copytree(prepared, tmp_path / "data")


@pytest.fixture
def engine(directory: Path) -> FakeEngine:
    """The engine's end of the line."""
    return FakeEngine(directory)


@pytest.fixture
def context(
    qapp: QApplication, tasks: Tasks, engine: FakeEngine, directory: Path, language: str
) -> Iterator[Context]:
    """What pages are given."""
    qapp.setQuitOnLastWindowClosed(False)  # as the product: a dialog that closes must not end the loop
    translators = _translate(qapp, language)
    apply_theme(qapp, "light")
    with Workspace(directory, engine) as workspace:
        client = EngineClient(directory, tasks, engine)
        yield Context(workspace, client, tasks, language, Memory(None))
    for translator in translators:
        qapp.removeTranslator(translator)


def _translate(qapp: QApplication, language: str) -> list[QTranslator]:
    catalogues = Path(__file__).resolve().parents[4] / "resources" / "translations"
    made = []
    for path in sorted(catalogues.glob(f"*_{language}.qm")):
        translator = QTranslator()
        assert translator.load(str(path))
        qapp.installTranslator(translator)
        made.append(translator)
    return made


@pytest.fixture
def settle(loop: asyncio.AbstractEventLoop, tasks: Tasks) -> Settle:
    """Turn the loop until no coroutine runs; ``settle(seconds)`` turns it so long first."""

    async def until_idle(seconds: float) -> None:
        await asyncio.sleep(seconds)
        for _ in range(200):
            await tasks.idle()
            # timers of no length (a model asking for the rows it lacks) come after the coroutines
            await asyncio.sleep(0.01)
            if not tasks.running:
                return

    def turn(seconds: float = 0.0) -> None:
        loop.run_until_complete(until_idle(seconds))

    return turn


@pytest.fixture
def show(qapp: QApplication, settle: Settle) -> Iterator[Callable[[QWidget], QWidget]]:
    """Show a page in a window of its own, read what it reads."""
    shown: list[QWidget] = []

    def show_page(page: QWidget) -> QWidget:
        page.resize(*SIZE)
        page.show()
        page.activateWindow()
        page.activate(None)  # type: ignore[attr-defined]
        settle()
        shown.append(page)
        return page

    yield show_page
    for page in shown:
        page.hide()
        settle()
        page.deleteLater()
    qapp.processEvents()
