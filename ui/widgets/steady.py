"""What the mouse wheel does not change: it is there to scroll what the field stands in."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent


class Steady:
    """Comes before a field's own class, which is then changed by clicks and the keyboard only."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """For what scrolls: it would change what it only passes over."""
        event.ignore()
