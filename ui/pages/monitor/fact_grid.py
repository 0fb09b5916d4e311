"""Rows of a caption, a value and a note, changed in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from ui.widgets.labels import ElidedLabel, label


class FactGrid(QGridLayout):
    """``reserved`` rows have their room, filled or not: what comes and goes moves nothing below.

    ``nothing`` stands there while there is none.
    """

    def __init__(self, reserved: int = 0, nothing: str = "", *, elided: bool = False) -> None:
        super().__init__()
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._reserved = reserved
        self._elided = elided
        self.setHorizontalSpacing(10)
        self.setVerticalSpacing(2)
        self.setColumnStretch(2, 1)
        self._nothing = label(nothing, "secondary", wrap=True)
        self.addWidget(self._nothing, 0, 0, max(1, reserved), 3, Qt.AlignmentFlag.AlignTop)
        for _ in range(reserved):
            self._add_row()

    def fill(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Show these."""
        while len(self._rows) < len(rows):
            self._add_row()
        for place, cells in enumerate(self._rows):
            words = rows[place] if place < len(rows) else ("", "", "")
            for cell, text in zip(cells, words, strict=True):
                cell.setText(text)
                cell.setVisible(bool(text))
        self._nothing.setVisible(not rows and bool(self._nothing.text()))

    def _add_row(self) -> None:
        place = len(self._rows)
        note = ElidedLabel("", "secondary") if self._elided else label("", "secondary")
        cells = (label("", "secondary"), label(""), note)
        for column, cell in enumerate(cells):
            cell.hide()
            self.addWidget(cell, place, column)
        self._rows.append(cells)
        if place < self._reserved:
            self.setRowMinimumHeight(place, cells[1].fontMetrics().lineSpacing())
