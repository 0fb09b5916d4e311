"""Our own outline icons, tinted from the palette."""

from __future__ import annotations

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget

from resources import locate

from ui.colours import Tone
from ui.theme import colours

IconTone = Tone | Literal["text", "secondary", "accent", "on_accent", "link"]
_SIDES = (16, 20, 24, 32, 48, 64)


def icon(name: str, tone: IconTone = "text") -> QIcon:
    """The icon in a colour of the palette in force, white where it stands on a selection."""
    chosen = colours()
    made = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, str(getattr(chosen, tone))),
        (QIcon.Mode.Disabled, chosen.neutral_fill),
        (QIcon.Mode.Selected, chosen.on_accent),
    ):
        for side in _SIDES:
            made.addPixmap(_pixmap(name, colour, side), mode)
    return made


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Draw an icon at any size and scale."""
    QSvgRenderer(QByteArray(_tinted(name, colour))).render(painter, rect)


def _pixmap(name: str, colour: str, side: int) -> QPixmap:
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, QRectF(0, 0, side, side), colour)
    painter.end()
    return pixmap


@cache
def _tinted(name: str, colour: str) -> bytes:
    drawing = locate("icons", f"{name}.svg").read_text(encoding="utf-8")
    return drawing.replace("currentColor", colour).encode()


def application_icon() -> QIcon:
    """The mark of the program."""
    return QIcon(str(locate("icons", "desktop-relay.svg")))


class IconLabel(QLabel):
    """A picture beside words; says nothing to a screen reader because the words do."""

    def __init__(
        self, name: str, tone: IconTone = "secondary", side: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._side = name, tone, side
        self.setFixedSize(side, side)

    def show_icon(self, name: str, tone: IconTone) -> None:
        """Change the picture."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Drawn afresh, so that the palette in force decides."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, QRectF(self.rect()), str(getattr(colours(), self._tone)))
        painter.end()


class IconButton(QToolButton):
    """A small button that shows only a picture; its name is for screen readers and the tool tip."""

    def __init__(
        self, name: str, label: str, tone: IconTone = "secondary", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name: str = name
        self._tone: IconTone = tone
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.setIconSize(QSize(18, 18))
        self.setIcon(icon(name, tone))

    def show_icon(self, name: str, label: str) -> None:
        """Change picture and name."""
        self._name = name
        self.setAccessibleName(label)
        self.setToolTip(label)
        self.setIcon(icon(name, self._tone))

    def changeEvent(self, event: QEvent) -> None:
        """A new palette tints the picture anew."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_tone"):
            self.setIcon(icon(self._name, self._tone))
        super().changeEvent(event)


def put_icon(button: QAbstractButton, name: str, tone: IconTone = "text") -> None:
    """Give a push button a picture in the palette in force."""
    button.setIconSize(QSize(16, 16))
    button.setIcon(icon(name, tone))
