"""Text over some lines whose height its words never change, so that nothing below it moves."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class SteadyLabel(QLabel):
    """As many lines as ``room`` full-width characters need at its width, ``most`` at most.

    What has no room ends in an ellipsis; the tool tip then holds all of it.
    """

    def __init__(self, room: int, most: int, look: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._most = room, most
        self._lines: list[str] = []
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if look:
            self.setProperty("look", look)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Whatever the text is."""
        margins = self.contentsMargins()
        inner = max(1, width - margins.left() - margins.right())
        lines = ceil(self._room * self.fontMetrics().horizontalAdvance("あ") / inner)
        return self._height_of(min(self._most, max(1, lines)))

    def _height_of(self, lines: int) -> int:
        margins = self.contentsMargins()
        return lines * self.fontMetrics().lineSpacing() + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """For the width it has."""
        return QSize(24, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(1, self._height_of(1))

    def setText(self, text: str) -> None:
        """The whole text; what is shown depends on the room."""
        if text != self.text():
            super().setText(text)
            self._break()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break it anew."""
        super().resizeEvent(event)
        self._break()

    def _break(self) -> None:
        """Into the lines that fit; the last one is elided when there would be more."""
        text, rect, metrics = self.text(), self.contentsRect(), self.fontMetrics()
        room = max(1, rect.height() // metrics.lineSpacing())
        lines = _split(text, QTextLayout(text, self.font()), rect.width())
        self._lines = [line.rstrip() for line in lines[:room]]
        hidden = False
        if len(lines) > room:
            rest = "".join(lines[room - 1 :])
            self._lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, rect.width())
            hidden = self._lines[-1] != rest  # it measures a little differently: what was broken may fit
        self.setToolTip(text if hidden else "")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line by line, as it is aligned."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        rect, height = self.contentsRect(), self.fontMetrics().lineSpacing()
        top = rect.top()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            top += (rect.height() - len(self._lines) * height) // 2
        side = self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        for place, line in enumerate(self._lines):
            box = QRect(rect.left(), top + place * height, rect.width(), height)
            painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), line)
        painter.end()


def _split(text: str, layout: QTextLayout, width: int) -> list[str]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    units = text.encode("utf-16-le", "surrogatepass")  # Qt counts in these, two octets each
    lines = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        start = 2 * line.textStart()
        lines.append(units[start : start + 2 * line.textLength()].decode("utf-16-le", "surrogatepass"))
    layout.endLayout()
    return lines or [""]
