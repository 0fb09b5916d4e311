"""Below a lane's row: why it goes at this pace, with what was learned, and what can be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.command import SetLane

from ui.pages.monitor.lane_pace import PaceControl
from ui.pages.monitor.lane_story import ChangeView, Fact, LaneStory
from ui.widgets.chip import Chip
from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel, label


class LaneDetail(QFrame):
    """``released(lane, leave)`` when the user decides about a stopped lane, ``changed(name, speed, SetLane)``
    when about another one; ``closed`` to put it away.
    """

    released = Signal(str, bool)
    changed = Signal(str, float, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._story: LaneStory | None = None
        self.setProperty("inset", "true")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 10, 10, 12)
        outer.setSpacing(8)
        outer.addLayout(self._make_top())
        self._sentence = label("", wrap=True)
        outer.addWidget(self._sentence)
        outer.addWidget(self._make_brake())
        self.pace = PaceControl()
        self.pace.wanted.connect(self._change)
        outer.addWidget(self.pace)
        outer.addLayout(self._make_columns())

    def _make_top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        self._title = ElidedLabel("", "heading")
        self.close_button = IconButton("close", self.tr("Close"))
        self.close_button.clicked.connect(self.closed)
        top.addWidget(self._title, 1)
        top.addWidget(self.close_button)
        return top

    def _make_brake(self) -> QWidget:
        self._brake = QWidget()
        column = QVBoxLayout(self._brake)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._found = label("", "strong", wrap=True)
        self._why = label("", wrap=True)
        self._advice = label("", wrap=True)
        for text in (self._found, self._why, self._advice):
            column.addWidget(text)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 4, 0, 0)
        self.send = QPushButton(self.tr("&Send on anyway"))
        self.send.setProperty("role", "danger")
        self.leave = QPushButton(self.tr("&Leave stopped"))
        self.send.clicked.connect(self._send_on)
        self.leave.clicked.connect(self._leave_stopped)
        row.addWidget(self.leave)
        row.addWidget(self.send)
        row.addStretch(1)
        column.addWidget(self._buttons)
        return self._brake

    def _make_columns(self) -> QHBoxLayout:
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self._limits, self._learned, self._changes = QGridLayout(), QGridLayout(), QGridLayout()
        self._standing = Chip()
        self._source = label("", "secondary", wrap=True)
        limits = self._make_column(self.tr("Numbers in force"), self._limits)
        limits.addWidget(self._standing, 0, Qt.AlignmentFlag.AlignLeft)
        limits.addWidget(self._source)
        self._nothing = label("", "secondary", wrap=True)
        learned = self._make_column(self.tr("Learned"), self._learned)
        learned.addWidget(self._nothing)
        changes = self._make_column(self.tr("Answers that changed the pace"), self._changes)
        self._changes.setColumnStretch(2, 1)
        self._no_changes = label(self.tr("None so far."), "secondary")
        changes.addWidget(self._no_changes)
        for column, stretch in ((limits, 4), (learned, 3), (changes, 6)):
            column.addStretch(1)
            columns.addLayout(column, stretch)
        return columns

    @staticmethod
    def _make_column(title: str, grid: QGridLayout) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label(title, "secondary"))
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        column.addLayout(grid)
        return column

    @property
    def lane(self) -> str:
        """The lane it tells of."""
        return self._story.lane if self._story is not None else ""

    def take_turn(self, before: QWidget) -> None:
        """Come after ``before`` when the keyboard goes through."""
        for widget in (self.close_button, self.leave, self.send, *self.pace.fields):
            self.setTabOrder(before, widget)
            before = widget

    def show_story(self, story: LaneStory, now: datetime) -> None:
        """Tell it; what did not change is left alone."""
        self.pace.setVisible(story.pace is not None)
        if story.pace is not None:
            self.pace.show_view(story.pace, now)
        if story == self._story:
            return
        before, self._story = self._story, story
        title = self.tr("Why {lane} was stopped") if story.stopped else self.tr("Why this pace? {lane}")
        self._title.setText(title.format(lane=story.name))
        self._sentence.setText(story.sentence)
        self._sentence.setVisible(bool(story.sentence))
        self._show_brake(story)
        if before is None or before.limits != story.limits:
            _fill_facts(self._limits, story.limits)
        if before is None or before.learned != story.learned:
            _fill_facts(self._learned, story.learned)
        if before is None or before.changes != story.changes:
            _fill_changes(self._changes, story.changes)
        self._standing.show_state(story.standing, "neutral")
        self._source.setText(self.tr("Source: {text}").format(text=story.source) if story.source else "")
        self._nothing.setText("" if story.learned else self.tr("Nothing yet: the carrier never complained."))
        self._nothing.setVisible(not story.learned)
        self._no_changes.setVisible(not story.changes)
        self.setAccessibleName(f"{self._title.text()} {story.sentence}")

    def _show_brake(self, story: LaneStory) -> None:
        self._brake.setVisible(story.brake is not None)
        if story.brake is not None:
            self._found.setText(story.brake.found)
            self._why.setText(story.brake.why)
            self._advice.setText(story.brake.advice)
        self._buttons.setVisible(story.stopped)

    def _change(self, wanted: SetLane) -> None:
        if self._story is not None and self._story.pace is not None:
            self.changed.emit(self._story.name, self._story.pace.speed, wanted)

    def _send_on(self) -> None:
        self.released.emit(self.lane, False)

    def _leave_stopped(self) -> None:
        self.released.emit(self.lane, True)


def _fill_facts(grid: QGridLayout, facts: Sequence[Fact]) -> None:
    _empty(grid)
    for row, fact in enumerate(facts):
        grid.addWidget(label(fact.caption, "secondary"), row, 0)
        grid.addWidget(label(fact.value), row, 1)
        grid.addWidget(label(fact.note, "secondary"), row, 2)
    grid.setColumnStretch(2, 1)


def _fill_changes(grid: QGridLayout, changes: Sequence[ChangeView]) -> None:
    _empty(grid)
    for row, change in enumerate(changes):
        grid.addWidget(label(change.time, "secondary"), row, 0)
        grid.addWidget(label(change.what), row, 1)
        grid.addWidget(ElidedLabel(change.words, "secondary"), row, 2)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
