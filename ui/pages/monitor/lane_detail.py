"""Below a lane's row: why it goes at this pace, with what was learned, and what can be decided."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.command import SetLane

from ui.pages.monitor.fact_grid import FactGrid
from ui.pages.monitor.lane_pace import PaceControl
from ui.pages.monitor.lane_story import MOST_LEARNED, SHOWN_CHANGES, LaneStory
from ui.widgets.chip import Chip
from ui.widgets.focus import has_focus_within
from ui.widgets.icons import IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.steady_label import SteadyLabel

_SENTENCE_ROOM, _SENTENCE_LINES = 75, 3


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
        self._sentence = SteadyLabel(_SENTENCE_ROOM, _SENTENCE_LINES)
        outer.addWidget(self._sentence)
        self.pace = PaceControl()
        self.pace.wanted.connect(self._change)
        outer.addWidget(self.pace)
        outer.addWidget(self._make_brake())
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
        self._limits = FactGrid()
        self._learned = FactGrid(MOST_LEARNED, self.tr("Nothing yet: the carrier never complained."))
        self._changes = FactGrid(SHOWN_CHANGES, self.tr("None so far."), elided=True)
        self._standing = Chip()
        self._source = label("", "secondary", wrap=True)
        limits = self._make_column(self.tr("Numbers in force"), self._limits)
        limits.addWidget(self._standing, 0, Qt.AlignmentFlag.AlignLeft)
        limits.addWidget(self._source)
        learned = self._make_column(self.tr("Learned"), self._learned)
        changes = self._make_column(self.tr("Answers that changed the pace"), self._changes)
        for column, stretch in ((limits, 4), (learned, 3), (changes, 6)):
            column.addStretch(1)
            columns.addLayout(column, stretch)
        return columns

    @staticmethod
    def _make_column(title: str, grid: FactGrid) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label(title, "secondary"))
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
        anew = story.lane != self.lane
        if story.pace is None and has_focus_within(self.pace):
            self.close_button.setFocus()  # else it would go to the next lane's button
        _show(self.pace, story.pace is not None, anew=anew)
        if story.pace is not None:
            self.pace.show_view(story.pace, now)
        if story == self._story:
            return
        self._story = story
        title = self.tr("Why {lane} was stopped") if story.stopped else self.tr("Why this pace? {lane}")
        self._title.setText(title.format(lane=story.name))
        self._sentence.setText(story.sentence)
        _show(self._sentence, bool(story.sentence), anew=anew)
        self._show_brake(story, anew=anew)
        self._limits.fill([(fact.caption, fact.value, fact.note) for fact in story.limits])
        self._learned.fill([(fact.caption, fact.value, fact.note) for fact in story.learned])
        self._changes.fill([(change.time, change.what, change.words) for change in story.changes])
        self._standing.show_state(story.standing, "neutral")
        self._source.setText(self.tr("Source: {text}").format(text=story.source) if story.source else "")
        self.setAccessibleName(f"{self._title.text()} {story.sentence}")

    def _show_brake(self, story: LaneStory, *, anew: bool) -> None:
        _show(self._brake, story.brake is not None, anew=anew)
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


def _show(part: QWidget, shown: bool, *, anew: bool) -> None:
    """Show or hide; what was there of this lane keeps its room, so that nothing moves under a hand."""
    policy = part.sizePolicy()
    policy.setRetainSizeWhenHidden(shown or (policy.retainSizeWhenHidden() and not anew))
    part.setSizePolicy(policy)
    part.setVisible(shown)
