"""Whether a few go first, and how long the rest waits after them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop_relay.operations.campaigns import MOST_CANARY_MINUTES

from ui.widgets.labels import label
from ui.widgets.number_field import NumberSpinBox

_USUAL_MINUTES = 30.0


class CanaryChoice(QWidget):
    """``changed`` when the user chose otherwise; ``usual`` is the wait when it is turned on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.usual = _USUAL_MINUTES
        self.check = QCheckBox(self.tr("Send to a &few people first"))
        self.wait = NumberSpinBox()
        self.wait.setRange(1, MOST_CANARY_MINUTES)
        self.wait.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.wait.setSuffix(self.tr(" min"))
        self.wait.setAccessibleName(self.tr("Minutes until the rest follows"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.check)
        self._more = QWidget()
        row = QHBoxLayout(self._more)
        row.setContentsMargins(24, 0, 0, 0)
        row.addWidget(label(self.tr("the rest follows after")))
        row.addWidget(self.wait)
        row.addStretch(1)
        column.addWidget(self._more)
        hint = self.tr(
            "One in a hundred of each carrier, at least 50. If many are unknown there, "
            "the rest waits for you."
        )
        self._hint = label(hint, "secondary", wrap=True)
        column.addWidget(self._hint)
        self._show()
        self.check.toggled.connect(self._toggle)
        self.wait.valueChanged.connect(self._change)

    @property
    def minutes(self) -> float | None:
        """The wait, or ``None`` when everybody goes at once."""
        return float(self.wait.value()) if self.check.isChecked() else None

    def show_minutes(self, minutes: float | None) -> None:
        """Show a draft's choice; tells nobody."""
        with QSignalBlocker(self.check), QSignalBlocker(self.wait):
            self.check.setChecked(minutes is not None)
            self.wait.setValue(round(self.usual if minutes is None else minutes))
        self._show()

    def _toggle(self, _on: bool) -> None:
        self._show()
        self.changed.emit()

    def _change(self, _minutes: int) -> None:
        self.changed.emit()

    def _show(self) -> None:
        self._more.setVisible(self.check.isChecked())
