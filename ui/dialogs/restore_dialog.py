"""Restoring a backup in three steps: choose the file, read what happens, see what is left to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_relay.domain.backup import Backup, Receipt, Restored
from desktop_relay.domain.errors import RelayError

from ui import wording
from ui.context import Context
from ui.dialogs.file_choice import ask_for_files
from ui.dialogs.fitting_dialog import FittingDialog
from ui.dialogs.passphrase_field import PassphraseField
from ui.dialogs.sentences import join_sentences
from ui.widgets.labels import label
from ui.widgets.late_push_button import LatePushButton


class RestoreDialog(FittingDialog):
    """``chosen(path)`` asks for ``show_backup``, ``wanted(path, passphrase)`` for ``show_restored``.

    Either may be answered by ``show_error``.
    """

    chosen = Signal(object)
    wanted = Signal(object, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._backup: Backup | None = None
        self.setWindowTitle(self.tr("Restore a backup"))
        self.step = label("", "heading")
        self.told = label("", wrap=True)
        self.found = label("", "strong", wrap=True)
        self.passphrase = PassphraseField()
        self.choose = QPushButton(self.tr("&Choose the file…"))
        self.choose.clicked.connect(self._ask_which)
        for part in (self.step, self.told, self.found, self.choose, self.passphrase):
            self.content.addWidget(part)
        self.leave = QPushButton(self.tr("Cancel"))
        self.leave.clicked.connect(self.reject)
        self.go_on = LatePushButton(self.tr("&Next"))  # pressed twice, it must not restore at once
        self.go_on.setProperty("role", "primary")
        self.go_on.clicked.connect(self._next)
        self.foot.addStretch(1)
        self.foot.addWidget(self.leave)
        self.foot.addWidget(self.go_on)
        for button in (self.choose, self.leave):
            button.setAutoDefault(False)
        self._goes_on = False
        self._show_first()

    # -- the file

    def _show_first(self) -> None:
        self.step.setText(self.tr("Step 1 of 3: the file"))
        self.told.setText(self.tr("Choose a backup, or the file that was made on the old computer to move."))
        self.found.setVisible(self._backup is not None)
        self.choose.show()
        self.passphrase.setVisible(self._backup is not None and self._backup.manifest.is_encrypted)
        self.go_on.setText(self.tr("&Next"))
        self.go_on.setEnabled(self._backup is not None)
        self.fit_soon()

    def _ask_which(self) -> None:
        asked = ask_for_files(self, self.windowTitle(), [self.tr("Backup (*.drbackup)")])
        asked.fileSelected.connect(self.take)
        asked.open()

    def take(self, path: str) -> None:
        """A file was chosen; while it is looked at, and if it is of no use, there is none to restore."""
        self.notice.hide()
        self._backup = None
        self._show_first()
        self.chosen.emit(Path(path))

    def show_backup(self, backup: Backup, *, goes_on: bool) -> None:
        """What the chosen file is; ``goes_on`` when nothing was sent since."""
        self._backup, self._goes_on = backup, goes_on
        counts = backup.manifest.counts
        text = self.tr("{time}: {people} people in the address book, {campaigns} campaigns")
        self.found.setText(
            text.format(
                time=self._time(),
                people=wording.number(counts.get("contacts", 0)),
                campaigns=wording.number(counts.get("campaigns", 0)),
            )
        )
        self._show_first()
        if backup.receipt is not None:
            self.say(self._used(backup.receipt), "warn")
        (self.passphrase if backup.manifest.is_encrypted else self.go_on).setFocus()

    # -- what happens

    def _next(self) -> None:
        if self._backup is None:
            return
        if not self.choose.isHidden():
            self._show_second()
        else:
            self._begin(self._backup)

    def _show_second(self) -> None:
        self.step.setText(self.tr("Step 2 of 3: what happens"))
        kept = self.tr("The data that is here now is kept in a folder of its own; nothing is deleted.")
        if self._goes_on:
            then = self.tr(
                "Nothing was sent since the file was made, so sending goes on where it stopped. Restore this "
                "file on one computer only: restored on two, both would send and people would get the mail "
                "twice."
            )
        else:
            then = self.tr(
                "What was sent after {time} is not in the backup. So every campaign waits, paused, until you "
                "resume it: if the old computer went on sending, people would get the mail twice."
            ).format(time=self._time())
        self.told.setText(f"{then}\n\n{kept}")
        self.choose.hide()
        self.passphrase.hide()
        self.go_on.setText(self.tr("&Restore"))
        self.fit_soon()

    def _begin(self, backup: Backup) -> None:
        self.go_on.setEnabled(False)
        self.leave.setEnabled(False)
        self.say(self.tr("Sending stops, then the backup is looked through and restored…"), "info")
        self.wanted.emit(Path(backup.path), self.passphrase.text)

    def reject(self) -> None:
        """Not in the middle: Escape would leave without a word on how it went."""
        if self.leave.isEnabled():
            super().reject()

    # -- how it went

    def show_error(self, error: RelayError) -> None:
        """Nothing has changed."""
        self.leave.setEnabled(True)
        self._show_first()
        self.say(self._context.describe(error), "bad")

    def show_restored(self, restored: Restored) -> None:
        """What is left to do."""
        self.step.setText(self.tr("Step 3 of 3: done"))
        self.told.setText("\n\n".join(self._left_to_do(restored)))
        self.found.hide()
        self.go_on.hide()
        self.leave.setText(self.tr("Close"))
        self.leave.setEnabled(True)
        self.leave.setFocus()
        self.say(self.tr("The data of {time} is back.").format(time=self._time()), "good")

    def _left_to_do(self, restored: Restored) -> list[str]:
        told = []
        if restored.paused:
            text = self.tr("{number} campaigns are paused. Resume those of which you are sure.")
            told.append(text.format(number=wording.number(restored.paused)))
        if restored.unknown:
            text = self.tr("{number} mails were under way just then; whether they arrived is unknown.")
            told.append(text.format(number=wording.number(restored.unknown)))
        if restored.passwords:
            routes = ", ".join(name.partition(":")[2] or name for name in restored.passwords)
            told.append(self.tr("Enter the passwords of these routes again: {names}").format(names=routes))
        if restored.keys:
            names = ", ".join(restored.keys)
            told.append(self.tr("Make new signing keys for these senders: {names}").format(names=names))
        if restored.attachments:
            text = self.tr("These attachments are missing. Choose them again in the templates: {names}")
            told.append(text.format(names=", ".join(restored.attachments)))
        if restored.aside is not None:
            told.append(self.tr("The data of before is in {path}.").format(path=restored.aside))
        return told or [self.tr("There is nothing left for you to do.")]

    def _used(self, receipt: Receipt) -> str:
        """That a file for moving has done its work before."""
        then = self.tr("If mail is sent from there, do not resume any campaign here.")
        if receipt.at is None:
            used = self.tr("This file was restored before.")
        else:
            at = wording.day_and_time(receipt.at, self._context.workspace.now())
            used = self.tr("This file was used on the computer “{computer}” before: {time}.")
            used = used.format(computer=receipt.computer or "?", time=at)
        return join_sentences(self._context.language, used, then)

    def _time(self) -> str:
        if self._backup is None:
            return ""
        return wording.day_and_time(self._backup.manifest.made_at, self._context.workspace.now())
