"""Putting a backup in the place of the data that is there, which is moved aside and never deleted.

Everything is made ready in a folder of its own: verified, migrated, its campaigns at rest, its passwords
sealed anew. Only then the two change places (``swapping``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from platform import node

from desktop_relay.domain.backup import Backup, Handover, Receipt, Restored
from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import BadInput, ErrorCode, StoreUnusable
from desktop_relay.store.archive import open_archive
from desktop_relay.store.connection import Database
from desktop_relay.store.database import open_library, open_spool_for_engine
from desktop_relay.store.drafts import number_above
from desktop_relay.store.giving_back import give_back, name_anew
from desktop_relay.store.handover import load_handover, save_handover
from desktop_relay.store.portions import at_full_speed
from desktop_relay.store.receipts import withdraw_receipt, write_receipt
from desktop_relay.store.secret_bundle import forget_unreadable, missing_keys, spread_secrets
from desktop_relay.store.slicing import at_once
from desktop_relay.store.snapshots import load_highest_campaign
from desktop_relay.store.spool import Spool
from desktop_relay.store.swapping import finish_restore, has_begun, hold_lock, make_ready_folder, swap
from desktop_relay.store.unpacking import read_secrets, unlock, unpack
from desktop_relay.store.vault import Vault

_LIVE = (CampaignState.SUBMITTED, CampaignState.SENDING, CampaignState.PAUSED)

GoesOn = Callable[[Backup, Handover], bool]
"""Whether nothing can have been sent since a backup was made, by what the present data remembers."""


def restore_backup(
    directory: Path, path: Path, passphrase: str, at: datetime, goes_on: GoesOn, patience: float = 0.0
) -> Restored:
    """Restore a backup into ``directory``, which may be empty.

    An engine that is ending is waited for ``patience`` seconds. A file that goes on by itself says of itself
    that it was restored before anything changes; where that cannot be written on it, it does not go on.

    Raises ``NotFound``, ``BadInput`` (``backup_damaged``, ``backup_newer``, ``passphrase_needed``,
    ``passphrase_wrong``), ``StoreUnusable`` (``data_locked`` while an engine runs, ``data_in_use``); then
    nothing has changed.
    """
    with hold_lock(directory, patience):
        finish_restore(directory)
        with make_ready_folder(directory) as ready, _withdrawn_on_failure(path, at, ready):
            restored = _make_ready(directory, ready, path, passphrase, at, goes_on)
            aside = swap(directory, ready, at)
        return replace(restored, aside=None if aside is None else str(aside))


@contextmanager
def _withdrawn_on_failure(path: Path, at: datetime, ready: Path) -> Iterator[None]:
    """The receipt of a restore that failed before it changed anything, so that it can be done again."""
    try:
        yield
    except BaseException:
        if not has_begun(ready):
            withdraw_receipt(path, Receipt(at, node()))
        raise


def pause_live(db: Database, reason: PauseReason) -> int:
    """Pause every campaign that is not over, those too that were paused for another reason; how many."""
    marks = ", ".join("?" * len(_LIVE))
    return db.execute(
        f"UPDATE campaigns SET state = ?, pause_reason = ? WHERE state IN ({marks})",
        [CampaignState.PAUSED.value, reason.value, *(state.value for state in _LIVE)],
    ).rowcount


def _make_ready(
    directory: Path, ready: Path, path: Path, passphrase: str, at: datetime, goes_on: GoesOn
) -> Restored:
    with open_archive(path) as archive:
        key = unlock(archive, passphrase)
        unpack(archive, ready, key, at_full_speed)
        places, missing = give_back(archive, key, ready, directory, at_full_speed)
        secrets = None if key is None else read_secrets(archive, key)
        backup = archive.backup
    present = _present(directory)
    goes = present is not None and goes_on(backup, present) and write_receipt(path, Receipt(at, node()))
    with open_library(ready) as library, open_spool_for_engine(ready) as db:
        unknown = at_once(Spool(db).recover(at)).unknown
        paused = 0 if goes else pause_live(db, PauseReason.RESTORED)
        with library.transaction():
            number_above(library, load_highest_campaign(db))
        name_anew(library, db, places)
        restored = Restored(backup, goes, paused, unknown, attachments=missing)
        restored = _settle_secrets(restored, directory, ready, library, secrets)
    known = (*(present.known if present else ()), backup.manifest.id)
    since = None if restored.goes_on else backup.manifest.made_at
    save_handover(ready, Handover(restored_at=at, restored_from=since, known=known))
    return restored


def _present(directory: Path) -> Handover | None:
    try:
        return load_handover(directory)
    except StoreUnusable:
        return None  # what cannot be read vouches for nothing


def _settle_secrets(
    restored: Restored, directory: Path, ready: Path, library: Database, secrets: bytes | None
) -> Restored:
    """A backup without keys leaves those in their place that are there."""
    place = directory if secrets is None else ready
    vault = Vault(place)
    if secrets is not None:
        try:
            spread_secrets(secrets, place, library, vault)
        except (ValueError, LookupError, AttributeError) as error:
            raise BadInput(ErrorCode.BACKUP_DAMAGED, path=restored.backup.path) from error
    return replace(restored, passwords=forget_unreadable(library, vault), keys=missing_keys(place, library))
