"""The bar that offers to undo what was just done, for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.widgets.labels import label

SHOWN_SECONDS = 12


class UndoBar(QFrame):
    """Hidden until ``offer``; ``undone`` after Undo, ``expired`` when the time is up."""

    undone = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("undoBar", "true")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        self._label = label("")
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._label.setWordWrap(True)
        row.addWidget(self._label, 1)
        self.button = QPushButton(self.tr("&Undo"))
        self.button.setShortcut(QKeySequence.StandardKey.Undo)
        self.button.clicked.connect(self._undo)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self._call: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._expire)
        self.hide()

    def offer(self, text: str, undo: Callable[[], object], seconds: float = SHOWN_SECONDS) -> None:
        """Show what was done and how to take it back; a new offer replaces the old one."""
        self._call = undo
        self._label.setText(text)
        self.button.setAccessibleName(self.tr("Undo: {text}").format(text=text))
        self._timer.start(round(seconds * 1000))
        self.show()

    def _undo(self) -> None:
        call, self._call = self._call, None
        self._timer.stop()
        self.hide()
        if call is not None:
            call()
        self.undone.emit()

    def _expire(self) -> None:
        self._call = None
        self.hide()
        self.expired.emit()
