"""What stands where nothing is yet: what goes here and the first step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.widgets.icons import IconLabel
from ui.widgets.labels import label


class EmptyState(QWidget):
    """``acted`` when the button is pressed."""

    acted = Signal()

    def __init__(
        self, icon_name: str, title: str, text: str, button_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(IconLabel(icon_name, "secondary", 44), 0, Qt.AlignmentFlag.AlignHCenter)
        self._title = label(title, "heading", wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._title)
        self._text = label(text, "secondary", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._text)
        self.button = QPushButton(button_text)
        self.button.setProperty("role", "primary")
        self.button.setVisible(bool(button_text))
        self.button.clicked.connect(self.acted)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_text(self, title: str, text: str, button_text: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(button_text)
        self.button.setVisible(bool(button_text))
