"""A card: a white surface with a hairline and round corners."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.widgets.labels import label
from ui.widgets.restyle import set_style_property


class Card(QFrame):
    """``body`` is its layout."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        if title:
            self.body.addWidget(label(title, "heading"))
            self.setAccessibleName(title)

    def set_current(self, current: bool) -> None:
        """Outline the card that is the next thing to do."""
        set_style_property(self, "current", current)


def hairline(parent: QWidget | None = None) -> QFrame:
    """A horizontal line."""
    line = QFrame(parent)
    line.setProperty("line", "true")
    line.setFixedHeight(1)
    return line
