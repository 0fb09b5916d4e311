"""A picture of a page, taken without a display: for the documentation and for machines without a screen."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from desktop_relay.domain.errors import BadInput, ErrorCode

from ui.app import Application, run_window

SIZE = (1280, 800)
_LONGEST_SECONDS = 5.0
_SETTLED_SECONDS = 0.6


def main(directory: Path, language: str | None, page: str, target: Path) -> int:
    """Show ``page`` of the window over ``directory``, save its picture to ``target``; answers an exit code.

    Raises ``BadInput`` (``file_unwritable``), and what opening the window raises.
    """
    if sys.platform not in ("win32", "darwin"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    saved: list[bool] = []

    async def take_picture(application: Application) -> None:
        application.window.resize(*SIZE)
        try:
            await _settle(application)
            saved.append(application.window.grab().save(str(target)))
        finally:
            application.end()

    code = run_window(directory, language, page, take_picture)
    if saved != [True]:
        raise BadInput(ErrorCode.FILE_UNWRITABLE, path=str(target), detail="")
    return code


async def _settle(application: Application) -> None:
    """Wait for the engine's first word, if there is an engine, and for the page to have read its rows."""
    waited = 0.0
    step = 0.1
    quiet = 0.0
    while waited < _LONGEST_SECONDS and quiet < _SETTLED_SECONDS:
        await asyncio.sleep(step)
        waited += step
        quiet = 0.0 if application.context.tasks.running else quiet + step
