"""Backups: make, list, verify, restore, and move to another computer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from platform import node
from uuid import uuid4

from desktop_relay import __version__
from desktop_relay.domain.backup import (
    SUFFIX,
    Backup,
    BackupKind,
    BackupStanding,
    BackupTrouble,
    Handover,
    Manifest,
    Receipt,
    Restored,
)
from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import Shutdown, Status
from desktop_relay.domain.errors import BadInput, ErrorCode, RelayError, StoreUnusable
from desktop_relay.operations.workspace import EngineLink, Workspace, system_now
from desktop_relay.policy.backups import compose_name, find_trouble, goes_on, of_origin
from desktop_relay.store.archive import open_archive
from desktop_relay.store.backup import make_backup, origin_of, origins_of
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.drafts import load_drafts
from desktop_relay.store.handover import load_handover, mark_moved, refuse_moved, take_back
from desktop_relay.store.portions import Breathe, at_full_speed
from desktop_relay.store.private_files import make_data_directory
from desktop_relay.store.receipts import write_receipt
from desktop_relay.store.restoring import pause_live, restore_backup
from desktop_relay.store.sealing import SALT_BYTES
from desktop_relay.store.secret_bundle import gather_secrets
from desktop_relay.store.settings import load_settings
from desktop_relay.store.shelf import folder_of, free_path, load_backups, load_failure, prepare_folder
from desktop_relay.store.swapping import hold_lock
from desktop_relay.store.unpacking import verify_backup

_STOP_SECONDS = 90.0
_EVERYTHING = Changes(**{each.name: True for each in fields(Changes)})


def make(
    ws: Workspace, target: Path | None = None, passphrase: str = "", breathe: Breathe = at_full_speed
) -> Backup:
    """A backup now, beside whatever is being sent, and verified; into ``target``, a file or a folder.

    With a passphrase it is encrypted and holds passwords and signing keys; else they are left out.
    Raises ``BadInput`` (``file_unwritable``), ``StoreUnusable``.
    """
    place = _place(ws, target, ws.now())
    return _make(ws, BackupKind.HAND, place, passphrase, uuid4().hex, breathe)


def make_to_move(
    ws: Workspace, target: Path | None = None, passphrase: str = "", breathe: Breathe = at_full_speed
) -> tuple[Backup, Changes]:
    """A file to go on with on another computer; this one sends nothing more from now on.

    The engine ends first; that the data was moved is remembered before the file is there, so that at no
    moment two computers send. Raises like ``make``; then everything is as before.
    """
    refuse_moved(ws.directory)
    number = uuid4().hex
    place = _place(ws, target, ws.now())
    with _engine_ended(ws.engine), hold_lock(ws.directory, _STOP_SECONDS):
        mark_moved(ws.directory, ws.now(), number, place)
        try:
            backup = _make(ws, BackupKind.MOVE, place, passphrase, number, breathe)
        except BaseException:
            take_back(ws.directory)
            raise
        _pause_all(ws.directory)
    return backup, Changes(campaigns=True, settings=True)


def stay(ws: Workspace) -> Changes:
    """This computer sends again after a file to move was made; campaigns wait until a person resumes them.

    The file, where it still lies there, is marked, so that it does not go on by itself any more.
    """
    with hold_lock(ws.directory):
        _pause_all(ws.directory)
        _mark_as_used(ws)
        take_back(ws.directory)
    return Changes(campaigns=True, settings=True)


def verify(path: Path, directory: Path, passphrase: str = "") -> Backup:
    """Read a backup to its end; raises ``NotFound``, ``BadInput``, ``StoreUnusable``."""
    make_data_directory(directory)
    return verify_backup(path, passphrase, directory, at_full_speed)


def look_at(path: Path) -> Backup:
    """What a backup says of itself, without its passphrase; raises ``NotFound``, ``BadInput``."""
    with open_archive(path) as archive:
        return archive.backup


def restore(
    directory: Path, path: Path, passphrase: str = "", *, now: Callable[[], datetime] = system_now
) -> Restored:
    """Restore into a data directory that nobody uses; see ``store.restoring`` for what it raises.

    Nothing is sent by itself afterwards, unless it is a file for moving that was never restored before.
    """
    return restore_backup(directory, path, passphrase, now(), goes_on)


def restore_here(ws: Workspace, path: Path, passphrase: str = "") -> tuple[Restored, Changes]:
    """Likewise, into the data that is open here: the engine ends first, and all is read anew after."""
    look_at(path)
    with _engine_ended(ws.engine), ws.set_aside():
        restored = restore_backup(ws.directory, path, passphrase, ws.now(), goes_on, _STOP_SECONDS)
    return restored, _EVERYTHING


def will_go_on(directory: Path, backup: Backup) -> bool:
    """Whether a restore of it would go on sending without a question."""
    try:
        is_markable = os.access(backup.path, os.W_OK)
        return is_markable and goes_on(backup, load_handover(directory))
    except StoreUnusable:
        return False


def standing(ws: Workspace) -> BackupStanding:
    """The backups of this data, newest first, and what is wrong with them."""
    settings = load_settings(ws.library)
    folder = folder_of(ws.directory, settings)
    own = of_origin(load_backups(folder), origins_of(ws.directory))
    failure = load_failure(ws.directory)
    handover = load_handover(ws.directory)
    trouble = find_trouble(own, failure, _began_at(ws, handover), ws.now())
    if not settings["backup.daily"] or handover.moved_at is not None:
        trouble = BackupTrouble.NONE
    return BackupStanding(str(folder), tuple(own), trouble, failure, handover)


def handover(ws: Workspace) -> Handover:
    """What is remembered of moves and restores; raises ``StoreUnusable``."""
    return load_handover(ws.directory)


def name_now(ws: Workspace) -> str:
    """The file name that a backup of this moment gets."""
    return compose_name(ws.now().astimezone())


@contextmanager
def _engine_ended(link: EngineLink) -> Iterator[None]:
    """A running engine ends after what is on the wire; it sends again where the rest fails."""
    ran = link.find(Shutdown(drain=True)) is not None
    try:
        yield
    except BaseException:
        if ran:
            with suppress(RelayError):  # what failed first is told
                link.call(Status())
        raise


def _make(
    ws: Workspace,
    kind: BackupKind,
    place: Path,
    passphrase: str,
    number: str,
    breathe: Breathe,
) -> Backup:
    now = ws.now()
    salt = os.urandom(SALT_BYTES) if passphrase else b""
    manifest = Manifest(number, kind, __version__, now, origin_of(ws.directory), {}, {}, {}, salt)
    secrets = gather_secrets(ws.directory, ws.library, ws.vault) if passphrase else b""
    return make_backup(
        ws.directory,
        place,
        manifest,
        secrets=secrets,
        passphrase=passphrase,
        breathe=breathe,
    )


def _place(ws: Workspace, target: Path | None, now: datetime) -> Path:
    folder = folder_of(ws.directory, load_settings(ws.library)) if target is None else target
    if target is None:
        prepare_folder(ws.directory, folder)
    elif not os.path.isdir(target):  # noqa: PTH112  (raises nothing where one may not look)
        _refuse_own_file(ws.directory, target)
        return target.absolute()
    return free_path(folder.absolute(), compose_name(now.astimezone()))


def _refuse_own_file(directory: Path, target: Path) -> None:
    """What a backup is made of is not written over by it; raises ``BadInput`` (``file_unwritable``)."""
    place = target.resolve()
    if place.is_relative_to(directory.resolve()) and place.suffix != SUFFIX and place.exists():
        raise BadInput(ErrorCode.FILE_UNWRITABLE, path=str(target), detail="")


def _mark_as_used(ws: Workspace) -> None:
    present = load_handover(ws.directory)
    path = Path(present.moved_with)
    with suppress(RelayError):
        if present.moved_with and look_at(path).manifest.id in present.known:
            write_receipt(path, Receipt(ws.now(), node()))


def _pause_all(directory: Path) -> None:
    with open_spool_for_engine(directory) as spool:
        pause_live(spool, PauseReason.MOVED)


def _began_at(ws: Workspace, found: Handover) -> datetime | None:
    """Since when there is something to lose."""
    moments = [draft.created_at for draft in load_drafts(ws.library) if draft.created_at is not None]
    return min(moments, default=found.restored_at)
