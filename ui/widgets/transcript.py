"""Read-only lines of a conversation, as high as they are long, up to a limit."""

from __future__ import annotations

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import monospace_font

SHORTEST_LINES = 2
LONGEST_LINES = 24
_FRAME_PIXELS = 30


class Transcript(QPlainTextEdit):
    """Grows with its text; Tab leaves it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setProperty("look", "transcript")
        self.setFont(monospace_font())
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def _grow(self, size: QSizeF) -> None:
        # a plain text document measures its height in lines, wrapped ones counted as often as they wrap
        lines = min(max(SHORTEST_LINES, round(size.height())), LONGEST_LINES)
        height = QFontMetrics(self.font()).lineSpacing() * lines + _FRAME_PIXELS
        if height != self.height():
            self.setFixedHeight(height)
