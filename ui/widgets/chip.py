"""Chips: a word on a soft tint, and a checkable one with a count that filters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from ui import wording
from ui.colours import Tone
from ui.widgets.restyle import set_style_property


class Chip(QLabel):
    """A state as a word with its tone."""

    def __init__(self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("chip", "true")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, tone: Tone) -> None:
        """Change word and tone together."""
        if self.text() != text:
            self.setText(text)
        set_style_property(self, "tone", tone)


class FilterChip(QPushButton):
    """A filter that is on or off, with how many it would show."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._text = text
        self.setCheckable(True)
        self.setProperty("filterChip", "true")
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int | None) -> None:
        """Show a number behind the word, or none."""
        text = self._text if count is None else f"{self._text} {wording.number(count)}"
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
