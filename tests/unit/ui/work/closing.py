"""The whole window, closed while a mail is shown or still loads: says in which order everything ended.

python -m tests.unit.ui.work.closing DIRECTORY SECONDS
"""

from __future__ import annotations

import asyncio
import faulthandler
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.app import Application, run_window
from ui.browser import PROFILE_NAME


def say(words: str) -> None:
    """On a line of its own, at once."""
    print(words, flush=True)  # noqa: T201  (what the test reads)


async def close_soon(application: Application, *, seconds: float) -> None:
    """Open the templates, wait, close the window."""
    app = QApplication.instance()
    assert app is not None
    while not app.findChildren(QObject, PROFILE_NAME):  # noqa: ASYNC110  (a page that tells nobody)
        await asyncio.sleep(0.01)
    await asyncio.sleep(seconds)
    told: list[tuple[QObject, str]] = [(app, "application"), (application.window, "window")]
    told += [(profile, "profile") for profile in app.findChildren(QObject, PROFILE_NAME)]
    told += [
        (each, "page") for each in application.window.findChildren(QObject) if each.inherits("QWebEnginePage")
    ]
    for thing, name in told:
        thing.destroyed.connect(partial(say, name))
    application.window.close()


if __name__ == "__main__":
    faulthandler.enable()
    directory, seconds = Path(sys.argv[1]), float(sys.argv[2])
    say(f"over {run_window(directory, 'en', 'templates', partial(close_soon, seconds=seconds))}")
