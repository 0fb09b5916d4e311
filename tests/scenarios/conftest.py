"""A scene for each scenario, on the system's clock or on one that jumps, ended afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.scenarios.clock import JumpingClock
from tests.scenarios.internet import CannotMake, Internet
from tests.scenarios.process import EngineProcess
from tests.scenarios.scene import Scene
from tests.servers.process import find_program


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """On the system's clock."""
    found = Scene(tmp_path / "data")
    await found.start()
    yield found
    await found.end()


@pytest.fixture
async def timed(tmp_path: Path) -> AsyncIterator[Scene]:
    """On a clock that the scenario turns."""
    found = Scene(tmp_path / "data", clock=JumpingClock())
    await found.start()
    yield found
    await found.end()


@pytest.fixture
def still(tmp_path: Path) -> Scene:
    """A scene whose engine does not run here."""
    return Scene(tmp_path / "data")


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines in processes of their own have their own place."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("DESKTOP_RELAY_KEYCHAIN", "off")


@pytest.fixture
async def process(still: Scene, apart: None) -> AsyncIterator[EngineProcess]:
    """The engine of ``still``, in a process of its own."""
    found = EngineProcess(still.directory)
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
def internet() -> Iterator[Internet]:
    """A machine with lines to a world, all of it namespaces."""
    find_program("ip")
    try:
        with Internet() as found:
            yield found
    except CannotMake as error:
        pytest.skip(f"no network namespaces here: {error}")


@pytest.fixture
async def machine(still: Scene, internet: Internet, apart: None) -> AsyncIterator[EngineProcess]:
    """The engine of ``still`` on that machine, to be started by the scenario."""
    found = EngineProcess(still.directory, internet.inside())
    yield found
    await found.stop()
