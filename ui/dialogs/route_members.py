"""Which accounts make up a pool, and how much of the mail each takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from desktop_relay.domain.route import Member, Route

from ui import wording
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.number_field import NumberSpinBox

_MOST_WEIGHT = 1000
_SHARE_WIDTH = 48
_WIDEST_NAME = 160


class Members(QWidget):
    """A row for each account: whether it takes part, its weight, and the share that comes to."""

    changed = Signal()

    def __init__(self, accounts: Sequence[Route], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Accounts of the pool"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.checks: dict[str, QCheckBox] = {}
        self.weights: dict[str, NumberSpinBox] = {}
        self.shares: dict[str, QLabel] = {}
        for account in accounts:
            self._add(account)
        if not accounts:
            self._grid.addWidget(
                label(
                    self.tr("There is no account yet. Add the accounts one by one first."),
                    "secondary",
                    wrap=True,
                ),
                0,
                0,
                1,
                4,
            )

    def _add(self, account: Route) -> None:
        name, row = account.name, len(self.checks)
        check = QCheckBox()
        shown = check.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST_NAME)
        check.setText(shown.replace("&", "&&"))
        if shown != name:
            check.setToolTip(name)
            check.setAccessibleName(name)
        weight = NumberSpinBox()
        weight.setRange(1, _MOST_WEIGHT)
        weight.lineEdit().setTextMargins(8, 0, 0, 0)
        weight.setEnabled(False)
        weight.setAccessibleName(self.tr("Weight of {name}").format(name=name))
        weight.setToolTip(self.tr("Twice the weight, twice the mail"))
        share = label("", "secondary")
        share.setMinimumWidth(_SHARE_WIDTH)
        self.checks[name], self.weights[name], self.shares[name] = check, weight, share
        check.toggled.connect(weight.setEnabled)
        check.toggled.connect(self._follow)
        weight.valueChanged.connect(self._follow)
        self._grid.addWidget(check, row, 0)
        self._grid.addWidget(ElidedLabel(account.user or account.host, "secondary"), row, 1)
        self._grid.addWidget(weight, row, 2)
        self._grid.addWidget(share, row, 3)

    def show_members(self, members: Sequence[Member]) -> None:
        """As they are kept."""
        for member in members:
            if member.route in self.checks:
                self.weights[member.route].setValue(member.weight)
                self.checks[member.route].setChecked(True)
        self._follow()

    @property
    def members(self) -> tuple[Member, ...]:
        """As they are chosen."""
        return tuple(
            Member(name, self.weights[name].value())
            for name, check in self.checks.items()
            if check.isChecked()
        )

    def _follow(self) -> None:
        members = {member.route: member.weight for member in self.members}
        whole = sum(members.values())
        for name, share in self.shares.items():
            part = members.get(name)
            share.setText("" if part is None else wording.percent(part, whole))
        self.changed.emit()
