"""The card of backups: how they stand, one now, moving to another computer, restoring."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_relay.domain.backup import BackupStanding, BackupTrouble
from desktop_relay.domain.backup_folder import BackupFolder, FolderStanding
from desktop_relay.domain.errors import RelayError
from desktop_relay.operations import backups, settings

from ui import wording
from ui.colours import Tone
from ui.context import Context
from ui.pages.settings.backup_dialogs import BackupDialogs
from ui.pages.settings.backup_folder import FolderChoice
from ui.widgets.card import Card, hairline
from ui.widgets.labels import label
from ui.widgets.notice import Notice


class Backups(Card):
    """Reads and works by itself; ``refresh`` looks again."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Backups"), parent)
        self.setProperty("panel", "true")
        self._context = context
        self.dialogs = BackupDialogs(context, self)
        self.dialogs.done.connect(self.refresh)
        self.standing = label("", "secondary", wrap=True)
        self.folder = FolderChoice(context)
        self.folder.chosen.connect(self._go_to_folder)
        self.folder.came.connect(self.refresh)
        self.notice = Notice("", "warn", closable=False)
        self.notice.hide()
        self.notice.acted.connect(self._stay)
        self.now = QPushButton(self.tr("&Back up now"))
        self.to_file = QPushButton(self.tr("Back up to a f&ile…"))
        self.moving = QPushButton(self.tr("&Move to another computer…"))
        self.restore = QPushButton(self.tr("Res&tore…"))
        self.now.clicked.connect(self._make_now)
        self.to_file.clicked.connect(self.dialogs.open_backup)
        self.moving.clicked.connect(self.dialogs.open_move)
        self.restore.clicked.connect(self.dialogs.open_restore)
        row = QHBoxLayout()
        for button in (self.now, self.to_file, self.moving, self.restore):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self.standing)
        self.body.addWidget(self.notice)
        self.body.addLayout(row)
        self.body.addWidget(hairline())
        self.body.addWidget(self.folder)

    def refresh(self) -> None:
        """Look again."""
        self._context.tasks.start(self._read())

    async def _read(self) -> None:
        standing = await self._context.tasks.in_worker(backups.standing, self._context.workspace)
        folder = await self.folder.read()
        self.folder.has_backups = bool(standing.backups)
        if self.now.isEnabled():
            self.standing.setText(self._describe(standing, folder))
        self._show(standing)

    def _describe(self, standing: BackupStanding, folder: BackupFolder) -> str:
        if folder.standing is FolderStanding.MISSING:
            return self.tr("The backups cannot be seen, because their folder cannot be reached.")
        if not standing.backups:
            return self.tr("There is none yet. One is made each day by itself.")
        at = wording.day_and_time(standing.backups[0].manifest.made_at, self._context.workspace.now())
        number = wording.number(len(standing.backups))
        return self.tr("The newest is of {time}; {number} in all.").format(time=at, number=number)

    def _show(self, standing: BackupStanding) -> None:
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

    def _go_to_folder(self) -> None:
        self._context.tasks.start(self._gone_to_folder())

    async def _gone_to_folder(self) -> None:
        """A folder that has none yet gets one at once: that proves it, and nobody is told there is none."""
        worker, ws = self._context.tasks.in_worker, self._context.workspace
        is_daily = await worker(settings.get, ws, "backup.daily")
        standing = await worker(backups.standing, ws)
        folder = await self.folder.read()
        if is_daily and not standing.backups and folder.standing.is_usable and self.now.isEnabled():
            await self._made_now()
        else:
            await self._read()

    def _make_now(self) -> None:
        self._context.tasks.start(self._made_now())

    async def _made_now(self) -> None:
        had_focus = self.now.hasFocus()
        self.now.setEnabled(False)
        taken_by = self.window().focusWidget()  # what is disabled hands it on to anything
        self.standing.setText(self.tr("A backup is being made and looked through…"))
        told = ""
        tone: Tone = "bad"
        try:
            made = await self._context.tasks.in_worker(backups.make, self._context.workspace)
            if made.left_out:
                told, tone = wording.left_out(made.left_out), "warn"
        except RelayError as error:
            told = self._context.describe(error)
        finally:
            self.now.setEnabled(True)
            if had_focus and self.window().focusWidget() is taken_by:
                self.now.setFocus()
        await self._read()
        if told:
            self.notice.show_text(told, tone, "")

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
