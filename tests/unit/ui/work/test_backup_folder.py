"""Where the daily backups go: chosen in the settings, with a sentence on what is wrong with the place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_relay.operations import backup_folder, backups, settings

from ui.context import Context
from ui.pages.settings.backups import Backups
from ui.pages.settings.page import Page

Settle = Callable[..., None]
OTHER_DISK = Path("/dev/shm")  # in memory, so never the disk that a test works on


@pytest.fixture
def card(context: Context, settle: Settle) -> Iterator[Backups]:
    made = Backups(context)
    made.show()
    made.refresh()
    settle()
    yield made
    made.hide()


def take(card: Backups, folder: Path, settle: Settle) -> None:
    card.folder.take(str(folder))
    settle()
    settle()


def test_the_usual_one_is_on_the_disk_of_the_data(card: Backups, context: Context) -> None:
    assert card.folder.path.text() == str(context.workspace.directory / "backups")
    assert "same disk" in card.folder.sentence.text()
    assert card.folder.sentence.isVisibleTo(card)
    assert card.folder.notice.isHidden(), "advice, no alarm"
    assert not card.folder.usual.isEnabled()


def test_another_one_is_proved_by_a_backup_at_once_and_given_up_again(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    ws = context.workspace
    backups.make(ws)
    card.refresh()
    settle()
    other = tmp_path / "外付け"
    other.mkdir()
    take(card, other, settle)
    assert settings.get(ws, "backup.folder") == str(other)
    assert len(list(other.glob("*.drbackup"))) == 1
    assert card.folder.path.text() == str(other)
    assert "not connected now" in card.folder.notice.text, "it is on the disk of the data"
    assert card.folder.left.text() == f"Backups made so far stay in {ws.directory / 'backups'}."
    assert card.folder.left.isVisibleTo(card)
    assert card.notice.isHidden()
    card.folder.usual.setFocus()
    card.folder.usual.click()
    settle()
    assert card.focusWidget() is card.folder.choose
    assert settings.get(ws, "backup.folder") == ""
    assert not card.folder.usual.isEnabled()
    assert len(list((ws.directory / "backups").glob("*.drbackup"))) == 1, "there was one"


def test_no_backup_is_made_where_none_are_wanted(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    settings.set_value(context.workspace, "backup.daily", "off")
    take(card, tmp_path, settle)
    assert list(tmp_path.glob("*.drbackup")) == []


def test_the_usual_one_chosen_by_hand_is_the_usual_one(
    card: Backups, context: Context, settle: Settle
) -> None:
    ws = context.workspace
    (ws.directory / "backups").mkdir()
    take(card, ws.directory / "backups", settle)
    assert settings.get(ws, "backup.folder") == ""


@pytest.mark.parametrize(
    ("language", "words"), [("en", "cannot be reached now"), ("ja", "いまはこのフォルダーを開けません")]
)
def test_a_drive_that_is_gone_is_told_and_seen_again(
    card: Backups, context: Context, settle: Settle, tmp_path: Path, words: str
) -> None:
    drive = tmp_path / "usb"
    settings.set_value(context.workspace, "backup.folder", str(drive))
    card.refresh()
    settle()
    assert words in card.folder.notice.text
    assert card.folder.notice.property("tone") == "bad"
    told = card.standing.text()
    drive.mkdir()
    card.folder._look_again()
    settle()
    settle()
    assert words not in card.folder.notice.text
    assert card.standing.text() != told


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may write everywhere")
def test_one_that_cannot_be_written(card: Backups, settle: Settle, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    take(card, tmp_path, settle)
    tmp_path.chmod(0o700)
    assert "Nothing can be written" in card.folder.notice.text


@pytest.mark.skipif(not OTHER_DISK.is_dir(), reason="no second disk here")
def test_another_disk_is_as_it_should_be(card: Backups, context: Context, settle: Settle) -> None:
    settings.set_value(context.workspace, "backup.folder", str(OTHER_DISK))
    card.refresh()
    settle()
    assert "another disk than the data" in card.folder.sentence.text()
    assert card.folder.notice.isHidden()


def test_a_file_where_the_folder_was(card: Backups, context: Context, settle: Settle, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    take(card, tmp_path / "file", settle)
    assert "cannot be reached" in card.folder.notice.text
    card.now.click()
    settle()
    assert "Is the drive connected?" in card.notice.text


def test_a_long_path_can_be_read(card: Backups, settle: Settle, tmp_path: Path) -> None:
    folder = tmp_path / ("長い名前のフォルダー" * 8)
    folder.mkdir()
    card.resize(700, 400)
    take(card, folder, settle)
    assert card.folder.path.toolTip() == str(folder)


def test_the_dialog_begins_at_the_folder_in_force(
    context: Context, settle: Settle, show: Callable[[QWidget], QWidget], tmp_path: Path
) -> None:
    page = Page(context)
    show(page)
    settings.set_value(context.workspace, "backup.folder", str(tmp_path))
    page.backups.refresh()
    settle()
    choice = page.backups.folder
    choice.choose.click()
    dialog = choice.dialog
    assert dialog is not None
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.reject()
    settle()
    assert choice.dialog is None
    assert backup_folder.standing(context.workspace).path == str(tmp_path), "nothing has changed"
