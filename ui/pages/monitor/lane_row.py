"""One lane as a row: name, progress, pace, last hour, state with its reason, end, and its button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.pages.monitor.lane_words import OTHERS, LaneView
from ui.pages.monitor.presenter import segments
from ui.widgets.card import hairline
from ui.widgets.chip import Chip
from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.line_chart import LineChart
from ui.widgets.progress_bar import SegmentBar
from ui.widgets.restyle import set_style_property

NAME, PROGRESS, PACE, HOUR, STATE, END, BUTTON = range(7)
SPACING = 12
MARGINS = (14, 7, 12, 7)
_FIXED = {PACE: 96, END: 76, BUTTON: 104}
_SHARES = {NAME: 6, PROGRESS: 4, HOUR: 3, STATE: 10}
_LEAST_HOUR, _WIDEST_HOUR = 56, 110


def column_widths(total: int) -> list[int]:
    """The same columns for the heading and every row: some fixed, the rest shared out.

    Where there is little room the last hour goes without any: a name that cannot be read is worse.
    """
    free = total - MARGINS[0] - MARGINS[2] - SPACING * (len(_FIXED) + len(_SHARES) - 1) - sum(_FIXED.values())
    hour = min(_WIDEST_HOUR, free * _SHARES[HOUR] // sum(_SHARES.values()))
    hour = hour if hour >= _LEAST_HOUR else 0
    others = sum(share for column, share in _SHARES.items() if column != HOUR)
    widths = {column: (free - hour) * share // others for column, share in _SHARES.items()}
    widths[HOUR] = hour
    widths.update(_FIXED)
    return [max(0 if column == HOUR else 24, widths[column]) for column in sorted(widths)]


def set_columns(grid: QGridLayout, widths: Sequence[int]) -> None:
    """Pin the columns of a grid whose widgets take what they get."""
    grid.setHorizontalSpacing(SPACING)
    for column, width in enumerate(widths):
        grid.setColumnMinimumWidth(column, width)
    grid.setColumnStretch(len(widths), 1)


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
        self._reason = label("", "secondary", wrap=True)
        self._end = _right("strong")

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
        self.button.setVisible(view.can_pause or view.lane == OTHERS)
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


def take_what_it_gets(widget: QWidget) -> None:
    """Let the column decide the width, not the content."""
    policy = widget.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    widget.setSizePolicy(policy)
    widget.setMinimumWidth(1)


def _right(look: str) -> QLabel:
    made = label("", look)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
