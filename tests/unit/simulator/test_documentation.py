"""The measurements of the documentation can be remade by their command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT


def test_the_command_writes_the_section_and_its_plots(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    page = tmp_path / "throttling.md"
    page.write_text("# Throttling\n\n## Measurements\n\nof long ago\n\n## Limits\n\nkept\n", encoding="utf-8")
    command = [sys.executable, "-m", "tests.docs.throttling", "--recipients", "2000", "--contest", "400"]
    environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "matplotlib")}
    subprocess.run([*command, "--docs", str(tmp_path)], cwd=ROOT, env=environment, check=True, timeout=120)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Throttling\n\n## Measurements\n")
    assert "of long ago" not in text
    assert text.endswith("## Limits\n\nkept\n")
    assert text.count("| ours |") == 4
    images = tmp_path / "images" / "throttling"
    assert {path.name for path in images.iterdir()} == {"campaign.png", "contest.png", "pace.png"}
    assert all(path.stat().st_size > 5000 for path in images.iterdir())
