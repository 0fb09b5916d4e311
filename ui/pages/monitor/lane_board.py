"""The lanes of a campaign below each other; rows are made once and used again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import wording
from ui.pages.monitor.lane_columns import (
    BUTTON,
    END,
    HOUR,
    MARGINS,
    NAME,
    PACE,
    PROGRESS,
    STATE,
    column_widths,
    set_columns,
    take_what_it_gets,
)
from ui.pages.monitor.lane_detail import LaneDetail
from ui.pages.monitor.lane_order import OTHERS
from ui.pages.monitor.lane_row import LaneRow
from ui.pages.monitor.lane_words import LaneView
from ui.widgets.card import Card
from ui.widgets.focus import has_focus_within
from ui.widgets.labels import ElidedLabel, label

_ROWS_A_TURN = 10
"""To make a row takes milliseconds: the window goes on between so many."""


class LaneBoard(Card):
    """``steered(lane, name, stop)`` by a lane's button; ``expanded_changed`` when the small ones open, close.

    ``asked(lane)`` when the user wants to know why a lane goes at its pace: ``detail`` then stands below it.
    """

    steered = Signal(str, str, bool)
    asked = Signal(str)
    expanded_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(self.tr("Lanes"))
        self.setProperty("panel", "true")
        self.expanded = False
        self.rows: list[LaneRow] = []
        self.body.setContentsMargins(1, 0, 1, 1)
        self.body.setSpacing(0)
        self.body.addWidget(self._make_heading())
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self.detail = LaneDetail()
        self.detail.hide()
        self._column.addWidget(self.detail)
        self._more = label("", "secondary", wrap=True)
        self._more.setContentsMargins(*MARGINS)
        self._more.hide()
        self.body.addWidget(self._more)
        self.told = ""
        self._views: Sequence[LaneView] = ()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._fill)

    def _make_heading(self) -> QWidget:
        heading = QWidget()
        heading.setMinimumWidth(1)
        self._heading = grid = QGridLayout(heading)
        grid.setContentsMargins(*MARGINS)
        for column, text in (
            (NAME, self.tr("Lane (carrier)")),
            (PROGRESS, self.tr("Progress")),
            (PACE, self.tr("Now")),
            (HOUR, self.tr("Last hour")),
            (STATE, self.tr("State and reason")),
            (END, self.tr("Done at")),
            (BUTTON, ""),
        ):
            made = ElidedLabel(text, "secondary")
            if column in (PACE, END):
                made.setAlignment(Qt.AlignmentFlag.AlignRight)
            take_what_it_gets(made)
            grid.addWidget(made, 0, column)
        return heading

    @property
    def lanes(self) -> list[str]:
        """What has a row, from top to bottom."""
        return [row.lane for row in self.rows if not row.isHidden()]

    @property
    def told_row(self) -> LaneRow | None:
        """The one whose story is told."""
        return next((row for row in self.rows if self.told and row.lane == self.told), None)

    @property
    def is_held(self) -> bool:
        """Whether a hand or the keyboard is at work here, so that no row may go elsewhere."""
        return bool(self.told) or self.underMouse() or has_focus_within(self)

    def show_views(self, views: Sequence[LaneView]) -> None:
        """Show these lanes; of many rows that have to be made first, some come a moment later."""
        self._views = views
        self._fill()

    def _fill(self) -> None:
        views = self._views
        for _ in range(min(_ROWS_A_TURN, len(views) - len(self.rows))):
            self._add_row()
        for row, view in zip(self.rows, views, strict=False):
            row.show_view(view, expanded=self.expanded)
            row.setVisible(True)
        for row in self.rows[len(views) :]:
            row.setVisible(False)
        if len(self.rows) < len(views):
            self._next.start()
        self._place_detail(self.lanes)
        self._tell_more(views)

    def _add_row(self) -> None:
        row = LaneRow()
        row.pressed.connect(self._press)
        row.asked.connect(self.asked)
        row.left.connect(self._step)
        row.set_widths(column_widths(self.width() - 2))
        self._column.addWidget(row)
        # a row that is made late would come after all that stands below
        QWidget.setTabOrder(self.rows[-1].button if self.rows else self.detail, row)
        QWidget.setTabOrder(row, row.button)
        self.rows.append(row)

    def _tell_more(self, views: Sequence[LaneView]) -> None:
        grouped = sum(view.members for view in views if view.lane == OTHERS)
        opened = len(views) - [view.lane for view in views].index(OTHERS) - 1 if grouped else 0
        left = grouped - opened if opened else 0
        if left:
            self._more.setText(
                self.tr("Smaller ones that are not listed: {n}").format(n=wording.number(left))
            )
        self._more.setVisible(left > 0)

    def open_to(self, lane: str) -> None:
        """See to it that the lane has a row of its own."""
        if not self.expanded and lane not in self.lanes:
            self._press(OTHERS, "", False)

    def tell(self, lane: str) -> None:
        """Tell this lane's story below its row, or none when empty."""
        row = self.told_row
        if not lane and row is not None and has_focus_within(self.detail):
            row.setFocus()
        self.told = lane
        self._place_detail(self.lanes)

    def _place_detail(self, lanes: Sequence[str]) -> None:
        for row in self.rows:
            row.set_told(bool(self.told) and row.lane == self.told)
        if self.told not in lanes:
            self.detail.hide()
            return
        place = lanes.index(self.told) + 1
        if self._column.indexOf(self.detail) != place:
            self._column.removeWidget(self.detail)
            self._column.insertWidget(place, self.detail)
            self.detail.take_turn(self.rows[place - 1].button)
        self.detail.setVisible(self.detail.lane == self.told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        widths = column_widths(self.width() - 2)
        set_columns(self._heading, widths)
        for row in self.rows:
            row.set_widths(widths)

    def _step(self, steps: int) -> None:
        """The arrow keys go from row to row; a story that is told goes with them."""
        rows = [row for row in self.rows if not row.isHidden()]
        here = self.sender()
        place = rows.index(here) + steps if isinstance(here, LaneRow) else -1
        if not 0 <= place < len(rows):
            return
        row = rows[place]
        row.setFocus()
        if self.told and row.lane not in (self.told, OTHERS):
            self.asked.emit(row.lane)

    def _press(self, lane: str, name: str, stop: bool) -> None:
        if lane == OTHERS:
            self.expanded = not self.expanded
            self.expanded_changed.emit()
        else:
            self.steered.emit(lane, name, stop)
