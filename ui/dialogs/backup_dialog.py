"""A backup file of one's own: to keep it elsewhere, or to move to another computer in three steps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_relay.domain.backup import Backup
from desktop_relay.domain.errors import RelayError

from ui import wording
from ui.context import Context
from ui.dialogs.file_choice import ask_for_target
from ui.dialogs.fitting_dialog import FittingDialog
from ui.dialogs.passphrase_field import PassphraseField
from ui.dialogs.sentences import join_sentences
from ui.widgets.labels import label


class BackupDialog(FittingDialog):
    """``wanted(path, passphrase)`` once both are known; ``name`` is the file name offered."""

    wanted = Signal(object, str)

    def __init__(self, context: Context, name: str, *, move: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._name = name
        self._move = move
        self.setWindowTitle(self.tr("Move to another computer") if move else self.tr("Back up to a file"))
        for text in self._steps() if move else ():
            self.content.addWidget(label(text, wrap=True))
        why = self.tr(
            "With a passphrase the whole file is encrypted, and passwords and signing keys are in it. "
            "Without one they are left out, and anybody who finds the file can read your address book. "
            "Nobody can recover a passphrase that is forgotten."
        )
        goes_along = self.tr("The files attached to your templates go along.")
        self.content.addWidget(
            label(join_sentences(context.language, why, goes_along), "secondary", wrap=True)
        )
        self.passphrase = PassphraseField()
        self.content.addWidget(self.passphrase)
        self.choose = QPushButton(self.tr("Choose where to &save it…"))
        self.choose.setProperty("role", "primary")
        self.choose.clicked.connect(self._ask_where)
        self.leave = QPushButton(self.tr("Cancel"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        self.foot.addStretch(1)
        self.foot.addWidget(self.leave)
        self.foot.addWidget(self.choose)

    def _steps(self) -> tuple[str, ...]:
        return (
            self.tr("1. Make the file here. From then on this computer sends nothing more."),
            self.tr("2. Carry the file to the new computer, for example on a USB stick."),
            self.tr("3. There, choose Settings, Backups, Restore. Sending goes on where it stopped."),
        )

    def _ask_where(self) -> None:
        filters = [self.tr("Backup (*.drbackup)")]
        asked = ask_for_target(self, self.windowTitle(), filters, "drbackup")
        asked.selectFile(self._name)
        asked.fileSelected.connect(self.save_to)
        asked.open()

    def save_to(self, path: str) -> None:
        """Begin."""
        self.choose.setEnabled(False)
        self.leave.setEnabled(False)
        self.passphrase.setEnabled(False)
        told = self.tr("The file is being made and looked through…")
        stop = self.tr("Sending stops first; that takes up to half a minute.")
        self.say(join_sentences(self._context.language, stop, told) if self._move else told, "info")
        self.wanted.emit(Path(path), self.passphrase.text)

    def reject(self) -> None:
        """Not in the middle: Escape would leave without a word on how it went."""
        if self.leave.isEnabled():
            super().reject()

    def show_error(self, error: RelayError) -> None:
        """It could not be made; everything is as it was."""
        self.choose.setEnabled(True)
        self.leave.setEnabled(True)
        self.passphrase.setEnabled(True)
        self.say(self._context.describe(error), "bad")

    def show_made(self, backup: Backup) -> None:
        """It is there."""
        made = self.tr("The file is ready: {path}").format(path=backup.path)
        then = self.tr("Carry it to the new computer and restore it there. This computer sends nothing more.")
        told = [made, then] if self._move else [made]
        if backup.left_out:
            told.append(wording.left_out(backup.left_out))
        self.say("\n".join(told), "warn" if backup.left_out else "good")
        self.choose.hide()
        self.leave.setText(self.tr("Close"))
        self.leave.setEnabled(True)
        self.leave.setFocus()
