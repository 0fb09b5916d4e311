"""One lane as a row: name, progress, pace, last hour, state with its reason, end, and its button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.pages.monitor.lane_columns import (
    BUTTON,
    END,
    HOUR,
    MARGINS,
    NAME,
    PACE,
    PROGRESS,
    STATE,
    set_columns,
    take_what_it_gets,
)
from ui.pages.monitor.lane_order import OTHERS
from ui.pages.monitor.lane_words import LaneView
from ui.pages.monitor.segments import segments
from ui.widgets.card import hairline
from ui.widgets.chip import Chip
from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.line_chart import LineChart
from ui.widgets.progress_bar import SegmentBar
from ui.widgets.restyle import set_style_property
from ui.widgets.steady_label import SteadyLabel

_REASON_ROOM, _REASON_LINES = 42, 3
"""Enough for nearly every reason; a row must not grow and shrink with what it says."""
_END_ROOM, _END_LINES = 12, 2


class LaneRow(QWidget):
    """Made once and changed in place; can be chosen by a click and, with the focus on it, by Return.

    ``pressed(lane, name, stop)`` when its button is pressed, ``asked(lane)`` when the user wants to know why,
    ``left(steps)`` to go to the next row or the one before.
    """

    pressed = Signal(str, str, bool)
    asked = Signal(str)
    left = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: LaneView | None = None
        self._expanded = False
        self.setProperty("laneRow", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(hairline())
        inner = QWidget()
        inner.setMinimumWidth(1)  # else pinned columns would keep the row from ever getting narrower
        outer.addWidget(inner)
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(*MARGINS)
        self._grid.setVerticalSpacing(1)
        self._make_texts()
        self._bar = SegmentBar(8)
        self._chart = LineChart()
        self._chip = Chip()
        self.button = QPushButton()
        self.button.setProperty("role", "small")
        self.button.clicked.connect(self._press)
        self.why = IconButton("info", self.tr("Why this pace?"))
        self.why.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the row itself does the same
        self.why.clicked.connect(self._choose)
        self._place()

    def _make_texts(self) -> None:
        self._name = ElidedLabel("", "strong")
        self._domains = ElidedLabel("", "secondary")
        self._count = label("", "secondary")
        self._pace = _right("")
        self._allowed = _right("secondary")
        self._reason = SteadyLabel(_REASON_ROOM, _REASON_LINES, "secondary")
        self._end = SteadyLabel(_END_ROOM, _END_LINES, "strong")
        self._end.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_widths(self, widths: Sequence[int]) -> None:
        """Pin the columns."""
        set_columns(self._grid, widths)
        self._chart.setVisible(widths[HOUR] > 0)

    def _place(self) -> None:
        grid, middle = self._grid, Qt.AlignmentFlag.AlignVCenter
        for widget in (
            self._count,
            self._pace,
            self._allowed,
            self._reason,
            self._end,
            self._bar,
            self._chart,
        ):
            take_what_it_gets(widget)
        grid.addWidget(self._name, 0, NAME, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._domains, 1, NAME, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._bar, 0, PROGRESS, middle)
        grid.addWidget(self._count, 1, PROGRESS, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._pace, 0, PACE, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._allowed, 1, PACE, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._chart, 0, HOUR, 2, 1, middle)
        grid.addWidget(self._chip, 0, STATE, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._reason, 1, STATE, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._end, 0, END, 2, 1, middle)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        keep = self.button.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(keep)
        buttons.addWidget(self.button, 1)
        buttons.addWidget(self.why)
        grid.addLayout(buttons, 0, BUTTON, 2, 1)

    @property
    def lane(self) -> str:
        """The lane it shows."""
        return self._view.lane if self._view is not None else ""

    def show_view(self, view: LaneView, *, expanded: bool) -> None:
        """Show a lane; only what differs is touched."""
        if view == self._view and expanded == self._expanded:
            return
        self._view, self._expanded = view, expanded
        for widget, text in (
            (self._name, view.name),
            (self._domains, view.domains),
            (self._count, view.count_text),
            (self._pace, view.pace),
            (self._allowed, view.allowed),
            (self._reason, view.reason),
            (self._end, view.eta),
        ):
            if widget.text() != text:
                widget.setText(text)
        self._chip.show_state(view.state, view.tone)
        self._bar.set_segments(segments(view.counts), view.counts.total)
        self._chart.set_values(view.history, view.tone if view.tone in ("warn", "bad") else "info")
        self._show_button(view)
        self.setAccessibleName(f"{view.name}: {view.count_text}, {view.state}. {view.reason}")

    def _show_button(self, view: LaneView) -> None:
        if view.lane == OTHERS:
            text = self.tr("Close") if self._expanded else self.tr("Open")
        elif view.stopped:
            text = self.tr("Decide")
        else:
            text = self.tr("Go on") if view.paused else self.tr("Stop")
        self.button.setText(text)
        self.button.setAccessibleName(f"{text}: {view.name}")
        shown = view.can_pause or view.lane == OTHERS
        if self.button.hasFocus() and not shown:
            self.setFocus()  # else it would go to the next lane's button
        self.button.setVisible(shown)
        self.why.setVisible(view.lane != OTHERS)
        self.why.setAccessibleName(self.tr("Why this pace? {lane}").format(lane=view.name))

    def _press(self) -> None:
        if self._view is not None and self._view.stopped:
            self.asked.emit(self._view.lane)
        elif self._view is not None:
            self.pressed.emit(self._view.lane, self._view.name, not self._view.paused)

    def _choose(self) -> None:
        if self._view is not None and self._view.lane == OTHERS:
            self._press()
        elif self._view is not None:
            self.asked.emit(self._view.lane)

    def set_told(self, told: bool) -> None:
        """Whether its story stands below it."""
        set_style_property(self, "told", told)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on it."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As in a list."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._choose()
            case Qt.Key.Key_Down:
                self.left.emit(1)
            case Qt.Key.Key_Up:
                self.left.emit(-1)
            case _:
                super().keyPressEvent(event)


def _right(look: str) -> QLabel:
    made = label("", look)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
