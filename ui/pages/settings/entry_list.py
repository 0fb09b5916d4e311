"""A card with a row per thing, each with its buttons, and one button to add another."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.widgets.card import Card, hairline
from ui.widgets.labels import ElidedLabel, label


class EntryList(Card):
    """``added`` when another one is wanted; rows are made anew by ``clear`` and ``add_entry``."""

    added = Signal()

    def __init__(self, title: str, explanation: str, add_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("panel", "true")
        self.setAccessibleName(title)
        head = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label(title, "heading"))
        names.addWidget(label(explanation, "secondary", wrap=True))
        head.addLayout(names, 1)
        self.add_button = QPushButton(add_text)
        self.add_button.clicked.connect(self.added)
        head.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._last: QWidget = self.add_button
        self._sought = ""
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.body.addLayout(self._rows)

    def clear(self) -> None:
        """Take every row away; the keyboard goes back to the same button of the new ones, if it comes."""
        self._last, self._sought = self.add_button, ""
        focused = cast("QWidget | None", self.window().focusWidget())
        if focused is not None and focused is not self.add_button and self.isAncestorOf(focused):
            self._sought = focused.accessibleName()
            self.add_button.setFocus()  # what is hidden would hand it on to anything, and scroll there
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def add_entry(
        self, title: str, details: str, buttons: list[tuple[str, str, Callable[..., object]]]
    ) -> None:
        """One row; a button is its words, its role (``quiet`` or ``danger``) and what it does."""
        entry = QWidget()
        column = QVBoxLayout(entry)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(6)
        column.addWidget(hairline())
        row = QHBoxLayout()
        row.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(ElidedLabel(title, "strong"))
        names.addWidget(ElidedLabel(details, "secondary"))
        row.addLayout(names, 1)
        made: list[QPushButton] = []
        for words, role, call in buttons:
            button = QPushButton(words)
            button.setAccessibleName(f"{words.replace('&', '')}: {title}")
            if role != "quiet":
                button.setProperty("role", role)
            button.clicked.connect(call)
            row.addWidget(button)
            made.append(button)
        column.addLayout(row)
        self._rows.addWidget(entry)
        entry.show()  # at once; left to the layout it would be later, and the focus could not go there
        for button in made:  # made later than what stands below, but the keyboard goes from top to bottom
            self.setTabOrder(self._last, button)
            self._last = button
            if self._sought and button.accessibleName() == self._sought:
                self._sought = ""
                button.setFocus()
