"""Backups as operations: what fails leaves everything as it was, the mail under way too."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from platform import node

import pytest

from desktop_relay.domain.backup import BackupKind, Manifest
from desktop_relay.domain.command import Shutdown, Status
from desktop_relay.domain.errors import BadInput, ErrorCode, RelayError, StoreUnusable
from desktop_relay.domain.progress import Progress
from desktop_relay.operations import backups
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.backup import make_backup
from desktop_relay.store.handover import load_handover
from desktop_relay.store.private_files import write_private
from tests.fakes.engine_link import NOW, FakeEngineLink

posix_only = pytest.mark.skipif(os.name != "posix", reason="elsewhere links need rights")
RUNNING = Progress(pid=1, version="1", uptime=0.0, memory=0, generation=0)


def test_a_restore_that_fails_lets_the_engine_send_again(
    ws: Workspace, engine: FakeEngineLink, tmp_path: Path
) -> None:
    file = tmp_path / "sealed.drbackup"
    backups.make(ws, file, "secret")
    engine.running = RUNNING
    with pytest.raises(BadInput) as caught:
        backups.restore_here(ws, file, "another")
    assert caught.value.code is ErrorCode.PASSPHRASE_WRONG
    assert engine.commands == [Shutdown(), Status()]
    assert ws.library.number("SELECT count(*) FROM drafts") == 0


def test_a_move_that_fails_lets_the_engine_send_again(
    ws: Workspace, engine: FakeEngineLink, tmp_path: Path
) -> None:
    engine.running = RUNNING
    with pytest.raises(StoreUnusable):
        backups.make_to_move(ws, tmp_path / "no folder" / "move.drbackup")
    assert load_handover(ws.directory).moved_at is None
    assert engine.commands == [Shutdown(), Status()]


def test_no_engine_is_started_where_none_ran(ws: Workspace, engine: FakeEngineLink, tmp_path: Path) -> None:
    with pytest.raises(RelayError):
        backups.make_to_move(ws, tmp_path / "no folder" / "move.drbackup")
    assert engine.commands == [Shutdown()]


@posix_only
@pytest.mark.parametrize("name", ["library.db", "keys/master.key"])
def test_its_own_files_are_not_written_over(ws: Workspace, engine: FakeEngineLink, name: str) -> None:
    place = ws.directory / name
    if not place.exists():
        write_private(place, b"a key")
    before = place.read_bytes()
    link = ws.directory.parent / "link"
    link.symlink_to(place)
    for target in (place, link):
        for make in (backups.make, backups.make_to_move):
            with pytest.raises(BadInput) as caught:
                make(ws, target)
            assert caught.value.code is ErrorCode.FILE_UNWRITABLE
    assert place.read_bytes() == before
    assert engine.commands == [], "nothing stops for a name that cannot be"


@posix_only
def test_backups_of_before_links_were_followed_are_its_own(ws: Workspace, engine: FakeEngineLink) -> None:
    link = ws.directory.parent / "link"
    link.symlink_to(ws.directory)
    former = hashlib.sha256(f"{node()}\0{link}".encode()).hexdigest()[:16]
    manifest = Manifest("1", BackupKind.DAILY, "1", NOW, former, {}, {}, {})
    folder = ws.directory / "backups"
    folder.mkdir()
    make_backup(link, folder / "1.drbackup", manifest, secrets=b"", passphrase="", breathe=lambda: None)
    with Workspace(link, engine, now=lambda: NOW) as linked:
        assert [backup.manifest.origin for backup in backups.standing(linked).backups] == [former]
    assert not backups.standing(ws).backups, "by another name it is known by its new origin only"


def test_a_place_where_no_data_can_be_is_told(ws: Workspace, tmp_path: Path) -> None:
    file = Path(backups.make(ws, tmp_path / "a.drbackup").path)
    with pytest.raises(StoreUnusable) as caught:
        backups.verify(file, file / "data")
    assert caught.value.code is ErrorCode.DATA_READ_ONLY


def test_an_earlier_backup_is_replaced(ws: Workspace) -> None:
    file = ws.directory / "mine.drbackup"
    first = backups.make(ws, file)
    assert backups.make(ws, file).manifest.id != first.manifest.id


@posix_only
def test_the_data_is_the_same_over_a_link(ws: Workspace, tmp_path: Path) -> None:
    backups.make(ws)
    (tmp_path / "link").symlink_to(ws.directory)
    with Workspace(tmp_path / "link", FakeEngineLink(tmp_path / "link"), now=ws.now) as other:
        assert len(backups.standing(other).backups) == 1
