"""A list of choices that the mouse wheel does not change: it is there to scroll what the list stands in."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class SteadyComboBox(QComboBox):
    """Changed by a click or the keyboard only."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For what scrolls."""
        event.ignore()
