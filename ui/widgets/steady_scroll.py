"""A scroll area in which nothing moves by itself when there is suddenly more room below."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class SteadyScroll(QScrollArea):
    """``column`` takes what ``content`` shows, from the top.

    A message that goes away below makes it higher. Scrolled to its end, it would fill that room by moving
    everything down under the hand; instead the room stays empty until somebody scrolls up.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.content = QWidget()
        self.content.setProperty("scrollBody", "true")
        self._outer = outer = QVBoxLayout(self.content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.column = QVBoxLayout()
        outer.addLayout(self.column)
        self._room = QWidget()
        self._room.setFixedHeight(0)
        outer.addWidget(self._room)
        outer.addStretch(1)
        self.setWidget(self.content)
        self.verticalScrollBar().valueChanged.connect(self._give_back)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is at the top of the view stays there."""
        self._hold(self.verticalScrollBar().value(), event.size().height())
        super().resizeEvent(event)

    def _give_back(self, value: int) -> None:
        """Whoever scrolls up needs the room below no longer."""
        self._hold(value, min(self.viewport().height(), self.content.height() - value))

    def _hold(self, value: int, height: int) -> None:
        """Let the content reach as far as a view of that height needs that begins at ``value``."""
        room = max(0, value + height - self._own_height()) if value else 0
        if room != self._room.height():
            self._room.setFixedHeight(room)

    def _own_height(self) -> int:
        outer, width = self._outer, self.viewport().width()
        wraps = outer.hasHeightForWidth()
        height = outer.totalHeightForWidth(width) if wraps else outer.totalMinimumSize().height()
        return height - self._room.height()
