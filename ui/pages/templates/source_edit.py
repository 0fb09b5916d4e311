"""A field for the source of a mail, quick also with a picture of megabytes written out on one line."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from ui.theme import monospace_font

LONGEST_WORDED_LINE = 5_000
"""Characters. Looking for words to break at takes time by the square of the length: 17 s for 500,000."""


class SourceEdit(QPlainTextEdit):
    """Breaks lines between words, or anywhere where one line is very long."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFont(monospace_font())

    @property
    def source(self) -> str:
        """The text as it was written; ``toPlainText`` makes ordinary spaces of those that do not break."""
        return self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def setPlainText(self, text: str) -> None:
        """Hold another text."""
        long = _has_long_line(text)
        words = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere if long else words)
        super().setPlainText(text)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop."""
        if _has_long_line(source.text()):
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        super().insertFromMimeData(source)


def _has_long_line(text: str) -> bool:
    return any(len(line) > LONGEST_WORDED_LINE for line in text.splitlines())
