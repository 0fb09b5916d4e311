"""Where backups lie: those that are there, and what went wrong with the last of the engine's."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from desktop_relay.domain.backup import SUFFIX, Backup, BackupKind, Failure
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, RelayError, StoreUnusable
from desktop_relay.domain.settings import Value
from desktop_relay.store.archive import open_archive
from desktop_relay.store.faults import raise_told_by_system
from desktop_relay.store.giving_back import read_index
from desktop_relay.store.plain import compose_json
from desktop_relay.store.private_files import write_private
from desktop_relay.store.times import from_ms, to_ms

FAILURE_FILE = "backup-failure.json"
_FOLDER = "backups"


def folder_of(directory: Path, settings: Mapping[str, Value]) -> Path:
    """The folder that the settings name, or the one in the data directory."""
    chosen = str(settings["backup.folder"])
    return Path(chosen) if chosen else usual_folder(directory)


def usual_folder(directory: Path) -> Path:
    """The one in the data directory, where no other is named."""
    return directory / _FOLDER


def prepare_folder(directory: Path, folder: Path) -> None:
    """Make the data directory's own; one that a person chose must be there, or a drive would be missed.

    Raises ``StoreUnusable`` (``backup_folder``).
    """
    try:
        if folder.parent == directory:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        usable = folder.is_dir() and os.access(folder, os.W_OK)
    except OSError:
        usable = False
    if not usable:
        raise StoreUnusable(ErrorCode.BACKUP_FOLDER, path=str(folder))


def load_backups(folder: Path) -> list[Backup]:
    """Every backup in a folder, by what it says of itself; what cannot be read is none. Never raises."""
    found = []
    with suppress(OSError):
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            with suppress(RelayError, OSError), open_archive(path) as archive:
                found.append(archive.backup)
    return found


def names_of_attachments(folder: Path) -> set[str]:
    """The digests that any daily backup of the folder counts on; raises ``BadInput`` if one cannot be read.

    A damaged one counts on nothing any more.
    """
    names: set[str] = set()
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            with open_archive(path) as archive:
                if archive.manifest.kind is BackupKind.DAILY:
                    names.update(read_index(archive, None).digests.values())
        except NotFound:
            continue
        except BadInput as error:
            if error.code is not ErrorCode.BACKUP_DAMAGED:
                raise
    return names


def free_path(folder: Path, name: str) -> Path:
    """``name`` in the folder, or with a number when it is taken."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{name.removesuffix(SUFFIX)}-{number}{SUFFIX}"
    return path


def remove_backup(backup: Backup) -> None:
    """Delete the file; raises ``StoreUnusable``."""
    try:
        Path(backup.path).unlink(missing_ok=True)
    except OSError as error:
        raise_told_by_system(error, Path(backup.path))


def load_failure(directory: Path) -> Failure | None:
    """The last attempt that failed, if none succeeded since."""
    try:
        plain = json.loads((directory / FAILURE_FILE).read_bytes())
        return Failure(from_ms(plain["at"]), str(plain["code"]), dict(plain["params"]))
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None


def save_failure(directory: Path, error: RelayError, at: datetime) -> None:
    """Keep why it failed, where that can be written; the age of the newest tells as well."""
    plain = {"at": to_ms(at), "code": error.code.value, "params": dict(error.params)}
    with suppress(StoreUnusable):
        write_private(directory / FAILURE_FILE, compose_json(plain).encode())


def forget_failure(directory: Path) -> None:
    """One succeeded."""
    with suppress(OSError):
        (directory / FAILURE_FILE).unlink(missing_ok=True)
