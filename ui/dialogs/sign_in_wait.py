"""What is shown while a person agrees at the provider: the page, the code to type there, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.oauth import SignInPrompt

from ui import wording
from ui.dialogs.route_desk import RouteDesk
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import label


class SignInWait(QWidget):
    """``called_off`` when the person gives up; ``changed`` when it wants more or less room."""

    called_off = Signal()
    changed = Signal()

    def __init__(self, desk: RouteDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._prompt = SignInPrompt("")
        self.text = label("", wrap=True)
        self.code = label("", "figure")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.until = label("", "secondary", wrap=True)
        self.copy_code = QPushButton(self.tr("Copy the code"))
        self.copy = QPushButton(self.tr("Copy the address"))
        self.again = QPushButton()
        self.cancel = QPushButton(self.tr("Call off"))
        row = QWidget()
        buttons = FlowLayout(row)
        for button, call in (
            (self.copy_code, self._copy_code),
            (self.copy, self._copy_page),
            (self.again, self._open_page),
            (self.cancel, self.called_off),
        ):
            button.setAutoDefault(False)
            button.setProperty("role", "small")
            button.clicked.connect(call)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.text, self.code, self.until, row):
            column.addWidget(part)

    def begin(self) -> None:
        """The provider is being asked."""
        self.text.setText(self.tr("One moment…"))
        for part in (self.code, self.until, self.copy_code, self.copy, self.again):
            part.hide()
        self.cancel.setFocus()

    def show_prompt(self, prompt: SignInPrompt) -> None:
        """The page opens at once where this computer has to be used; a code may be typed anywhere."""
        self._prompt = prompt
        by_code = bool(prompt.user_code)
        for part in (self.code, self.copy_code):
            part.setVisible(by_code)
        self.copy.show()
        self.again.show()
        self.again.setText(self.tr("Open it here") if by_code else self.tr("Open again"))
        if by_code:
            text = self.tr("On your phone or another PC, open {page} and type in this code:")
            self.text.setText(text.format(page=prompt.page))
            self.code.setText(prompt.user_code)
            self.code.setAccessibleName(self.tr("Code: {code}").format(code=prompt.user_code))
            self._tell_end(prompt)
            self.copy_code.setFocus()
        else:
            self._open_page()
        self.changed.emit()

    def _tell_end(self, prompt: SignInPrompt) -> None:
        self.until.setVisible(prompt.seconds is not None)
        if prompt.seconds is not None:
            now = datetime.now(UTC)
            end = wording.day_and_time(now + timedelta(seconds=prompt.seconds), now)
            text = self.tr("The code is good until {time}; this waits that long.")
            self.until.setText(text.format(time=end))

    def _open_page(self) -> None:
        opened = self._desk.open_page(self._prompt.page)
        if not self._prompt.user_code:
            self.text.setText(
                self.tr("The browser opens. Agree there; this waits up to five minutes.")
                if opened
                else self.tr("No browser could be opened. Copy the address and open it in one on this PC.")
            )
            self.changed.emit()

    def _copy_page(self) -> None:
        QGuiApplication.clipboard().setText(self._prompt.page)

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._prompt.user_code)
