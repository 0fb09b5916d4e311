"""A slider that the mouse wheel does not change: it is there to scroll what the slider stands in."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider


class SteadySlider(QSlider):
    """Changed by dragging, a click or the keyboard only."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For what scrolls."""
        event.ignore()
