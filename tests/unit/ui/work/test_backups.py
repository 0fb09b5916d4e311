"""The card of backups and its dialogs: made, moved, restored under an open window, in both languages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from platform import node
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import Resume
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.operations import backups, settings, templates
from desktop_relay.store.shelf import save_failure
from tests.window.sample import make_progress

from ui.backup_notice import BackupNotice
from ui.context import Context
from ui.dialogs.backup_dialog import BackupDialog
from ui.dialogs.restore_dialog import RestoreDialog
from ui.dialogs.resume_dialog import ResumeDialog
from ui.pages.monitor.page import Page as MonitorPage
from ui.pages.settings.backups import Backups

Settle = Callable[..., None]


@pytest.fixture
def card(context: Context, settle: Settle) -> Iterator[Backups]:
    made = Backups(context)
    made.show()
    made.refresh()
    settle()
    yield made
    made.hide()


def opened_restore(card: Backups, path: Path, settle: Settle) -> RestoreDialog:
    card.restore.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, RestoreDialog)
    dialog.take(str(path))
    settle()
    return dialog


def test_one_now(card: Backups, context: Context, settle: Settle) -> None:
    assert "none yet" in card.standing.text()
    card.now.click()
    settle()
    assert len(backups.standing(context.workspace).backups) == 1
    assert "The newest is of" in card.standing.text()
    assert card.notice.isHidden()


def test_restored_under_the_open_window(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    target = tmp_path / "shop.drbackup"
    backups.make(context.workspace, target, "ひみつ")
    settings.set_value(context.workspace, "backup.kept", "3")
    told: list[Changes] = []
    context.changed.changed.connect(told.append)
    dialog = opened_restore(card, target, settle)
    assert not dialog.passphrase.isHidden()
    dialog.go_on.click()
    assert "not in the backup" in dialog.told.text()
    dialog.go_on.click()
    settle()
    assert "Give its passphrase" in dialog.notice.text
    assert settings.get(context.workspace, "backup.kept") == 3, "nothing has changed"
    dialog.passphrase.edit.setText("ひみつ")
    dialog.go_on.click()
    dialog.go_on.click()
    settle()
    assert "before-restore" in dialog.told.text()
    assert dialog.go_on.isHidden()
    assert settings.get(context.workspace, "backup.kept") == 14, "it is the data of before"
    assert told[-1] == Changes(*(True,) * 8)
    dialog.leave.click()
    settle()
    assert card.dialogs.current is None


def test_a_second_click_on_next_restores_nothing(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    target = tmp_path / "shop.drbackup"
    backups.make(context.workspace, target)
    dialog = opened_restore(card, target, settle)
    wanted: list[object] = []
    dialog.wanted.connect(lambda *_: wanted.append(True))
    dialog.go_on._not_meant = 60_000  # however slow the machine is
    dialog.go_on.click()
    QTest.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)  # the second of a double click
    settle()
    assert "Step 2" in dialog.step.text()
    assert wanted == []
    dialog.reject()
    settle()


def test_a_second_file_that_is_none_leaves_nothing_to_restore(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    target = tmp_path / "shop.drbackup"
    backups.make(context.workspace, target)
    dialog = opened_restore(card, target, settle)
    assert dialog.go_on.isEnabled()
    (tmp_path / "letter.drbackup").write_text("no backup")
    dialog.take(str(tmp_path / "letter.drbackup"))
    settle()
    assert "damaged" in dialog.notice.text
    assert dialog.found.isHidden()
    assert not dialog.go_on.isEnabled()
    dialog.reject()
    settle()


@pytest.mark.parametrize("language", ["ja"])
def test_sentences_follow_each_other_as_in_japanese(context: Context) -> None:
    dialog = BackupDialog(context, "shop.drbackup", move=True)
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert not [text for text in texts if "。 " in text]
    dialog.save_to("/tmp/x.drbackup")
    assert "。" in dialog.notice.text
    assert "。 " not in dialog.notice.text
    dialog.deleteLater()


def test_the_keyboard_stays_on_back_up_now(card: Backups, settle: Settle) -> None:
    card.now.setFocus()
    card.now.click()
    settle()
    assert card.window().focusWidget() is card.now


def test_a_file_that_is_none(card: Backups, settle: Settle, tmp_path: Path) -> None:
    (tmp_path / "letter.drbackup").write_text("no backup")
    dialog = opened_restore(card, tmp_path / "letter.drbackup", settle)
    assert "damaged" in dialog.notice.text
    assert not dialog.go_on.isEnabled()
    dialog.reject()
    settle()


def test_moved_and_back(card: Backups, context: Context, settle: Settle, tmp_path: Path) -> None:
    card.moving.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, BackupDialog)
    dialog.save_to(str(tmp_path / "move.drbackup"))
    settle()
    assert "This computer sends nothing more" in dialog.notice.text
    assert (tmp_path / "move.drbackup").exists()
    assert not card.moving.isEnabled()
    assert "moved to another computer" in card.notice.text
    dialog.accept()
    notice = BackupNotice(context)
    notice.refresh()
    settle()
    assert "moved to another computer" in notice.text
    card.notice.acted.emit()
    settle()
    assert card.moving.isEnabled()
    assert backups.handover(context.workspace).moved_at is None
    notice.refresh()
    settle()
    assert notice.isHidden()


def attach(context: Context, *paths: Path) -> None:
    ws = context.workspace
    template = replace(templates.starters("ja")[3], name="ちらし", attachments=tuple(map(str, paths)))
    templates.save(ws, template)


def test_attachments_go_along_and_their_lack_is_told(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    flyer = tmp_path / "flyer.pdf"
    flyer.write_bytes(b"flyer")
    attach(context, flyer, tmp_path / "gone.pdf")
    card.to_file.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, BackupDialog)
    dialog.save_to(str(tmp_path / "shop.drbackup"))
    settle()
    assert "not in it" in dialog.notice.text
    assert "gone.pdf" in dialog.notice.text
    assert card.notice.isHidden()
    card.now.click()
    settle()
    assert "gone.pdf" in card.notice.text
    assert "flyer.pdf" not in dialog.notice.text
    dialog.accept()
    flyer.unlink()
    restoring = opened_restore(card, tmp_path / "shop.drbackup", settle)
    restoring.go_on.click()
    restoring.go_on.click()
    settle()
    assert "Choose them again in the templates: gone.pdf" in restoring.told.text()
    kept = Path(templates.load(context.workspace, "ちらし").attachments[0])
    assert (kept.name, kept.read_bytes()) == ("flyer.pdf", b"flyer")
    restoring.accept()


def test_a_file_for_moving_says_that_it_was_used(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    path = tmp_path / "move.drbackup"
    backups.make_to_move(context.workspace, path)
    dialog = opened_restore(card, path, settle)
    assert not dialog.notice.isVisible()
    dialog.reject()
    settle()
    backups.stay(context.workspace)
    dialog = opened_restore(card, path, settle)
    assert node() in dialog.notice.text
    assert "do not resume" in dialog.notice.text
    dialog.reject()
    settle()


def test_a_target_that_cannot_be_written(card: Backups, settle: Settle, tmp_path: Path) -> None:
    card.to_file.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, BackupDialog)
    dialog.save_to(str(tmp_path / "no such folder" / "file.drbackup"))
    settle()
    assert "Is the drive connected?" in dialog.notice.text
    assert dialog.choose.isEnabled()
    dialog.reject()
    settle()


def test_home_tells_of_trouble(context: Context, settle: Settle) -> None:
    ws = context.workspace
    notice = BackupNotice(context)
    error = StoreUnusable(ErrorCode.BACKUP_FOLDER, path="E:/")
    save_failure(ws.directory, error, ws.now())
    notice.refresh()
    settle()
    assert "E:/" in notice.text
    backups.make(ws)
    notice.refresh()
    settle()
    assert notice.isHidden()
    ws.now = lambda: backups.system_now() + timedelta(days=4)
    notice.refresh()
    settle()
    assert "three days" in notice.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_question_before_resuming(context: Context) -> None:
    campaign = make_progress().campaigns[0]
    paused = replace(campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.RESTORED)
    dialog = ResumeDialog(context, paused)
    agreed: list[bool] = []
    dialog.accepted.connect(lambda: agreed.append(True))
    assert campaign.name in dialog.windowTitle()
    dialog.leave.click()
    assert agreed == []
    dialog.resume.click()
    assert agreed == [True]


def test_the_monitor_asks_before_it_resumes(context: Context, settle: Settle) -> None:
    campaign = make_progress().campaigns[0]
    page = MonitorPage(context)
    page._campaign = campaign.campaign
    page._shown = replace(campaign, state=CampaignState.PAUSED, pause_reason=PauseReason.RESTORED)
    page._resume()
    assert isinstance(page._doubt, ResumeDialog)
    page._doubt.leave.click()
    settle()
    commands = context.workspace.engine.commands  # type: ignore[attr-defined]
    assert Resume(campaign.campaign) not in commands
    page._resume()
    page._doubt.resume.click()
    settle()
    assert Resume(campaign.campaign) in commands


def test_a_file_that_is_still_being_looked_at_can_be_left(
    card: Backups,
    context: Context,
    settle: Settle,
    tmp_path: Path,
    qtbot: QtBot,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "shop.drbackup"
    backups.make(context.workspace, target)
    left, at_once = asyncio.Event(), context.tasks.in_worker

    async def later(*what: Any) -> Any:
        await left.wait()
        return await at_once(*what)

    monkeypatch.setattr(context.tasks, "in_worker", later)
    card.restore.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, RestoreDialog)
    dialog.take(str(target))
    loop.run_until_complete(asyncio.sleep(0))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    assert card.dialogs.current is None
    left.set()
    settle()  # the fixture fails when anybody speaks to what is gone


def test_nobody_leaves_in_the_middle_of_a_restore(
    card: Backups, context: Context, settle: Settle, tmp_path: Path
) -> None:
    target = tmp_path / "shop.drbackup"
    backups.make(context.workspace, target)
    told: list[Changes] = []
    context.changed.changed.connect(told.append)
    dialog = opened_restore(card, target, settle)
    dialog.go_on.click()
    dialog.go_on.click()
    dialog.reject()  # as Escape does
    assert dialog.isVisible()
    settle()
    assert told
    assert "is back" in dialog.notice.text
    dialog.reject()
    assert card.dialogs.current is None


def test_nobody_leaves_in_the_middle_of_a_backup(card: Backups, settle: Settle, tmp_path: Path) -> None:
    card.to_file.click()
    dialog = card.dialogs.current
    assert isinstance(dialog, BackupDialog)
    dialog.save_to(str(tmp_path / "shop.drbackup"))
    dialog.reject()
    assert dialog.isVisible()
    settle()
    assert "ready" in dialog.notice.text
    dialog.reject()
    assert card.dialogs.current is None
