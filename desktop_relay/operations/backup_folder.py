"""The folder of the daily backups: how it stands, and another one."""

from __future__ import annotations

from pathlib import Path

from desktop_relay.domain.backup_folder import BackupFolder
from desktop_relay.domain.changes import Changes
from desktop_relay.operations import settings
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.backup_folder import look_at_folder
from desktop_relay.store.settings import load_settings
from desktop_relay.store.shelf import folder_of, usual_folder


def standing(ws: Workspace) -> BackupFolder:
    """How it stands now."""
    return look_at_folder(ws.directory, folder_of(ws.directory, load_settings(ws.library)))


def choose(ws: Workspace, folder: Path | None) -> tuple[BackupFolder, Changes]:
    """From now on that one, the usual one with ``None``; what was made before stays where it is.

    One that is not there now is taken as well, and told by its standing: a drive may be connected later.
    """
    is_usual = folder is None or folder == usual_folder(ws.directory)
    _, changes = settings.set_value(ws, "backup.folder", "" if is_usual else str(folder))
    return standing(ws), changes
