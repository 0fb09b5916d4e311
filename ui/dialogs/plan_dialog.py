"""When a campaign shall begin."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from ui import wording
from ui.context import Context
from ui.widgets.labels import label
from ui.widgets.moment_fields import DayField, TimeField

_USUAL_HOUR = 9


class PlanDialog(QDialog):
    """``accepted`` when a person chose ``at``; opened, never executed. Offers the next morning."""

    def __init__(self, context: Context, people: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = context.workspace.now
        self.setWindowTitle(self.tr("Send later"))
        self.setMinimumWidth(520)
        here = self._now().astimezone()
        today = QDate(here.year, here.month, here.day)
        self.day = DayField(QLocale(context.language))
        self.day.setMinimumDate(today)
        self.day.setDate(today.addDays(1))
        self.day.setAccessibleName(self.tr("Day"))
        self.time = TimeField()
        self.time.setTime(QTime(_USUAL_HOUR, 0))
        self.time.setAccessibleName(self.tr("Time"))
        self._told = label("", "strong", wrap=True)
        buttons = QDialogButtonBox()
        self.plan = buttons.addButton(self.tr("&Plan"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.plan.setProperty("role", "primary")
        self.leave = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        question = self.tr("When shall sending to {n} people begin?")
        column.addWidget(label(question.replace("{n}", wording.number(people)), wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.day)
        row.addWidget(self.time)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._told)
        fixed = self.tr(
            "The letter and the people are those of now; whoever unsubscribes until then gets nothing. "
            "Until it begins you can take it back."
        )
        column.addWidget(label(fixed, "secondary", wrap=True))
        off = self.tr(
            "The computer must be on at that time. Should it be more than an hour late, nothing is sent "
            "before you say so."
        )
        column.addWidget(label(off, "secondary", wrap=True))
        column.addWidget(buttons)
        self.day.dateChanged.connect(self._tell)
        self.time.timeChanged.connect(self._tell)
        self._tell()
        self.time.setFocus()

    @property
    def at(self) -> datetime:
        """What is chosen, aware; a time that clocks skip is the one after the gap."""
        chosen = QDateTime(self.day.date(), self.time.time())
        return datetime.fromtimestamp(chosen.toSecsSinceEpoch(), UTC)

    def _accept(self) -> None:
        self._tell()  # it may have been open for long
        if self.plan.isEnabled():
            self.accept()

    def _tell(self) -> None:
        at, now = self.at, self._now()
        is_ahead = at > now
        self.plan.setEnabled(is_ahead)
        if is_ahead:
            words = self.tr("Begins {time}, {span}.").format(
                time=wording.day_and_time(at, now), span=wording.until(at, now)
            )
        else:
            words = self.tr("This time has passed.")
        self._told.setText(words)
