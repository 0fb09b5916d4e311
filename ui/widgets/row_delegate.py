"""Paints table rows: hairlines, chips, skeletons for rows that are still being read."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.colours import Tone
from ui.theme import body_font, colours

CHIP_ROLE = Qt.ItemDataRole.UserRole + 1
"""A ``ChipData`` instead of plain text."""
STRONG_ROLE = Qt.ItemDataRole.UserRole + 2
"""True for the bold column."""
LOADING_ROLE = Qt.ItemDataRole.UserRole + 3
"""True while the row is being read."""

ROW_HEIGHT = 34
_PADDING = 10

Index = QModelIndex | QPersistentModelIndex


class ChipData(NamedTuple):
    """A word with its tone, painted as a chip."""

    text: str
    tone: Tone


class RowDelegate(QStyledItemDelegate):
    """One delegate for all our tables; it asks the model through the roles above."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All rows are alike; asking each of a million would take forever."""
        return QSize(80, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Background, then chip, skeleton or text."""
        chosen = colours()
        painter.save()
        rect = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(chosen.selection))
        painter.setPen(QPen(QColor(chosen.hairline), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            super().paint(painter, option, index)
        elif index.data(LOADING_ROLE):
            self._paint_skeleton(painter, inner)
        else:
            self._paint_content(painter, inner, index)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(chosen.accent), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    def _paint_content(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        chip = index.data(CHIP_ROLE)
        if chip is not None:
            paint_chip(painter, rect, ChipData(*chip))
            return
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if not text:
            return
        font = body_font(bold=bool(index.data(STRONG_ROLE)))
        painter.setFont(font)
        painter.setPen(QColor(colours().text))
        shown = QFontMetrics(font).elidedText(str(text), Qt.TextElideMode.ElideRight, int(rect.width()))
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        flags = Qt.AlignmentFlag(alignment) if alignment is not None else Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect, int(flags | Qt.AlignmentFlag.AlignVCenter), shown)

    @staticmethod
    def _paint_skeleton(painter: QPainter, rect: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().neutral_soft))
        bar = QRectF(rect.left(), rect.center().y() - 5, min(rect.width() * 0.7, 140), 10)
        painter.drawRoundedRect(bar, 4, 4)


def paint_chip(
    painter: QPainter, rect: QRectF, chip: ChipData, font: QFont | None = None, *, padding: int = 7
) -> None:
    """A chip at the left of ``rect``, elided when it is too narrow."""
    if not chip.text:
        return
    chosen = colours()
    font = font or body_font(9)
    metrics = QFontMetrics(font)
    text = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, int(rect.width()) - 2 * padding)
    width = metrics.horizontalAdvance(text) + 2 * padding
    height = metrics.height() + 3
    box = QRectF(rect.left(), rect.center().y() - height / 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(chosen.soft(chip.tone)))
    painter.drawRoundedRect(box, 6, 6)
    painter.setFont(font)
    painter.setPen(QColor(chosen.ink(chip.tone)))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
