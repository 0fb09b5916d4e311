"""The rules of a pool, the first that fits holding: added, removed, put in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.route import RoutingRule

from ui.dialogs.rule_row import RuleRow
from ui.widgets.labels import label


class RuleList(QWidget):
    """``carriers`` are the names of lanes; ``resized`` when it wants more or less room."""

    resized = Signal()

    def __init__(self, carriers: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._carriers = carriers
        self._accounts: tuple[str, ...] = ()
        self.rows: list[RuleRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._none = label(self.tr("No rules: all mail is spread by weight."), "secondary", wrap=True)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.add_button = QPushButton(self.tr("Add a r&ule"))
        self.add_button.setProperty("role", "small")
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add_empty)
        column.addWidget(self._none)
        column.addLayout(self._column)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add_button)

    def set_accounts(self, names: Sequence[str]) -> None:
        """The accounts that take part now."""
        self._accounts = tuple(names)
        for row in self.rows:
            row.set_accounts(names)

    def show_rules(self, rules: Sequence[RoutingRule]) -> None:
        """As they are kept."""
        for rule in rules:
            self._add(rule)

    @property
    def rules(self) -> tuple[RoutingRule, ...]:
        """As they stand there; raises ``BadInput`` (``value_invalid``) while one is not whole."""
        if not all(row.is_whole for row in self.rows):
            raise BadInput(ErrorCode.VALUE_INVALID, field="rules", value="")
        return tuple(row.rule for row in self.rows)

    def _add_empty(self) -> None:
        row = self._add(RoutingRule(next(iter(self._accounts), "")))
        row.lanes.setFocus()

    def _add(self, rule: RoutingRule) -> RuleRow:
        row = RuleRow(self._carriers)
        row.show_rule(rule)
        row.set_accounts(self._accounts)
        row.changed.connect(self.resized)
        row.moved.connect(self._move)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._column.addWidget(row)
        self._follow()
        return row

    def _move(self, steps: int) -> None:
        row = self.sender()
        if not isinstance(row, RuleRow):
            return
        place = self.rows.index(row)
        self.rows.insert(place + steps, self.rows.pop(place))
        self._column.removeWidget(row)
        self._column.insertWidget(place + steps, row)
        self._follow()

    def _remove(self) -> None:
        row = self.sender()
        if isinstance(row, RuleRow):
            self.rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
            self.add_button.setFocus()
            self._follow()

    def _follow(self) -> None:
        """The keyboard goes through them in their order."""
        before: QWidget = self._none
        for place, row in enumerate(self.rows):
            row.set_place(place, len(self.rows))
            before = row.take_turn(before)
        self.setTabOrder(before, self.add_button)
        self._none.setVisible(not self.rows)
        self.resized.emit()
