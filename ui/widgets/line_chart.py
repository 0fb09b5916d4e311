"""Lines over time: a sparkline in a row, and an area chart with axis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import wording
from ui.colours import Tone
from ui.theme import colours


class LineChart(QWidget):
    """``set_values`` oldest first. With ``axis`` it draws an area, the ceiling and its captions."""

    def __init__(self, *, axis: bool = False, slots: int = 60, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self._tone: Tone = "info"
        self._axis = axis
        self._slots = slots
        self._captions = ("", "", "")
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Expanding if axis else policy.Fixed)

    def sizeHint(self) -> QSize:
        """Small in a row, taller as a chart."""
        return QSize(240, 110) if self._axis else QSize(96, 26)

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(120, 84) if self._axis else QSize(48, 22)

    def set_captions(self, left: str, right: str, unit: str) -> None:
        """What stands below the two ends, and the unit of the ceiling (``{n}/min``)."""
        self._captions = (left, right, unit)
        self.update()

    def set_values(self, values: Sequence[float], tone: Tone = "info") -> None:
        """Show these values; repaints only when something changed."""
        wanted = tuple(values[-self._slots :])
        if wanted and not self._axis:
            # before the first minute there was nothing
            wanted = (0.0,) * (self._slots - len(wanted)) + wanted
        elif len(wanted) == 1:
            wanted = (0.0, *wanted)
        if (wanted, tone) != (self._values, self._tone):
            self._values, self._tone = wanted, tone
            self.update()

    def paintEvent(self, _event: object) -> None:
        """The line, and around it whatever was asked for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = QRectF(self.rect()).adjusted(1, 3, -1, -3)
        if self._axis:
            plot = QRectF(self.rect()).adjusted(1, 20, -1, -20)
            self._paint_axis(painter, plot)
        points = self._points(plot)
        if points:
            self._paint_line(painter, plot, points)
        painter.end()

    def _ceiling(self) -> float:
        return max(self._values, default=0.0) or 1.0

    def _points(self, plot: QRectF) -> list[QPointF]:
        if not self._values:
            return []
        step = plot.width() / max(1, self._slots - 1)
        ceiling = self._ceiling()
        first = plot.right() - step * (len(self._values) - 1)
        return [
            QPointF(first + step * place, plot.bottom() - value / ceiling * plot.height())
            for place, value in enumerate(self._values)
        ]

    def _paint_line(self, painter: QPainter, plot: QRectF, points: list[QPointF]) -> None:
        colour = QColor(colours().fill(self._tone))
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        if self._axis:
            area = QPainterPath(path)
            area.lineTo(points[-1].x(), plot.bottom())
            area.lineTo(points[0].x(), plot.bottom())
            tint = QColor(colour)
            tint.setAlpha(46)
            painter.fillPath(area, tint)
        painter.setPen(
            QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPath(path)

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        chosen = colours()
        painter.setPen(QPen(QColor(chosen.hairline), 1))
        for y in (plot.top(), plot.center().y(), plot.bottom()):
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        font = self.font()
        font.setPointSizeF(8.5)
        painter.setFont(font)
        painter.setPen(QColor(chosen.secondary))
        left, right, unit = self._captions
        below = QRectF(plot.left(), plot.bottom() + 2, plot.width(), 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, left)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, right)
        above = QRectF(plot.left(), plot.top() - 19, plot.width(), 18)
        if self._values and unit:
            painter.drawText(
                above, Qt.AlignmentFlag.AlignLeft, unit.format(n=wording.number(self._ceiling()))
            )
