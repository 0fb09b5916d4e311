"""What other programs sent over an account today: told by hand, and counted at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.operations.account_usage import AccountUsage

from ui import wording
from ui.widgets.labels import label
from ui.widgets.number_field import NumberSpinBox


class ElsewhereField(QWidget):
    """``told(number)`` when a person wants so many counted."""

    told = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = NumberSpinBox()
        self.number.setRange(0, HIGHEST_LIMIT)
        self.number.setGroupSeparatorShown(True)
        self.number.setSuffix(self.tr(" mails today"))
        self.number.lineEdit().setTextMargins(8, 0, 0, 0)
        self.number.setAccessibleName(self.tr("Mails that other programs sent today"))
        self.button = QPushButton(self.tr("Count them"))
        self.button.setAutoDefault(False)
        self.standing = label("", "secondary", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.number, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.standing)
        self.setFocusProxy(self.number)
        self.button.clicked.connect(self._tell)

    def show_usage(self, found: AccountUsage) -> None:
        """How the account stands."""
        self.number.setValue(found.elsewhere)
        own = wording.number(max(0, found.today - found.elsewhere))
        if found.left is None:
            text = self.tr("Today {n} went out by this program.").format(n=own)
        else:
            text = self.tr("Today {n} went out by this program. {left} more may go now.")
            text = text.format(n=own, left=wording.number(found.left))
        self.standing.setText(text)

    def _tell(self) -> None:
        self.told.emit(self.number.value())
