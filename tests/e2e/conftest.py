"""A program on a data directory of its own, its engine ended afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The command line on an empty data directory."""
    found = Program(tmp_path / "data")
    yield found
    found.stop()
