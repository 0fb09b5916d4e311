"""The card of backups: how they stand, one now, moving to another computer, restoring."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QWidget

from desktop_relay.domain.backup import BackupStanding, BackupTrouble
from desktop_relay.domain.errors import RelayError
from desktop_relay.operations import backups

from ui import wording
from ui.context import Context
from ui.dialogs.backup_dialog import BackupDialog
from ui.dialogs.restore_dialog import RestoreDialog
from ui.widgets.card import Card
from ui.widgets.labels import label
from ui.widgets.notice import Notice


class Backups(Card):
    """Reads and works by itself; ``refresh`` looks again."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Backups"), parent)
        self.setProperty("panel", "true")
        self._context = context
        self.dialog: BackupDialog | RestoreDialog | None = None
        self.standing = label("", "secondary", wrap=True)
        self.notice = Notice("", "warn", closable=False)
        self.notice.hide()
        self.notice.acted.connect(self._stay)
        self.now = QPushButton(self.tr("&Back up now"))
        self.to_file = QPushButton(self.tr("Back up to a f&ile…"))
        self.moving = QPushButton(self.tr("&Move to another computer…"))
        self.restore = QPushButton(self.tr("Res&tore…"))
        self.now.clicked.connect(self._make_now)
        self.to_file.clicked.connect(self._open_backup)
        self.moving.clicked.connect(self._open_move)
        self.restore.clicked.connect(self._open_restore)
        row = QHBoxLayout()
        for button in (self.now, self.to_file, self.moving, self.restore):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self.standing)
        self.body.addWidget(self.notice)
        self.body.addLayout(row)

    def refresh(self) -> None:
        """Look again."""
        self._context.tasks.start(self._read())

    async def _read(self) -> None:
        standing = await self._context.tasks.in_worker(backups.standing, self._context.workspace)
        self._show(standing)

    def _show(self, standing: BackupStanding) -> None:
        now = self._context.workspace.now()
        if standing.backups:
            at = wording.day_and_time(standing.backups[0].manifest.made_at, now)
            text = self.tr("The newest is of {time}. {number} are kept in {folder}.")
        else:
            at, text = "", self.tr("There is none yet. One is made each day by itself, in {folder}.")
        number = wording.number(len(standing.backups))
        self.standing.setText(text.format(time=at, number=number, folder=standing.folder))
        is_moved = standing.handover.moved_at is not None
        self.moving.setEnabled(not is_moved)
        if is_moved:
            told = self.tr("This data was moved to another computer, so nothing is sent from here.")
            self.notice.show_text(told, "warn", self.tr("Go on here after all"))
        elif standing.trouble is BackupTrouble.OLD:
            told = self.tr("There has been no backup for more than three days.")
            self.notice.show_text(told, "warn", "")
        elif standing.trouble is BackupTrouble.FAILED and standing.failure is not None:
            why = self._context.phrase("errors", standing.failure.code, **standing.failure.params)
            self.notice.show_text(self.tr("The last backup failed. {why}").format(why=why), "warn", "")
        else:
            self.notice.hide()

    # -- now

    def _make_now(self) -> None:
        self._context.tasks.start(self._made_now())

    async def _made_now(self) -> None:
        self.now.setEnabled(False)
        self.standing.setText(self.tr("A backup is being made and looked through…"))
        error: RelayError | None = None
        try:
            await self._context.tasks.in_worker(backups.make, self._context.workspace)
        except RelayError as failed:
            error = failed
        finally:
            self.now.setEnabled(True)
        await self._read()
        if error is not None:
            self.notice.show_text(self._context.describe(error), "bad", "")

    def _stay(self) -> None:
        self._context.tasks.start(self._stayed())

    async def _stayed(self) -> None:
        try:
            changes = await self._context.tasks.in_worker(backups.stay, self._context.workspace)
        except RelayError as error:
            self.notice.show_text(self._context.describe(error), "bad", "")
            return
        self._context.publish(changes)
        await self._read()

    # -- dialogs

    def _open(self, dialog: BackupDialog | RestoreDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self, _result: int) -> None:
        dialog: QDialog | None = self.dialog
        self.dialog = None
        if dialog is not None:
            dialog.deleteLater()

    def _open_backup(self) -> None:
        self._open_making(move=False)

    def _open_move(self) -> None:
        self._open_making(move=True)

    def _open_making(self, *, move: bool) -> None:
        name = backups.name_now(self._context.workspace)
        dialog = BackupDialog(self._context, name, move=move, parent=self.window())
        dialog.wanted.connect(self._make_to_move if move else self._make_file)
        self._open(dialog)

    def _make_file(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._made_file(path, passphrase, move=False))

    def _make_to_move(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._made_file(path, passphrase, move=True))

    async def _made_file(self, path: Path, passphrase: str, *, move: bool) -> None:
        worker, ws = self._context.tasks.in_worker, self._context.workspace
        dialog = self.dialog
        if not isinstance(dialog, BackupDialog):
            return
        try:
            if move:
                backup, changes = await worker(backups.make_to_move, ws, path, passphrase)
                self._context.publish(changes)
            else:
                backup = await worker(backups.make, ws, path, passphrase)
        except RelayError as error:
            dialog.show_error(error)
        else:
            dialog.show_made(backup)
        await self._read()

    def _open_restore(self) -> None:
        dialog = RestoreDialog(self._context, self.window())
        dialog.chosen.connect(self._look_at)
        dialog.wanted.connect(self._restore)
        self._open(dialog)

    def _look_at(self, path: Path) -> None:
        self._context.tasks.start(self._looked_at(path))

    async def _looked_at(self, path: Path) -> None:
        worker = self._context.tasks.in_worker
        dialog = self.dialog
        if not isinstance(dialog, RestoreDialog):
            return
        try:
            backup = await worker(backups.look_at, path)
            goes_on = await worker(backups.will_go_on, self._context.workspace.directory, backup)
        except RelayError as error:
            dialog.show_error(error)
        else:
            dialog.show_backup(backup, goes_on=goes_on)

    def _restore(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._restored(path, passphrase))

    async def _restored(self, path: Path, passphrase: str) -> None:
        dialog = self.dialog
        if not isinstance(dialog, RestoreDialog):
            return
        try:
            restored, changes = await self._context.tasks.in_worker(
                backups.restore_here, self._context.workspace, path, passphrase
            )
        except RelayError as error:
            dialog.show_error(error)
            return
        dialog.show_restored(restored)
        self._context.publish(changes)
        self._context.engine.ensure_started()
        await self._read()
