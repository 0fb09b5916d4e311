"""A real screen for a file of tests, and an empty data directory for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.servers.process import find_program
from tests.window.screen import open_screen


@pytest.fixture(scope="session")
def screen_programs() -> None:
    """Skips, with the reason, where the screen or the hand is not installed."""
    for name in ("Xvfb", "xdotool"):
        find_program(name)


@pytest.fixture(scope="module")
def display(screen_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A screen for the whole file."""
    with open_screen(tmp_path_factory.mktemp("screen")) as name:
        yield name


@pytest.fixture
def other_display(screen_programs: None, tmp_path: Path) -> Iterator[str]:
    """A second screen: without a window manager two windows would lie on top of each other."""
    with open_screen(tmp_path) as name:
        yield name


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """An empty data directory; its engine is ended afterwards."""
    found = Program(tmp_path / "data")
    yield found
    found.stop()
