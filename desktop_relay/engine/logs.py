"""The engine's log: a rotating file without secrets and, at INFO, without anybody's address."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
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
    to_file = RotatingFileHandler(path, maxBytes=_OCTETS, backupCount=_KEPT, encoding="utf-8", delay=True)
    to_file.setFormatter(logging.Formatter(_FORMAT))
    own = logging.getLogger("desktop_relay")
    own.setLevel(logging.INFO)
    own.addHandler(to_file)
    # what libraries have to say at WARNING belongs there, too: asyncio tells of lost exceptions
    logging.getLogger("asyncio").addHandler(to_file)
    if foreground and sys.stderr is not None and sys.stderr.isatty():
        to_terminal = logging.StreamHandler()
        to_terminal.setLevel(logging.WARNING)
        own.addHandler(to_terminal)
    return to_file


def close_log(handler: logging.Handler) -> None:
    """Write no more to it."""
    for name in ("desktop_relay", "asyncio"):
        logging.getLogger(name).removeHandler(handler)
    with suppress(OSError):  # the disk is full: what could not be written is lost, and nothing else failed
        handler.close()
