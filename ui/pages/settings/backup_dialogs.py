"""The dialogs of the backups: into a file, to another computer, and back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.operations import backups

from ui.context import Context
from ui.dialogs.backup_dialog import BackupDialog
from ui.dialogs.restore_dialog import RestoreDialog


class BackupDialogs(QObject):
    """Opens them and does what they are there for; ``done`` when that was tried."""

    done = Signal()

    def __init__(self, context: Context, card: QWidget) -> None:
        super().__init__(card)
        self._context = context
        self._card = card
        self.current: BackupDialog | RestoreDialog | None = None

    def _open(self, dialog: BackupDialog | RestoreDialog) -> None:
        self.current = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self, _result: int) -> None:
        dialog: QDialog | None = self.current
        self.current = None
        if dialog is not None:
            dialog.deleteLater()

    def open_backup(self) -> None:
        """Into a file that a person names."""
        self._open_making(move=False)

    def open_move(self) -> None:
        """Into a file to go on with elsewhere."""
        self._open_making(move=True)

    def _open_making(self, *, move: bool) -> None:
        name = backups.name_now(self._context.workspace)
        dialog = BackupDialog(self._context, name, move=move, parent=self._card.window())
        dialog.wanted.connect(self._make_to_move if move else self._make_file)
        self._open(dialog)

    def _make_file(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._made_file(path, passphrase, move=False))

    def _make_to_move(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._made_file(path, passphrase, move=True))

    async def _made_file(self, path: Path, passphrase: str, *, move: bool) -> None:
        worker, ws = self._context.tasks.in_worker, self._context.workspace
        dialog = self.current
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
        self.done.emit()

    def open_restore(self) -> None:
        """From a file."""
        dialog = RestoreDialog(self._context, self._card.window())
        dialog.chosen.connect(self._look_at)
        dialog.wanted.connect(self._restore)
        self._open(dialog)

    def _look_at(self, path: Path) -> None:
        self._context.tasks.start(self._looked_at(path))

    async def _looked_at(self, path: Path) -> None:
        worker = self._context.tasks.in_worker
        dialog = self.current
        if not isinstance(dialog, RestoreDialog):
            return
        try:
            backup = await worker(backups.look_at, path)
            goes_on = await worker(backups.will_go_on, self._context.workspace.directory, backup)
        except RelayError as error:
            if dialog is self.current:
                dialog.show_error(error)
        else:
            if dialog is self.current:  # nobody may speak to a dialog that is gone
                dialog.show_backup(backup, goes_on=goes_on)

    def _restore(self, path: Path, passphrase: str) -> None:
        self._context.tasks.start(self._restored(path, passphrase))

    async def _restored(self, path: Path, passphrase: str) -> None:
        dialog = self.current
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
        self.done.emit()
