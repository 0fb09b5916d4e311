"""The window's log: Qt's messages and our own in ``logs/window.log``, rotated; no Qt on a terminal."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LOG_FILE = "window.log"
CRASH_FILE = "window-crash.txt"
_OCTETS = 1024 * 1024
_KEPT = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOGGED = ("qt", "ui", "desktop_relay", "asyncio")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_HARMLESS = (
    # the offscreen platform, once a window: it has no window manager whom it could tell
    "This plugin does not support propagateSizeHints()",
    # ... and none that could bring a window to the front
    "This plugin does not support raise()",
)

log = logging.getLogger("qt")
own_log = logging.getLogger(__name__)


@contextmanager
def window_log(directory: Path) -> Iterator[None]:
    """Write ``logs/window.log`` of a data directory while the window runs; a log that cannot be written
    is done without."""
    to_file = _open_file(directory / "logs")
    loggers = [logging.getLogger(name) for name in _LOGGED]
    for logger in loggers:
        logger.addHandler(to_file)
    propagated, log.propagate = log.propagate, False
    previous = qInstallMessageHandler(take_message)
    hook, sys.excepthook = sys.excepthook, partial(_report, directory / "logs")
    try:
        yield
    finally:
        sys.excepthook = hook
        # one that is still installed while the interpreter ends takes the process with it
        qInstallMessageHandler(previous)
        log.propagate = propagated
        for logger in loggers:
            logger.removeHandler(to_file)
        to_file.close()


def take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """What Qt says, into the log; what ends the process, to the terminal as well."""
    if kind is QtMsgType.QtFatalMsg and sys.stderr is not None:
        print(message, file=sys.stderr, flush=True)  # noqa: T201  (Qt aborts when this returns)
    if not message.startswith(_HARMLESS):
        category = getattr(context, "category", None) or "default"
        log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)


def write_crash_report(folder: Path | None, error: BaseException) -> None:
    """Keep what went wrong as a file to send on, where there is a folder for it; in the log in any case."""
    report = "".join(traceback.format_exception(error))
    own_log.error("a bug of the window\n%s", report)
    if folder is None:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / CRASH_FILE).write_text(report, encoding="utf-8")
    except OSError:
        own_log.warning("the crash report could not be written")


def _report(
    folder: Path, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Qt hands an exception of a slot to nobody else."""
    if issubclass(kind, Exception):
        write_crash_report(folder, error)
    else:
        sys.__excepthook__(kind, error, trace)


def _open_file(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / LOG_FILE, maxBytes=_OCTETS, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
