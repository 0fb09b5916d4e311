"""A dialog as high as what it shows: fields that scroll when there are many, a notice, a row of buttons."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.colours import Tone
from ui.widgets.notice import Notice

_WIDTH = 680
_LEAST, _MOST = 120, 680
_MARGIN = 24


class FittingDialog(QDialog):
    """``content`` takes the fields, ``foot`` the buttons. Never higher than the window behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH)
        self._fitted = 0  # the height it was given last
        self._sought: QWidget | None = None
        self._inside = QWidget()
        self._inside.setProperty("scrollBody", "true")
        self.content = QVBoxLayout(self._inside)
        self.content.setContentsMargins(2, 2, 8, 2)
        self.content.setSpacing(9)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self.notice = Notice("", closable=False)
        self.notice.hide()
        self.foot = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 16, 14, 16)
        self._column.setSpacing(12)
        self._column.addWidget(self._scroll, 1)
        self._column.addWidget(self.notice)
        self._column.addLayout(self.foot)

    def say(self, text: str, tone: Tone) -> None:
        """Tell something below the fields."""
        self.notice.show_text(text, tone)
        self.fit_soon()

    def show_part(self, part: QWidget) -> None:
        """Scroll to ``part`` once all has its size."""
        self._sought = part
        self.fit_soon()

    def fit_soon(self) -> None:
        """Once what was shown or hidden has its size."""
        QTimer.singleShot(0, self, self._fit)

    def showEvent(self, event: QShowEvent) -> None:
        """Only now is the width known that lines break at."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self.isVisible():
            return
        self.content.activate()
        wanted = self.content.totalHeightForWidth(self._scroll.viewport().width())
        self._inside.setMinimumHeight(wanted)
        self._scroll.setMinimumHeight(0)
        room = self._behind().height() - _MARGIN - self._least_height()
        self._scroll.setMinimumHeight(max(_LEAST, min(wanted, room)))
        self._place(self._least_height())
        if self._sought is not None:
            self._scroll.ensureWidgetVisible(self._sought)
            self._sought = None

    def _least_height(self) -> int:
        self._column.activate()
        least = self._column.totalMinimumSize().height()
        if self._column.hasHeightForWidth():  # a notice that breaks its lines
            least = max(least, self._column.totalMinimumHeightForWidth(self.width()))
        return least

    def _place(self, height: int) -> None:
        """First in the middle; later where it is, unless it would grow out of the window behind."""
        behind, here = self._behind(), self.geometry()
        top = here.y()
        if not self._fitted:
            here.moveLeft(behind.center().x() - here.width() // 2)
            top = behind.center().y() - height // 2
        elif height > self._fitted:  # what stands in it may have pushed it open already
            top = max(behind.top(), min(top, behind.bottom() - height))
        self._fitted = height
        self.setGeometry(here.x(), top, here.width(), height)

    def _behind(self) -> QRect:
        parent = self.parentWidget()
        return parent.window().geometry() if parent is not None else QRect(0, 0, _WIDTH, _MOST)
