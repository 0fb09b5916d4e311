"""Closing the window takes the browser engine down before the application, whatever it is doing just then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("seconds", [0.0, 0.2, 1.0])
def test_the_browser_engine_ends_before_the_application(directory: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.unit.ui.work.closing", str(directory), str(seconds)]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
    told = ended.stdout.decode().split("\n")
    assert told[:4] == ["window", "page", "profile", "over 0"]
    assert b"Expect troubles" not in ended.stderr
