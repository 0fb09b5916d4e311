"""Where the daily backups go, and whether that is a good place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FolderStanding(StrEnum):
    """Each has a sentence in each language.

    ``SAME_DISK`` is also what a folder looks like into which a drive would be mounted that is not there.
    """

    GOOD = "good"
    SAME_DISK = "same_disk"
    READ_ONLY = "read_only"
    MISSING = "missing"

    @property
    def is_usable(self) -> bool:
        """Whether a backup can be written there now."""
        return self in (FolderStanding.GOOD, FolderStanding.SAME_DISK)


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """``is_usual``: the one in the data directory, which is made when it is wanted."""

    path: str
    is_usual: bool
    standing: FolderStanding
