"""A person's fields, to be edited or entered."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_relay.domain.errors import RelayError

from ui.context import Context
from ui.field_words import field_word
from ui.widgets.notice import Notice

_LONG = "notes"


class ContactDialog(QDialog):
    """``wanted(dict)`` with what was written when it shall be kept; opened, never executed."""

    wanted = Signal(object)

    def __init__(
        self,
        context: Context,
        names: list[str],
        values: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(self.tr("Edit person") if values else self.tr("New person"))
        self.resize(520, 600)
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {}
        form = QFormLayout()
        for name in names:
            text = (values or {}).get(name, "")
            field: QLineEdit | QPlainTextEdit
            field = QPlainTextEdit(text) if name == _LONG or "\n" in text else QLineEdit(text)
            if isinstance(field, QPlainTextEdit):
                field.setTabChangesFocus(True)
                field.setMaximumHeight(84)
            if name == "consent_at":
                field.setPlaceholderText("2026-01-31")
            self.fields[name] = field
            form.addRow(field_word(name), field)
        content = QWidget()
        content.setProperty("scrollBody", "true")
        content.setLayout(form)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.notice = Notice("", closable=False)
        self.notice.hide()
        buttons = QDialogButtonBox()
        self.save_button = buttons.addButton(self.tr("&Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.save_button.setProperty("role", "primary")
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(scroll, 1)
        column.addWidget(self.notice)
        column.addWidget(buttons)
        self._shown = self._texts()

    def _want(self) -> None:
        # an import may have changed the other fields since they were shown
        self.wanted.emit({name: text for name, text in self._texts().items() if text != self._shown[name]})

    def _texts(self) -> dict[str, str]:
        return {
            name: field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
            for name, field in self.fields.items()
        }

    def show_error(self, error: RelayError) -> None:
        """It could not be kept."""
        self.notice.show_text(self._context.describe(error), "bad")
