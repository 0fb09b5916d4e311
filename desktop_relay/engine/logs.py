"""The engine's log: a rotating file without secrets and, at INFO, without anybody's address."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop_relay.store.faults import raise_told_by_system

LOG_FILE = "engine.log"
_OCTETS = 2 * 1024 * 1024
_KEPT = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def open_log(directory: Path, *, foreground: bool) -> logging.Handler:
    """Begin to write ``logs/engine.log``, warnings also to a terminal; answers the file's handler.

    Raises ``StoreUnusable`` when there can be no such folder.
    """
    path = directory / "logs" / LOG_FILE
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise_told_by_system(error, path.parent)
    to_file = _PrivateFile(path, maxBytes=_OCTETS, backupCount=_KEPT, encoding="utf-8", delay=True)
    to_file.setFormatter(logging.Formatter(_FORMAT))
    for logger in _loggers():
        logger.addHandler(to_file)
        # the command line's own handler writes to standard error: in the background a file without end
        logger.propagate = False
    own = logging.getLogger("desktop_relay")
    own.setLevel(logging.INFO)
    if foreground and sys.stderr is not None and sys.stderr.isatty():
        to_terminal = logging.StreamHandler()
        to_terminal.setLevel(logging.WARNING)
        own.addHandler(to_terminal)
    return to_file


class _PrivateFile(RotatingFileHandler):
    """A file (0600) that may become unwritable: that is said once, and the mail goes on."""

    _has_complained = False

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=private)

    def handleError(self, record: logging.LogRecord) -> None:
        # each line would go to standard error with a traceback, which is a file as well and has no end
        if not self._has_complained:
            self._has_complained = True
            super().handleError(record)


def close_log(handler: logging.Handler) -> None:
    """Write no more to it."""
    for logger in _loggers():
        logger.removeHandler(handler)
        logger.propagate = True
    with suppress(OSError):  # the disk is full: what could not be written is lost, and nothing else failed
        handler.close()


def _loggers() -> tuple[logging.Logger, ...]:
    """What libraries have to say at WARNING belongs there, too: asyncio tells of lost exceptions."""
    return logging.getLogger("desktop_relay"), logging.getLogger("asyncio")
