"""The newest reply of a server, explained, with the way to the queue."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.pages.monitor.newest_reply import ReplyView
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.labels import ElidedLabel, label


class ReplyBar(Card):
    """``asked`` when the user wants to know more."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.body.setContentsMargins(14, 5, 8, 5)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label(self.tr("Newest reply"), "strong"))
        self._lane = Chip()
        self._code = label("", "secondary")
        self._sentence = ElidedLabel()
        row.addWidget(self._lane)
        row.addWidget(self._code)
        row.addWidget(self._sentence, 1)
        self._more = QPushButton(self.tr("See in the &queue"))
        self._more.setProperty("role", "link")
        self._more.clicked.connect(self.asked)
        row.addWidget(self._more)
        self.body.addLayout(row)

    def show_reply(self, view: ReplyView | None) -> None:
        """Show it, or that there was none; what was accepted is no news."""
        self._more.setVisible(view is not None)
        self._lane.setVisible(view is not None)
        if view is None:
            self._code.setText("")
            self._sentence.setText(self.tr("No server has refused or put off anything lately."))
            return
        self._lane.show_state(view.lane, view.tone)
        self._code.setText(view.code)
        self._sentence.setText(view.sentence)
        self.setAccessibleName(f"{view.lane}: {view.code} {view.sentence}")
