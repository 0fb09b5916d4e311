"""When a backup is due, which are old enough to go, and when a person should hear of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime, timedelta

from desktop_relay.domain.backup import SUFFIX, Backup, BackupKind, BackupTrouble, Failure, Handover

EVERY = timedelta(days=1)
TOLD_AFTER = timedelta(days=3)


def compose_name(local: datetime) -> str:
    """The file name of a backup made at that local time."""
    return f"desktop-relay-{local:%Y-%m-%d-%H%M}{SUFFIX}"


def of_origin(backups: Iterable[Backup], origins: Set[str]) -> list[Backup]:
    """Those of one data directory, newest first; a folder may be shared."""
    own = [backup for backup in backups if backup.manifest.origin in origins]
    return sorted(own, key=lambda backup: backup.manifest.made_at, reverse=True)


def is_due(own: Iterable[Backup], now: datetime) -> bool:
    """Whether the newest is a day old; one of the future, by a clock that was wrong, counts for nothing."""
    return not any(timedelta(0) <= now - backup.manifest.made_at < EVERY for backup in own)


def plan_removal(own: Iterable[Backup], kept: int, now: datetime) -> list[Backup]:
    """The oldest beyond ``kept`` of those that were made by themselves; a person's own stay.

    Those of the future, by a clock that was wrong, go first: nobody knows how old they are, and they would
    never go by themselves.
    """

    def known_and_new(backup: Backup) -> tuple[bool, datetime]:
        return backup.manifest.made_at <= now, backup.manifest.made_at

    daily = [backup for backup in own if backup.manifest.kind is BackupKind.DAILY]
    return sorted(daily, key=known_and_new, reverse=True)[kept:]


def find_trouble(
    own: Iterable[Backup], failure: Failure | None, began_at: datetime | None, now: datetime
) -> BackupTrouble:
    """What a person should hear: the last one failed, or there is none of the last three days.

    ``began_at`` is since when there is anything to lose; ``None`` when there is nothing yet.
    """
    newest = max((b.manifest.made_at for b in own if b.manifest.made_at <= now), default=None)
    if failure is not None and (newest is None or failure.at > newest):
        return BackupTrouble.FAILED
    since = newest or began_at
    return BackupTrouble.OLD if since is not None and now - since > TOLD_AFTER else BackupTrouble.NONE


def goes_on(backup: Backup, present: Handover) -> bool:
    """Whether nothing can have been sent since: a file made to move, restored for the first time."""
    manifest = backup.manifest
    return manifest.kind is BackupKind.MOVE and backup.receipt is None and manifest.id not in present.known
