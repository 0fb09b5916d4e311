from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop_relay.domain.backup_folder import FolderStanding
from desktop_relay.store.backup_folder import look_at_folder
from desktop_relay.store.shelf import usual_folder

OTHER_DISK = Path("/dev/shm")  # in memory, so never the disk that a test works on


@pytest.mark.parametrize("made", [False, True])
def test_the_usual_one_is_made_when_it_is_wanted(tmp_path: Path, made: bool) -> None:
    folder = usual_folder(tmp_path)
    if made:
        folder.mkdir()
    found = look_at_folder(tmp_path, folder)
    assert found.is_usual
    assert found.standing is FolderStanding.SAME_DISK
    assert found.standing.is_usable


def test_a_drive_that_is_not_there(tmp_path: Path) -> None:
    found = look_at_folder(tmp_path, tmp_path / "usb" / "backups")
    assert found.standing is FolderStanding.MISSING
    assert not found.standing.is_usable
    assert not found.is_usual


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    usual_folder(tmp_path).write_text("")
    assert look_at_folder(tmp_path, usual_folder(tmp_path)).standing is FolderStanding.MISSING


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_what_no_folder_can_be_called(tmp_path: Path, name: str) -> None:
    assert look_at_folder(tmp_path, tmp_path / name).standing is FolderStanding.MISSING


@pytest.mark.skipif(not OTHER_DISK.is_dir(), reason="no second disk here")
def test_another_disk(tmp_path: Path) -> None:
    assert look_at_folder(tmp_path, OTHER_DISK).standing is FolderStanding.GOOD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may write everywhere")
def test_one_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "disc"
    folder.mkdir(0o500)
    assert look_at_folder(tmp_path, folder).standing is FolderStanding.READ_ONLY
