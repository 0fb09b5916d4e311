"""A button that may appear under the pointer, or come to mean something else: a click already on its way is
not for it."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QMouseEvent, QShowEvent
from PySide6.QtWidgets import QPushButton

_NOT_MEANT_MILLISECONDS = 400
"""Nobody sees something new, decides and clicks in less."""


class LatePushButton(QPushButton):
    """Takes no click of the mouse just after it came or changed its words; the keyboard has to go there first
    anyway."""

    def __init__(self, text: str, *, not_meant: int = _NOT_MEANT_MILLISECONDS) -> None:
        super().__init__(text)
        self._not_meant = not_meant
        self._here = QElapsedTimer()

    def setText(self, text: str) -> None:
        """It means something else from now on."""
        if text != self.text():
            self._here.start()
        super().setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        """It is there from now on."""
        super().showEvent(event)
        self._here.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press too early goes nowhere, not to what lies behind either."""
        if self._here.isValid() and self._here.elapsed() < self._not_meant:
            event.accept()
            return
        super().mousePressEvent(event)
