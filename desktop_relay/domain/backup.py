"""A backup: one file that holds the whole data of the program, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

FORMAT = 2
"""The form of the files that this program writes; it reads no higher one. In 1 there were no attachments."""

SUFFIX = ".drbackup"


class BackupKind(StrEnum):
    """Made by itself each day, by hand, or to move to another computer."""

    DAILY = "daily"
    HAND = "hand"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Content:
    """One part of the file: its octets as they were, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself, readable without its passphrase.

    ``origin`` tells one data directory from another, ``schemas`` the versions of the databases by file name,
    ``counts`` how many contacts, campaigns and recipients there are, and how many were accepted. ``salt`` is
    there when everything else in the file is encrypted; only then it holds passwords and signing keys.
    """

    id: str
    kind: BackupKind
    program: str
    made_at: datetime
    origin: str
    schemas: Mapping[str, int]
    counts: Mapping[str, int]
    contents: Mapping[str, Content]
    salt: bytes = b""
    format: int = FORMAT

    @property
    def is_encrypted(self) -> bool:
        """Whether a passphrase is needed."""
        return bool(self.salt)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a file for moving says of its restore: when, and the name of the computer, where that is known."""

    at: datetime | None = None
    computer: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file as it lies somewhere; with a ``receipt`` once a file for moving was restored.

    ``left_out`` names the attachments that it cannot give back, as far as it was read to its end: files
    that were gone or too large when it was made, or that lay beside it and do no more.
    """

    path: str
    size: int
    manifest: Manifest
    receipt: Receipt | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """What a data directory remembers of moves and restores.

    ``moved_at``: its mail is sent by another computer since then. ``restored_from`` is when the backup was
    made that it was restored from, ``None`` where nothing can have been sent since. ``known`` are the ids of
    the backups that were restored here or made here to move. ``moved_with`` is the path of the file that was
    made to move, for as long as another computer sends the mail.
    """

    moved_at: datetime | None = None
    restored_at: datetime | None = None
    restored_from: datetime | None = None
    known: tuple[str, ...] = ()
    moved_with: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    ``goes_on``: nothing was sent since, so campaigns go on by themselves; else ``paused`` of them wait for a
    person. ``unknown`` recipients were under way when the backup was made. ``passwords``, ``keys`` and
    ``attachments`` name what has to be entered, made or chosen again, ``aside`` is the folder that has the
    data of before.
    """

    backup: Backup
    goes_on: bool
    paused: int
    unknown: int
    passwords: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    aside: str | None = None


class BackupTrouble(StrEnum):
    """What is wrong with the backups, if anything is; each has a sentence in each language."""

    NONE = ""
    FAILED = "failed"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Failure:
    """The last attempt of the engine that failed: an error code with its parameters."""

    at: datetime
    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackupStanding:
    """How the backups of a data directory stand, newest first."""

    folder: str
    backups: tuple[Backup, ...]
    trouble: BackupTrouble
    failure: Failure | None
    handover: Handover
