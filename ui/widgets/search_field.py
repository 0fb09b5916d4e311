"""A search field that waits until the typing pauses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.icons import icon

PAUSE_MILLISECONDS = 120


class SearchField(QLineEdit):
    """``searched(str)`` a moment after the last keystroke, at once on Return. Found by Ctrl+F."""

    searched = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.setProperty("search", "true")
        self._picture = self.addAction(icon("search", "secondary"), QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._wait)
        self.returnPressed.connect(self._tell)

    def _wait(self, _text: str) -> None:
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        self.searched.emit(self.text().strip())

    def changeEvent(self, event: QEvent) -> None:
        """A new palette tints the picture anew."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_picture"):
            self._picture.setIcon(icon("search", "secondary"))
        super().changeEvent(event)
