"""The left navigation: pages in the order of the work, badges, and the engine's state at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.colours import Tone
from ui.theme import body_font, colours
from ui.widgets.card import hairline
from ui.widgets.icons import paint_icon
from ui.widgets.labels import label
from ui.widgets.row_delegate import ChipData, paint_chip

WIDTH = 196


class NavButton(QAbstractButton):
    """One page: picture, name, and a badge at the right (a count, or a chip)."""

    def __init__(self, name: str, picture: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._picture = picture
        self._badge = ""
        self._tone: Tone | None = None
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title.replace("&", ""))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_badge(self, text: str, tone: Tone | None = None) -> None:
        """A grey count, or a chip when a tone is given; nothing for an empty text."""
        if (text, tone) != (self._badge, self._tone):
            self._badge, self._tone = text, tone
            self.setAccessibleName(f"{self.text()} {text}".strip())
            self.update()

    def sizeHint(self) -> QSize:
        """One line with air around it."""
        return QSize(WIDTH - 20, 36)

    def paintEvent(self, _event: object) -> None:
        """Filled when current, tinted under the mouse, ringed with the keyboard."""
        chosen = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(chosen.accent))
            painter.drawRoundedRect(rect, 8, 8)
        elif self.underMouse():
            painter.setBrush(QColor(chosen.track))
            painter.drawRoundedRect(rect, 8, 8)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(chosen.text if self.isChecked() else chosen.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 7, 7)
        ink = chosen.on_accent if self.isChecked() else chosen.text
        faint = chosen.on_accent if self.isChecked() else chosen.secondary
        paint_icon(painter, self._picture, QRectF(9, rect.center().y() - 9, 18, 18), faint)
        self._paint_words(painter, rect, ink, faint)
        painter.end()

    def _paint_words(self, painter: QPainter, rect: QRectF, ink: str, faint: str) -> None:
        font = body_font()
        right = rect.right() - 7
        if self._badge:
            small = body_font(9)
            width = QFontMetrics(small).horizontalAdvance(self._badge) + (12 if self._tone else 2)
            place = QRectF(right - width, rect.top(), width + 1, rect.height())
            if self._tone:
                paint_chip(painter, place, ChipData(self._badge, self._tone), small, padding=6)
            else:
                painter.setFont(small)
                painter.setPen(QColor(faint))
                painter.drawText(
                    place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._badge
                )
            right -= width + 3
        painter.setFont(font)
        painter.setPen(QColor(ink))
        words = QRectF(33, rect.top(), right - 33, rect.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextHideMnemonic
        shown = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(flags), shown)


class Navigation(QFrame):
    """``chosen(str)`` when a page is picked by mouse or keyboard."""

    chosen = Signal(str)

    def __init__(
        self, pages: Sequence[tuple[str, str, str]], heading: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setProperty("sidebar", "true")
        self.setProperty("panel", "true")
        self.setAccessibleName(heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 16, 10, 12)
        column.setSpacing(2)
        name = label("Desktop Relay", "heading")
        name.setContentsMargins(10, 0, 0, 8)
        column.addWidget(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, NavButton] = {}
        for key, picture, title in pages:
            button = NavButton(key, picture, title)
            button.setToolTip(f"Ctrl+{len(self.buttons) + 1}")
            self._group.addButton(button)
            column.addWidget(button)
            self.buttons[key] = button
        self._group.buttonClicked.connect(self._tell)
        column.addStretch(1)
        column.addWidget(hairline())
        column.addSpacing(6)
        self._engine = label("", "secondary", wrap=True)
        self._mode = label("", "secondary", wrap=True)
        for line in (self._engine, self._mode):
            line.setContentsMargins(8, 0, 4, 0)
            column.addWidget(line)

    def set_current(self, name: str) -> None:
        """Mark a page without telling anybody."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def focus_current(self) -> None:
        """Keep the keyboard on the page that shows."""
        current = self._group.checkedButton()
        if current is not None:
            current.setFocus()

    def set_badge(self, name: str, text: str, tone: Tone | None = None) -> None:
        """Give a page a badge."""
        self.buttons[name].set_badge(text, tone)

    def set_foot(self, engine: str, mode: str) -> None:
        """The two lines at the foot."""
        self._engine.setText(engine)
        self._mode.setText(mode)
        self._mode.setVisible(bool(mode))

    def _tell(self, button: QAbstractButton) -> None:
        if isinstance(button, NavButton):
            self.chosen.emit(button.name)
