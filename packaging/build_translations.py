"""Build hook: compiles every ``.ts`` of the window to the ``.qm`` that Qt loads.

Also runs by itself: ``python packaging/build_translations.py``. A catalogue newer than its result
is compiled, others are left alone, so that an editable install costs nothing the second time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "resources" / "translations"


def compile_catalogues() -> list[Path]:
    """Compile what is out of date and answer the files written."""
    written = []
    for source in sorted(CATALOGUES.glob("*.ts")):
        target = source.with_suffix(".qm")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        fresh = target.with_suffix(".new")
        subprocess.run([*_lrelease(), "-silent", str(source), "-qm", str(fresh)], check=True)
        fresh.replace(target)  # a window that runs has the old one in its memory, and keeps it
        written.append(target)
    return written


def _lrelease() -> list[str]:
    """Qt's compiler from the wheel that is a build requirement."""
    import PySide6  # noqa: PLC0415  (the hook is imported where it may not be installed yet)

    name = "lrelease.exe" if sys.platform == "win32" else "lrelease"
    folder = Path(PySide6.__file__).parent
    for candidate in (folder / name, folder / "Qt" / "libexec" / name):
        if candidate.exists():
            return [str(candidate)]
    return ["pyside6-lrelease"]


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    pass
else:

    class TranslationsHook(BuildHookInterface[Any]):
        """Hatchling calls it before a wheel or an editable install is made."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Compile, so that the wheel holds the results."""
            compile_catalogues()


if __name__ == "__main__":
    for path in compile_catalogues():
        print(path.name)
