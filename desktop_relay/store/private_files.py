"""Files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from desktop_relay.store.faults import raise_told_by_system

KEYS_DIRECTORY = "keys"


def make_data_directory(directory: Path) -> None:
    """Make a data directory where there is none; raises ``StoreUnusable``."""
    try:
        make_private_folder(directory)
    except OSError as error:
        raise_told_by_system(error, directory)


def make_private_folder(folder: Path) -> None:
    """Make a folder (0700) with all that is missing above it; raises ``OSError``."""
    if not folder.is_dir():
        # ``parents=True`` would make those above it for everybody
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def free_name(directory: Path, name: str) -> Path:
    """``name`` in the directory, or with a number where that is taken."""
    number = 1
    while (free := directory / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return free


def write_once(path: Path, content: bytes) -> bool:
    """Write a file (0600) unless it is there, and answer whether it was written; raises ``StoreUnusable``."""
    try:
        draft = _write_draft(path, content)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
    except OSError as error:
        raise_told_by_system(error, path)
    return True


def write_private(path: Path, content: bytes) -> None:
    """Write a file (0600), over the one that is there; raises ``StoreUnusable``."""
    try:
        draft = _write_draft(path, content)
        try:
            draft.replace(path)
        except OSError:
            draft.unlink()
            raise
    except OSError as error:
        raise_told_by_system(error, path)


def _write_draft(path: Path, content: bytes) -> Path:
    """The content on the disk beside its place, in a file that is 0600 from its first moment."""
    make_private_folder(path.parent)
    file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)
