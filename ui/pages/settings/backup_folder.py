"""Where the daily backups go: chosen here, with a sentence on what is wrong with the place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.backup_folder import BackupFolder, FolderStanding
from desktop_relay.domain.errors import RelayError
from desktop_relay.operations import backup_folder

from ui.context import Context
from ui.dialogs.file_choice import ask_for_folder
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import Notice

_AGAIN_MILLISECONDS = 5000
"""A drive that is being connected is seen without a click."""


class FolderChoice(QWidget):
    """Reads and works by itself; ``chosen`` once another folder is in force, ``came`` or went a drive."""

    chosen = Signal()
    came = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.shown: BackupFolder | None = None
        self.has_backups = False
        self.dialog: QFileDialog | None = None
        self.path = ElidedLabel("", "strong")
        self.choose = QPushButton(self.tr("Choose a fol&der…"))
        self.usual = QPushButton(self.tr("Sta&ndard folder"))
        self.choose.clicked.connect(self._open)
        self.usual.clicked.connect(self._take_usual)
        self.sentence = label("", "secondary", wrap=True)
        self.notice = Notice("", "warn", closable=False)
        self.left = label("", "secondary", wrap=True)
        for hidden in (self.notice, self.left):
            hidden.hide()
        row = QHBoxLayout()
        row.addWidget(label(self.tr("Daily backups are kept in"), "secondary"))
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        row.addWidget(self.usual)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        for told in (self.sentence, self.notice, self.left):
            column.addWidget(told)
        self._again = QTimer(self, interval=_AGAIN_MILLISECONDS, singleShot=True)
        self._again.timeout.connect(self._look_again)

    async def read(self) -> BackupFolder:
        """Look at it now."""
        found = await self._context.tasks.in_worker(backup_folder.standing, self._context.workspace)
        self._show(found)
        return found

    def _show(self, found: BackupFolder) -> None:
        before, self.shown = self.shown, found
        if self.isVisible():
            self._again.start()
        if found == before:
            return
        self.path.setText(found.path)
        self.path.setAccessibleName(self.tr("Daily backups are kept in {folder}").format(folder=found.path))
        if found.is_usual and self.usual.hasFocus():
            self.choose.setFocus()  # what is disabled would hand it on to anything
        self.usual.setEnabled(not found.is_usual)
        words = self._describe(found)
        is_calm = found.is_usual or found.standing is FolderStanding.GOOD
        self.sentence.setText(words)
        self.sentence.setVisible(is_calm)
        if is_calm:
            self.notice.hide()
        else:
            self.notice.show_text(words, "warn" if found.standing.is_usable else "bad", "")

    def _describe(self, found: BackupFolder) -> str:
        match found.standing:
            case FolderStanding.GOOD:
                return self.tr(
                    "It is on another disk than the data, as it should be. While that disk is not connected, "
                    "no backup is made, and you are told here and on Home."
                )
            case FolderStanding.MISSING:
                return self.tr(
                    "This folder cannot be reached now. If it is on a USB disk, connect the disk; if it is "
                    "on the network, see whether the other device is on. Until then no backup is made; it is "
                    "tried again every hour. Mail goes on."
                )
            case FolderStanding.READ_ONLY:
                return self.tr(
                    "Nothing can be written into this folder. Allow it there, or choose another folder. "
                    "Until then no backup is made; it is tried again every hour. Mail goes on."
                )
        if found.is_usual:
            return self.tr(
                "This is on the same disk as the data: should the disk fail, the backups are lost with it. "
                "Better choose a folder on another disk, such as a USB disk."
            )
        return self.tr(
            "This folder is on the same disk as the data: should the disk fail, both are lost. If a USB disk "
            "belongs there, it is not connected now; connect it, or choose a folder on it."
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Look now and then while somebody sees it."""
        super().showEvent(event)
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """No longer."""
        super().hideEvent(event)
        self._again.stop()

    def _look_again(self) -> None:
        self._context.tasks.start(self._looked_again())  # where a network hangs, the next look waits

    async def _looked_again(self) -> None:
        before = self.shown
        if await self.read() != before:
            self.came.emit()

    # -- another one

    def _open(self) -> None:
        title = self.tr("Where shall the backups go?")
        self.dialog = ask_for_folder(self.window(), title, self._place_to_begin())
        self.dialog.fileSelected.connect(self.take)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _place_to_begin(self) -> str:
        """What is there, without waiting for a network; the usual folder may not have been made yet."""
        if self.shown is None or self.shown.standing is FolderStanding.MISSING:
            return str(Path.home())
        return str(Path(self.shown.path).parent) if self.shown.is_usual else self.shown.path

    def _forget(self, _result: int) -> None:
        self.dialog = None

    def take(self, path: str) -> None:
        """Keep the backups there from now on."""
        self._context.tasks.start(self._taken(Path(path)))

    def _take_usual(self) -> None:
        self._context.tasks.start(self._taken(None))

    async def _taken(self, folder: Path | None) -> None:
        before = self.shown
        try:
            found, changes = await self._context.tasks.in_worker(
                backup_folder.choose, self._context.workspace, folder
            )
        except RelayError as error:
            self.notice.show_text(self._context.describe(error), "bad", "")
            return
        if before is not None and found.path != before.path:
            told = self.tr("Backups made so far stay in {folder}.")
            self.left.setText(told.format(folder=before.path))
            self.left.setVisible(self.has_backups or before.standing is FolderStanding.MISSING)
        self._show(found)
        self._context.publish(changes)
        self.chosen.emit()
