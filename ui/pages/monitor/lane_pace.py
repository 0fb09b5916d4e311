"""A lane's pace as a person may change it: slower, not at all, for how long, and back to the usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.command import SetLane

from ui import wording
from ui.pages.monitor.end_choice import EndChoice
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import label
from ui.widgets.number_field import DecimalSpinBox
from ui.widgets.steady_label import SteadyLabel
from ui.widgets.steady_slider import SteadySlider

_STEPS = 100
_PER_SECOND_FROM = 10.0
"""Slower lanes are set in messages a minute: whole numbers are easier to think in."""

_LINE_HEIGHT = 34
_UNLIMITED_TOP = 10.0
_SETTLE_MILLISECONDS = 250
"""A hand that is still moving is waited for; well below the second in which all has to be done."""


@dataclass(frozen=True, slots=True)
class PaceView:
    """Paces are messages per second as people see them: times ``speed``, as which practice runs.

    ``usual`` is the profile's, ``own`` what the user set, each ``None`` without one. ``until`` is when the
    change, or the stop, ends by itself.
    """

    route: str
    lane: str
    name: str
    speed: float
    usual: float | None
    own: float | None
    paused: bool
    until: datetime | None

    @property
    def top(self) -> float:
        """The fastest that can be chosen here."""
        return max(self.usual or _UNLIMITED_TOP, self.own or 0.0)

    @property
    def unit(self) -> float:
        """How many seconds the pace is counted over: a minute, or one where that is readable."""
        return 1.0 if self.top >= _PER_SECOND_FROM else 60.0

    @property
    def is_changed(self) -> bool:
        """Whether there is something to go back from."""
        return self.own is not None or self.paused


class PaceControl(QWidget):
    """``wanted(SetLane)`` for every change; what it shows follows what is in force."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: PaceView | None = None
        self._now = datetime.now().astimezone()
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, _STEPS)
        self.slider.setPageStep(10)
        self.slider.setFixedSize(170, _LINE_HEIGHT)
        self.number = DecimalSpinBox()
        self.number.setKeyboardTracking(False)
        self.number.setMinimumWidth(118)
        self.number.lineEdit().setTextMargins(6, 0, 0, 0)
        self.end = EndChoice()
        self.pause = QPushButton()
        self._pause_words = (self.tr("&Stop this lane"), self.tr("G&o on with this lane"))
        self.back = QPushButton(self.tr("&Back to the usual pace"))
        self._standing = SteadyLabel(40, 2, "secondary")
        for words in self._pause_words:  # as wide as either, so that what follows stays where it is
            self.pause.setText(words)
            self.pause.setMinimumWidth(max(self.pause.minimumWidth(), self.pause.sizeHint().width()))
        row = QWidget()
        flow = FlowLayout(row, 10)
        for widget in (self.slider, self.number, self.end, self.pause, self.back):
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(self.tr("Change this lane's pace"), "secondary"))
        column.addWidget(row)
        column.addWidget(self._standing)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MILLISECONDS)
        self._settle.timeout.connect(self._set_pace)
        self.slider.valueChanged.connect(self._follow_slider)
        self.number.valueChanged.connect(self._follow_number)
        self.end.changed.connect(self._change_end)
        self.pause.clicked.connect(self._toggle_pause)
        self.back.clicked.connect(self._go_back)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What the keyboard reaches, in this order."""
        return (self.slider, self.number, self.end.combo, self.end.time, self.pause, self.back)

    def show_view(self, view: PaceView, now: datetime) -> None:
        """What is in force; a hand at work on it is left alone."""
        before, self._view, self._now = self._view, view, now
        if before is None or (before.route, before.lane) != (view.route, view.lane):
            self._settle.stop()
            self.end.reset(now)
            before = None
        if before != view and not (self._settle.isActive() or self.slider.isSliderDown()):
            self._show_pace(view)
        self.slider.setAccessibleName(self.tr("Pace of {lane}").format(lane=view.name))
        self.number.setAccessibleName(self.slider.accessibleName())
        self.pause.setText(self._pause_words[view.paused])
        if self.back.hasFocus() and not view.is_changed:
            self.pause.setFocus()  # else it would go to the next lane's button
        self.back.setEnabled(view.is_changed)
        self._standing.setText(self._describe(view, now))

    def _show_pace(self, view: PaceView) -> None:
        shown, most = (view.own or view.top) * view.unit, view.top * view.unit
        for widget in (self.number, self.slider):
            widget.blockSignals(True)
        self.number.setDecimals(0 if most >= 100 else 1)
        self.number.setRange(0.1, most)
        self.number.setSingleStep(1.0 if most >= 20 else 0.1)
        self.number.setSuffix(self.tr(" a second") if view.unit == 1.0 else self.tr(" a minute"))
        self.number.setValue(shown)
        self.slider.setValue(round(_STEPS * shown / most))
        for widget in (self.number, self.slider):
            widget.blockSignals(False)

    def _describe(self, view: PaceView, now: datetime) -> str:
        usual = self.tr("no limit") if view.usual is None else wording.rate(view.usual)
        until = "" if view.until is None else wording.day_and_time(view.until, now)
        if not view.is_changed:
            text = self.tr("The usual pace: {rate}.")
        elif until:
            text = self.tr("The usual pace: {rate}. Your change holds until {time}.")
        else:
            text = self.tr("The usual pace: {rate}. Your change holds until you change it again.")
        return text.format(rate=usual, time=until)

    def _follow_slider(self, value: int) -> None:
        if self._view is not None:
            most = self._view.top * self._view.unit
            self.number.blockSignals(True)
            self.number.setValue(most * value / _STEPS)
            self.number.blockSignals(False)
            self._settle.start()

    def _follow_number(self, value: float) -> None:
        if self._view is not None:
            self.slider.blockSignals(True)
            self.slider.setValue(round(_STEPS * value / (self._view.top * self._view.unit)))
            self.slider.blockSignals(False)
            self._settle.start()

    def _change_end(self) -> None:
        """Another end for what is changed already; else it waits for a change."""
        view = self._view
        if view is None or self._settle.isActive():
            return
        if view.paused:
            self._want(paused=True)
        elif view.own is not None:
            self._want(rate=view.own / view.speed)

    def _set_pace(self) -> None:
        view = self._view
        if view is None:
            return
        pace = self.number.value() / view.unit
        is_usual = view.top == (view.usual or _UNLIMITED_TOP) and self.slider.value() == _STEPS
        if not is_usual:
            self._want(rate=pace / view.speed)
        elif view.own is not None:
            self._want(rate=0.0)

    def _toggle_pause(self) -> None:
        if self._view is not None:
            self._want(paused=not self._view.paused)

    def _go_back(self) -> None:
        self._settle.stop()
        self._want(rate=0.0, paused=False)

    def _want(self, *, rate: float | None = None, paused: bool | None = None) -> None:
        view = self._view
        if view is None:
            return
        until = self.end.end(self._now) if rate or paused else None
        self.wanted.emit(SetLane(view.route, view.lane, rate=rate, paused=paused, until=until))
