"""What can be seen of the folder of the daily backups."""

from __future__ import annotations

import os
from pathlib import Path

from desktop_relay.domain.backup_folder import BackupFolder, FolderStanding
from desktop_relay.store.shelf import usual_folder


def look_at_folder(directory: Path, folder: Path) -> BackupFolder:
    """How the folder stands now, as seen from the data directory; may wait for a network. Never raises."""
    is_usual = folder == usual_folder(directory)
    return BackupFolder(str(folder), is_usual, _find_standing(directory, folder, may_be_made=is_usual))


def _find_standing(directory: Path, folder: Path, *, may_be_made: bool) -> FolderStanding:
    try:
        if not folder.exists() and may_be_made:
            return FolderStanding.SAME_DISK
        if not folder.is_dir():
            return FolderStanding.MISSING
        if not os.access(folder, os.W_OK):
            return FolderStanding.READ_ONLY
        shares = folder.stat().st_dev == directory.stat().st_dev
    except OSError:
        return FolderStanding.MISSING
    return FolderStanding.SAME_DISK if shares else FolderStanding.GOOD
