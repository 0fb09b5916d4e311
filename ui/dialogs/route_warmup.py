"""The warm-up of an account: whether, from how many mails a day to how many, and what that comes to."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations.account_usage import MOST_DAYS, allowance_of, fewest_days

from ui import wording
from ui.widgets.labels import label
from ui.widgets.number_field import NumberSpinBox

USUAL = Warmup(50, 20_000, 30)
_SHOWN_PARTS = 3


class WarmupField(QWidget):
    """A plan or none. Too few days cannot be chosen. ``resized`` when it wants more or less room."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = QCheckBox(self.tr("Begin with &few mails a day, and grow"))
        self.first = self._number(self.tr("Mails on the first day"), self.tr(" on the first day"))
        self.target = self._number(self.tr("Mails a day in the end"), self.tr(" a day in the end"))
        self.days = self._number(self.tr("Days until then"), self.tr(" days until then"), MOST_DAYS)
        self.preview = label("", "secondary", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        for row, part in enumerate((self.check, self.first, self.target, self.days, self.preview)):
            grid.addWidget(part, row, 0)
        self.setFocusProxy(self.check)
        self.check.toggled.connect(self._unfold)
        for box in (self.first, self.target, self.days):
            box.valueChanged.connect(self._follow)
        self.show_plan(None)

    def _number(self, name: str, suffix: str, most: int = HIGHEST_LIMIT) -> NumberSpinBox:
        box = NumberSpinBox()
        box.setRange(1, most)
        box.setSuffix(suffix)
        box.setGroupSeparatorShown(True)
        box.lineEdit().setTextMargins(8, 0, 0, 0)
        box.setAccessibleName(name)
        return box

    def show_plan(self, plan: Warmup | None) -> None:
        """As it is kept; without one a usual one is ready."""
        shown = plan or USUAL
        self.first.setValue(shown.first)
        self.target.setValue(shown.target)
        self.days.setValue(shown.days)
        self.check.setChecked(plan is not None)
        self._unfold()

    @property
    def plan(self) -> Warmup | None:
        """As it is chosen."""
        if not self.check.isChecked():
            return None
        return Warmup(self.first.value(), self.target.value(), self.days.value())

    def _unfold(self) -> None:
        for part in (self.first, self.target, self.days, self.preview):
            part.setVisible(self.check.isChecked())
        self._follow()
        self.resized.emit()

    def _follow(self) -> None:
        self.target.setMinimum(self.first.value())
        self.days.setMinimum(fewest_days(self.first.value(), self.target.value()))
        plan = Warmup(self.first.value(), self.target.value(), self.days.value())
        steps = dict.fromkeys(1 + (plan.days - 1) * part // _SHOWN_PARTS for part in range(_SHOWN_PARTS + 1))
        parts = [
            self.tr("day {day}: {n}").format(day=step, n=wording.number(allowance_of(plan, step)))
            for step in steps
        ]
        self.preview.setText(" · ".join(parts))
