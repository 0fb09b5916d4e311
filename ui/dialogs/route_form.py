"""A form whose rows have a word of explanation below the field, and room for what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets.labels import label
from ui.widgets.restyle import set_style_property

_TYPED = (QLineEdit, QPlainTextEdit)
_LINE_HEIGHT = 32
_MNEMONIC = re.compile(r"\(&\w\)|&")


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row."""

    name: QLabel
    control: QWidget
    hint: QLabel
    problem: QLabel
    block: QWidget


class RouteForm(QWidget):
    """Rows by key: the name of the route's field that they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, FormRow] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(16)
        self._layout.setVerticalSpacing(9)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def add(self, key: str, words: str, control: QWidget, hint: str = "") -> None:
        """Another row; its label leads to the field, and the explanation is read out with it."""
        name = QLabel()
        name.setBuddy(control)
        # beside the field itself, however much stands below it
        name.setFixedHeight(min(control.sizeHint().height(), _LINE_HEIGHT))
        row = FormRow(
            name, control, label("", "secondary", wrap=True), label("", "problem", wrap=True), QWidget()
        )
        column = QVBoxLayout(row.block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (control, row.problem, row.hint):
            column.addWidget(part)
        row.problem.hide()
        self.rows[key] = row
        self.call(key, words)
        self.explain(key, hint)
        self._layout.addRow(name, row.block)

    def explain(self, key: str, hint: str) -> None:
        """Say something else below the field, or nothing."""
        row = self.rows[key]
        row.hint.setText(hint)
        row.hint.setVisible(bool(hint))
        row.control.setAccessibleDescription(hint)

    def call(self, key: str, words: str) -> None:
        """Give a row another name."""
        row = self.rows[key]
        row.name.setText(words)
        if words:
            # Qt finds the words by itself only where label and field lie side by side
            row.control.setAccessibleName(_MNEMONIC.sub("", words))

    def show_rows(self, keys: frozenset[str]) -> None:
        """Only these."""
        for key, row in self.rows.items():
            self._layout.setRowVisible(row.block, key in keys)

    def show_problem(self, key: str, text: str) -> bool:
        """Say beside the field what is wrong; whether there is such a field to be seen."""
        row = self.rows.get(key)
        if row is None or row.block.isHidden():
            return False
        row.problem.setText(text)
        row.problem.show()
        if isinstance(row.control, _TYPED):
            set_style_property(row.control, "invalid", True)
        row.control.setFocus()
        return True

    def clear_problems(self) -> None:
        """All is well, as far as one knows."""
        for row in self.rows.values():
            row.problem.hide()
            if isinstance(row.control, _TYPED):
                set_style_property(row.control, "invalid", False)

    @property
    def name_width(self) -> int:
        """The room that the widest name wants."""
        return max(row.name.sizeHint().width() for row in self.rows.values())

    def set_name_width(self, width: int) -> None:
        """So that forms below each other have their fields below each other."""
        for row in self.rows.values():
            row.name.setMinimumWidth(width)
