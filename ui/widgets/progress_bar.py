"""One bar in segments: how a whole divides into states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.colours import Tone
from ui.theme import colours

_VISIBLE_PIXELS = 2.0


class SegmentBar(QWidget):
    """``set_segments([(value, tone), …], total)``; what is left of the total shows as the track."""

    def __init__(self, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[tuple[float, Tone], ...] = ()
        self._total = 0.0
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, self.height())

    def set_segments(self, segments: Sequence[tuple[float, Tone]], total: float) -> None:
        """Show these parts of ``total`` from the left; repaints only when something changed."""
        wanted = tuple(segments)
        if (wanted, total) != (self._segments, self._total):
            self._segments, self._total = wanted, total
            self.update()

    def paintEvent(self, _event: object) -> None:
        """Track, then the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        radius = self.height() / 2
        path.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(path)
        chosen = colours()
        painter.fillRect(self.rect(), QColor(chosen.track))
        x = 0.0
        for value, tone in self._segments:
            if value <= 0 or self._total <= 0:
                continue
            # a single bounced letter among many thousands must still be seen
            width = max(value / self._total * self.width(), _VISIBLE_PIXELS)
            painter.fillRect(QRectF(x, 0, width, self.height()), QColor(chosen.fill(tone)))
            x += width
        painter.end()
