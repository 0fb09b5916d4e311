"""One rule of a pool, as choices: which mail, over which account; said below in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.route import RoutingRule

from ui.dialogs.carrier_choice import CarrierChoice
from ui.dialogs.rule_words import missing_of_rule, tell_rule
from ui.widgets.icons import IconButton
from ui.widgets.labels import label
from ui.widgets.number_field import NumberSpinBox
from ui.widgets.restyle import set_style_property
from ui.widgets.steady_combo_box import SteadyComboBox

_UNITS = (1_000_000, 1_000, 1)
_ANY_SIZE = -1
_LETTERS = 7
_NARROWEST = 96


class RuleRow(QFrame):
    """``changed`` with every choice, ``moved(steps)`` to go up or down, ``removed``."""

    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, carriers: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self._carriers = carriers
        self._accounts: tuple[str, ...] = ()
        self._senders: tuple[str, ...] = ()
        self.lanes = CarrierChoice(carriers)
        self.senders = QLineEdit()
        self.senders.setPlaceholderText(self.tr("anybody"))
        self.over = self._number(_ANY_SIZE, self.tr("any size"))
        self.unit = SteadyComboBox()
        for octets, words in zip(_UNITS, ("MB", "KB", self.tr("bytes")), strict=True):
            self.unit.addItem(words, octets)
        self.senders.setToolTip(self.tr("shop@example.jp, or @example.jp for all of them"))
        self.to = SteadyComboBox()
        self.to.setMinimumContentsLength(_LETTERS)
        self.to.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.only = QCheckBox(self.tr("over no other"))
        self.keep = self._number(0, self.tr("nothing"))
        self.sentence = label("", wrap=True)
        self.sentence.setMinimumWidth(_NARROWEST)  # a name of one long word would widen the whole dialog
        self._up = IconButton("chevron-up", self.tr("Earlier"))
        self._down = IconButton("chevron-down", self.tr("Later"))
        self._remove = IconButton("trash", self.tr("Remove this rule"))
        self._lay_out()
        self._connect()

    @staticmethod
    def _number(least: int, special: str) -> NumberSpinBox:
        box = NumberSpinBox()
        box.setRange(least, HIGHEST_LIMIT)
        box.setSpecialValueText(special)
        box.setGroupSeparatorShown(True)
        box.setMinimumWidth(_NARROWEST)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.sentence, 1)
        for button in (self._up, self._down, self._remove):
            head.addWidget(button)
        column.addLayout(head)
        size = QHBoxLayout()
        size.addWidget(self.over, 1)
        size.addWidget(self.unit)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        # the mail on the left, what becomes of it on the right
        grid.addLayout(size, 2, 1)
        for row, place, words, field in (
            (0, 0, self.tr("Mail to"), self.lanes),
            (1, 0, self.tr("from"), self.senders),
            (2, 0, self.tr("larger than"), self.over),
            (0, 2, self.tr("goes over"), self.to),
            (1, 2, self.tr("keep back"), self.keep),
        ):
            grid.addWidget(label(words, "secondary"), row, place)
            field.setAccessibleName(words)
            if field is not self.over:
                grid.addWidget(field, row, place + 1)
        self.unit.setAccessibleName(self.tr("Unit of the size"))
        grid.addWidget(self.only, 2, 3)
        column.addLayout(grid)

    def _connect(self) -> None:
        self.lanes.changed.connect(self._follow)
        self.senders.textChanged.connect(self._follow)
        for box in (self.over, self.keep):
            box.valueChanged.connect(self._follow)
        self.unit.currentIndexChanged.connect(self._follow)
        self.to.currentIndexChanged.connect(self._follow)
        self.only.toggled.connect(self._follow)
        self._up.clicked.connect(self._go_up)
        self._down.clicked.connect(self._go_down)
        self._remove.clicked.connect(self.removed)

    def set_accounts(self, names: Sequence[str]) -> None:
        """What it may go over; what was chosen stays chosen."""
        if tuple(names) == self._accounts and self.to.count():
            return
        chosen, self._accounts = self.to.currentText(), tuple(names)
        self.to.blockSignals(True)
        self.to.clear()
        self.to.addItems([*names, *([chosen] if chosen and chosen not in names else [])])
        self.to.setCurrentText(chosen or (names[0] if names else ""))
        self.to.blockSignals(False)
        self._follow()

    def take_turn(self, before: QWidget) -> QWidget:
        """Come after ``before`` when the keyboard goes through; answers the last of its own."""
        fields = (self.lanes, self.senders, self.over, self.unit, self.to, self.keep, self.only)
        for widget in (*fields, self._up, self._down, self._remove):
            self.setTabOrder(before, widget)
            before = widget
        return before

    def set_place(self, place: int, rows: int) -> None:
        """Which of how many."""
        self._up.setEnabled(place > 0)
        self._down.setEnabled(place < rows - 1)
        self.setAccessibleName(self.tr("Rule {n}").format(n=place + 1))

    def show_rule(self, rule: RoutingRule) -> None:
        """As it is kept."""
        self._senders = rule.senders
        self.lanes.show_lanes(rule.lanes)
        self.senders.setText(", ".join(rule.senders))
        octets = rule.over_octets
        unit = next(unit for unit in _UNITS if not (octets or _UNITS[0]) % unit)
        self.unit.setCurrentIndex(_UNITS.index(unit))
        self.over.setValue(_ANY_SIZE if octets is None else octets // unit)
        if self.to.findText(rule.to) < 0:
            self.to.addItem(rule.to)
        self.to.setCurrentText(rule.to)
        self.keep.setValue(rule.keep)
        self.only.setChecked(rule.only)
        self._follow()

    @property
    def rule(self) -> RoutingRule:
        """As it is chosen."""
        typed = tuple(self.senders.text().replace(",", " ").replace("、", " ").split())
        # an address in quotes may have a comma in it: what was not touched is not taken apart
        senders = self._senders if self.senders.text() == ", ".join(self._senders) else typed
        over = self.over.value()
        return RoutingRule(
            to=self.to.currentText(),
            lanes=self.lanes.lanes,
            senders=senders,
            over_octets=None if over == _ANY_SIZE else over * _UNITS[self.unit.currentIndex()],
            keep=self.keep.value(),
            only=self.only.isChecked(),
        )

    @property
    def is_whole(self) -> bool:
        """Whether it can be kept so."""
        return not missing_of_rule(self.rule, self._accounts)

    def _follow(self) -> None:
        rule = self.rule
        missing = missing_of_rule(rule, self._accounts)
        self.unit.setEnabled(rule.over_octets is not None)
        self.sentence.setText(missing or tell_rule(rule, self._carriers))
        set_style_property(self.sentence, "look", "problem" if missing else "")
        self.changed.emit()

    def _go_up(self) -> None:
        self.moved.emit(-1)

    def _go_down(self) -> None:
        self.moved.emit(1)
