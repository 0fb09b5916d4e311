"""The measurements of the documentation can be remade by their commands, and look as they do there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.docs import scaling

CAN_PLOT = find_spec("matplotlib") is not None
_NUMBER = re.compile(r"\d[\d,.]*")


def remake(page: str, tmp_path: Path, *words: str) -> str:
    environment = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "matplotlib")}
    command = [sys.executable, "-m", f"tests.docs.{page}", *words, "--docs", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=240)
    return (tmp_path / f"{page}.md").read_text(encoding="utf-8")


def outline(text: str, heading: str) -> list[str]:
    """How each paragraph, table and picture of a section begins, without its numbers."""
    found = re.search(rf"^{heading}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    blocks = [block.strip() for block in found[0].split("\n\n")]
    return [_NUMBER.sub("N", block.splitlines()[0])[:40] for block in blocks if block]


def test_throttling(tmp_path: Path) -> None:
    page = tmp_path / "throttling.md"
    page.write_text("# Throttling\n\n## Measurements\n\nof long ago\n\n## Limits\n\nkept\n", encoding="utf-8")
    text = remake("throttling", tmp_path, "--recipients", "2000", "--contest", "400")
    assert text.startswith("# Throttling\n\n## Measurements\n")
    assert "of long ago" not in text
    assert text.endswith("## Limits\n\nkept\n")
    assert text.count("| ours |") == 4
    kept = (ROOT / "docs" / "throttling.md").read_text(encoding="utf-8")
    assert outline(text, "## Measurements") == outline(kept, "## Measurements")


def test_scaling(tmp_path: Path) -> None:
    kept = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    shutil.copy(ROOT / "docs" / "scaling.md", tmp_path)
    small = ("--sources", "2", "--each", "500", "--scale", "500")
    text = remake("scaling", tmp_path, *small)
    assert text != kept
    for heading, _ in scaling.SECTIONS.values():
        assert outline(text, heading) == outline(kept, heading), f"python -m {scaling.__name__}"


@pytest.mark.skipif(not CAN_PLOT, reason="plots need the extra docs")
def test_plots(tmp_path: Path) -> None:
    (tmp_path / "throttling.md").write_text("# Throttling\n", encoding="utf-8")
    remake("throttling", tmp_path, "--recipients", "2000", "--contest", "400")
    shutil.copy(ROOT / "docs" / "scaling.md", tmp_path)
    remake("scaling", tmp_path, "accounts", "--scale", "50")
    images = {path.name: path.stat().st_size for path in (tmp_path / "images").rglob("*.png")}
    assert images.keys() == {"campaign.png", "contest.png", "pace.png", "accounts.png"}
    assert min(images.values()) > 5000
