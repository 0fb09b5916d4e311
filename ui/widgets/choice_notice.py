"""A message that asks for one of two things."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.late_push_button import LatePushButton
from ui.widgets.notice import Notice


class ChoiceNotice(Notice):
    """``acted`` for the first button, ``refused`` for the second; it stays until one of them is chosen."""

    refused = Signal()

    def __init__(self, text: str, first: str, second: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "warn", first, closable=False, parent=parent)
        self.second = LatePushButton(second)
        self.second.clicked.connect(self.refused)
        self.second.setAutoDefault(True)
        self._row.insertWidget(self._row.indexOf(self.button) + 1, self.second)
