"""An engine for each test, stopped afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.unit.engine.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """On the system's clock."""
    found = Desk(tmp_path / "data")
    await found.start()
    yield found
    found.way.gate.set()
    await found.engine.stop(drain=False)


@pytest.fixture
async def timed_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """On a clock that the test turns."""
    found = Desk(tmp_path / "data", clock=FakeClock())
    await found.start()
    yield found
    found.way.gate.set()
    await found.engine.stop(drain=False)
