"""The table of those who get no mail: address or domain, why, since when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from desktop_relay.domain.suppression import Suppression, SuppressionReason

from ui import wording
from ui.colours import Tone
from ui.widgets.row_delegate import CHIP_ROLE, STRONG_ROLE, ChipData

Index = QModelIndex | QPersistentModelIndex
_PATTERN, _REASON, _SINCE = range(3)


def suppression_chip(reason: SuppressionReason) -> ChipData:
    """Why somebody gets no mail."""
    words = {
        SuppressionReason.BY_HAND: QCoreApplication.translate("SuppressionModel", "put in by hand"),
        SuppressionReason.UNSUBSCRIBED: QCoreApplication.translate("SuppressionModel", "unsubscribed"),
        SuppressionReason.BOUNCED: QCoreApplication.translate("SuppressionModel", "bounced"),
        SuppressionReason.COMPLAINT: QCoreApplication.translate("SuppressionModel", "complained"),
    }
    tone: Tone = "bad" if reason is SuppressionReason.COMPLAINT else "neutral"
    return ChipData(words[reason], tone)


class SuppressionModel(QAbstractTableModel):
    """All entries in memory: they are short, and there are far fewer of them than people."""

    # Python's collector empties a model that lies in a cycle, and the view that dies with it may still ask
    _entries: Sequence[Suppression] = ()
    _titles: tuple[str, ...] = ()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._titles = (
            QCoreApplication.translate("SuppressionModel", "Address or domain"),
            QCoreApplication.translate("SuppressionModel", "Why"),
            QCoreApplication.translate("SuppressionModel", "Since"),
        )

    def show(self, entries: list[Suppression]) -> None:
        """Show these, the newest first."""
        self.beginResetModel()
        self._entries = sorted(entries, key=_newest_first)
        self.endResetModel()

    def entry_at(self, row: int) -> Suppression:
        """The entry in that place."""
        return self._entries[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """All entries."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """Pattern, reason, day."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Headings."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        return self._titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = 0) -> Any:
        """A cell."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == CHIP_ROLE:
            return suppression_chip(entry.reason) if index.column() == _REASON else None
        if role == STRONG_ROLE:
            return index.column() == _PATTERN
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(entry, index.column())
        return None

    def _text(self, entry: Suppression, column: int) -> str:
        if column == _PATTERN:
            return entry.pattern
        if column == _REASON:
            return suppression_chip(entry.reason).text
        return wording.day_and_time(entry.added_at, self._now())


def _newest_first(entry: Suppression) -> tuple[float, str]:
    return -entry.added_at.timestamp(), entry.pattern
