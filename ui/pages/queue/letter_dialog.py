"""A mail to read: its text and its headers."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from ui.pages.queue.presenter import Letter
from ui.theme import monospace_font
from ui.widgets.labels import label


class LetterDialog(QDialog):
    """Opened with ``open()``; changes nothing."""

    def __init__(self, address: str, letter: Letter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Mail to {address}").format(address=address))
        self.resize(680, 560)
        column = QVBoxLayout(self)
        column.addWidget(label(letter.subject, "heading", wrap=True))
        tabs = QTabWidget()
        tabs.setAccessibleName(self.tr("Parts of the mail"))
        tabs.addTab(self._reader(letter.text, self.tr("Text")), self.tr("Text"))
        headers = self._reader(letter.headers, self.tr("Headers"))
        headers.setFont(monospace_font())
        tabs.addTab(headers, self.tr("Headers"))
        column.addWidget(tabs, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    @staticmethod
    def _reader(text: str, name: str) -> QPlainTextEdit:
        reader = QPlainTextEdit(text, readOnly=True)
        reader.setAccessibleName(name)
        return reader
