"""The list of a left column: headings, names with a count at the right, or with a second line below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.colours import Tone
from ui.theme import body_font, colours

_ENTRY_ROLE = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 32
_DOUBLE_HEIGHT = 50
_HEADING_HEIGHT = 34
_PADDING = 10

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: ``note`` stands at the right, ``second`` below; a heading cannot be chosen."""

    text: str
    value: object = None
    note: str = ""
    second: str = ""
    tone: Tone | None = None
    heading: bool = False


class SideList(QListWidget):
    """``chosen(value)`` when the user goes to another entry; filling it anew tells nobody."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setItemDelegate(_EntryDelegate(self))
        self.currentItemChanged.connect(self._tell)

    def fill(self, entries: Sequence[Entry], current: object = None) -> None:
        """Show these, with the entry of the value ``current`` chosen, or none."""
        with QSignalBlocker(self):
            self.clear()
            for entry in entries:
                self.addItem(_make_item(entry))
            self.choose(current)

    def choose(self, value: object) -> bool:
        """Go to the entry of a value without telling; false when there is none."""
        with QSignalBlocker(self):
            for row in range(self.count()):
                entry = self.item(row).data(_ENTRY_ROLE)
                if not entry.heading and entry.value == value:
                    self.setCurrentRow(row)
                    return True
            self.setCurrentRow(-1)
        return False

    @property
    def value(self) -> object:
        """The value of the entry that is chosen, or ``None``."""
        row = self.currentRow()
        return None if row < 0 else self.item(row).data(_ENTRY_ROLE).value

    @property
    def values(self) -> list[object]:
        """The values of all entries from the top."""
        entries = (self.item(row).data(_ENTRY_ROLE) for row in range(self.count()))
        return [entry.value for entry in entries if not entry.heading]

    def _tell(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_ENTRY_ROLE).value)


def _make_item(entry: Entry) -> QListWidgetItem:
    item = QListWidgetItem(entry.text)
    item.setData(_ENTRY_ROLE, entry)
    words = " ".join(part for part in (entry.text, entry.note, entry.second) if part)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
    if entry.heading:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    else:
        item.setToolTip(words)
    return item


class _EntryDelegate(QStyledItemDelegate):
    """Paints an ``Entry``."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line, two, or a heading."""
        entry = index.data(_ENTRY_ROLE)
        if entry.heading:
            return QSize(60, _HEADING_HEIGHT if index.row() else _HEADING_HEIGHT - 10)
        return QSize(60, _DOUBLE_HEIGHT if entry.second else _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Tint, then words; the note keeps its room and the name is elided."""
        entry: Entry = index.data(_ENTRY_ROLE)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.heading:
            _paint_heading(painter, rect, entry)
        else:
            self._paint_ground(painter, rect, option)
            _paint_entry(painter, rect.adjusted(_PADDING, 0, -_PADDING, 0), entry)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
        chosen = colours()
        state = option.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(chosen.selection))
            painter.drawRoundedRect(rect, 7, 7)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(chosen.raised))
            painter.drawRoundedRect(rect, 7, 7)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Active:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(chosen.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)


def _paint_heading(painter: QPainter, rect: QRectF, entry: Entry) -> None:
    painter.setFont(body_font(9))
    painter.setPen(QColor(colours().secondary))
    room = rect.adjusted(_PADDING, 0, -_PADDING, -4)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), entry.text)


def _paint_entry(painter: QPainter, rect: QRectF, entry: Entry) -> None:
    chosen = colours()
    small = body_font(9)
    first = QRectF(rect.left(), rect.top(), rect.width(), rect.height() / (2 if entry.second else 1))
    if entry.second:
        first.translate(0, 3)
        second = first.translated(0, first.height() - 5)
        painter.setPen(QColor(chosen.ink(entry.tone) if entry.tone else chosen.secondary))
        _paint_line(painter, second, small, entry.second)
    if entry.note:
        painter.setPen(QColor(chosen.secondary))
        painter.setFont(small)
        painter.drawText(first, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), entry.note)
        first.setWidth(first.width() - QFontMetrics(small).horizontalAdvance(entry.note) - 8)
    painter.setPen(QColor(chosen.text))
    _paint_line(painter, first, body_font(), entry.text)


def _paint_line(painter: QPainter, rect: QRectF, font: QFont, text: str) -> None:
    painter.setFont(font)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
