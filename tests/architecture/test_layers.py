"""The arrows between the packages do not bend, and one number is the version."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from desktop_relay import __version__
from tests.architecture.sources import ROOT, modules


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "0 broken" in done.stdout


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "desktop_relay/__init__.py"
    assert version("desktop-relay") == __version__
    holders = [
        str(path.relative_to(ROOT))
        for package in ("desktop_relay", "ui", "resources", "packaging")
        for path, _ in modules(package)
        if f'"{__version__}"' in path.read_text(encoding="utf-8")
    ]
    assert holders == ["desktop_relay/__init__.py"]
