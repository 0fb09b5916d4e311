"""How long a change of a lane shall hold: until it is changed again, for a while, or until a time of day."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.moment_fields import TimeField
from ui.widgets.steady_combo_box import SteadyComboBox

_SPANS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))


class EndChoice(QWidget):
    """``changed`` when a person chose otherwise."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.combo = SteadyComboBox()
        self.combo.setAccessibleName(self.tr("How long"))
        for words in (
            self.tr("until I change it"),
            self.tr("for 15 minutes"),
            self.tr("for an hour"),
            self.tr("for 3 hours"),
            self.tr("until a time…"),
        ):
            self.combo.addItem(words)
        self.time = TimeField()
        self.time.setAccessibleName(self.tr("Until what time"))
        self.time.setKeyboardTracking(False)
        self.time.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.combo)
        row.addWidget(self.time)
        self.combo.activated.connect(self._choose)
        self.time.timeChanged.connect(self.changed)

    def reset(self, now: datetime) -> None:
        """As for a lane that nobody changed; times of day are offered from the next full hour on."""
        self.combo.setCurrentIndex(0)
        self.time.hide()
        before = self.time.blockSignals(True)
        self.time.setTime(QTime((now.astimezone().hour + 1) % 24, 0))
        self.time.blockSignals(before)

    def end(self, now: datetime) -> datetime | None:
        """The end that is chosen, ``None`` for none; a time of day that has passed is tomorrow's."""
        place = self.combo.currentIndex()
        if place == 0:
            return None
        if place <= len(_SPANS):
            return now + _SPANS[place - 1]
        chosen, here = self.time.time(), now.astimezone()
        then = here.replace(hour=chosen.hour(), minute=chosen.minute(), second=0, microsecond=0)
        # by the calendar, not by 24 hours: the day on which clocks change has 23 or 25
        day = then if then > here else (then.replace(tzinfo=None) + timedelta(days=1)).astimezone()
        return day.astimezone(now.tzinfo)

    def _choose(self, place: int) -> None:
        self.time.setVisible(place > len(_SPANS))
        self.changed.emit()
