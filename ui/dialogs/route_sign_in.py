"""Signing in to the account of a route: the buttons, the wait for a person, and the result."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.oauth import SignInPrompt

from ui.dialogs.route_desk import RouteDesk
from ui.dialogs.sign_in_wait import SignInWait
from ui.widgets.chip import Chip


class SignInPanel(QWidget):
    """``asked(by_code)`` when a button is pressed; whoever hears it keeps the route and calls ``run``.

    By the browser of this computer, or with a code to type on another device. ``changed`` when it wants more
    or less room.
    """

    asked = Signal(bool)
    changed = Signal()

    def __init__(self, desk: RouteDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call_off: Future[None] | None = None
        self.chip = Chip()
        self.button = QPushButton()
        self.other = QPushButton(self.tr("Sign in &by code on another device…"))
        self.other.setProperty("role", "link")
        self.wait = SignInWait(desk)
        self.wait.called_off.connect(self.stop)
        self.wait.changed.connect(self.changed)
        self.button.clicked.connect(self._ask)
        self.other.clicked.connect(self._ask_by_code)
        for button in (self.button, self.other):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.button)
        first.addWidget(self.chip)
        second.addWidget(self.other)
        for row in (first, second):
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.wait)
        self.setFocusProxy(self.button)
        self.show_provider("", gives_codes=False)
        self.show_standing(signed_in=False)
        self.wait.hide()

    def show_provider(self, name: str, *, gives_codes: bool) -> None:
        """Whom the buttons lead to, and whether it gives out codes for another device."""
        self.button.setText(self.tr("S&ign in with {name}…").format(name=name))
        self._gives_codes = gives_codes
        self.other.setVisible(gives_codes and not self.is_waiting)

    def show_standing(self, *, signed_in: bool) -> None:
        """Whether a sign-in is kept."""
        if signed_in:
            self.chip.show_state(self.tr("Signed in"), "good")
        else:
            self.chip.show_state(self.tr("Not signed in yet"), "warn")

    @property
    def is_waiting(self) -> bool:
        """Somebody may be agreeing just now."""
        return self._call_off is not None

    async def run(self, name: str, *, by_code: bool = False) -> None:
        """Sign in to the kept route ``name``; raises ``RelayError``."""
        self._call_off = Future()
        self._show_waiting(waiting=True)
        try:
            await self._desk.sign_in(name, self._show_prompt, self._call_off, by_code=by_code)
        except RelayError:
            self._show_waiting(waiting=False)
            raise
        self._show_waiting(waiting=False)
        self.show_standing(signed_in=True)

    def stop(self) -> None:
        """Wait no longer."""
        if self._call_off is not None:
            self._call_off.cancel()

    def _ask(self) -> None:
        self.asked.emit(False)

    def _ask_by_code(self) -> None:
        self.asked.emit(True)

    def _show_prompt(self, prompt: SignInPrompt) -> None:
        if self._call_off is None or self._call_off.cancelled():
            return  # the dialog may be gone by now
        self.wait.show_prompt(prompt)

    def _show_waiting(self, *, waiting: bool) -> None:
        if not waiting:
            self._call_off = None
        for button in (self.button, self.other):
            button.setEnabled(not waiting)
        self.chip.setVisible(not waiting)
        self.other.setVisible(self._gives_codes and not waiting)
        self.wait.setVisible(waiting)
        if waiting:
            self.wait.begin()
        else:
            self.button.setFocus()
        self.changed.emit()
