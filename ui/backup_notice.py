"""The line that tells when there has been no backup for days, or the data was moved or restored."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.backup import BackupStanding, BackupTrouble
from desktop_relay.operations import backups

from ui.context import Context
from ui.widgets.notice import Notice


class BackupNotice(Notice):
    """``refresh`` looks again; hidden while there is nothing to tell. ``acted`` leads to the settings."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", "warn", closable=False, parent=parent)
        self._context = context
        self.hide()

    def refresh(self) -> None:
        """Look again."""
        self._context.tasks.start(self._read())

    async def _read(self) -> None:
        standing = await self._context.tasks.in_worker(backups.standing, self._context.workspace)
        sentence = self._sentence(standing)
        if sentence:
            self.show_text(sentence, "warn", self.tr("To the backups"))
        else:
            self.hide()

    def _sentence(self, standing: BackupStanding) -> str:
        if standing.handover.moved_at is not None:
            return self.tr("This data was moved to another computer, so nothing is sent from here.")
        if standing.trouble is BackupTrouble.OLD:
            return self.tr("There has been no backup for more than three days.")
        if standing.trouble is BackupTrouble.FAILED and standing.failure is not None:
            why = self._context.phrase("errors", standing.failure.code, **standing.failure.params)
            return self.tr("The last backup failed. {why}").format(why=why)
        return ""
