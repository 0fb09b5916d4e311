"""Signing in to the account of a route: the button, the wait for the browser, and the result."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.oauth import SignInPrompt

from ui.dialogs.route_desk import RouteDesk
from ui.widgets.chip import Chip
from ui.widgets.labels import label


class SignInPanel(QWidget):
    """``asked`` when the button is pressed; whoever hears it keeps the route and calls ``run``.

    ``changed`` when it wants more or less room.
    """

    asked = Signal()
    changed = Signal()

    def __init__(self, desk: RouteDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page = ""
        self._call_off: Future[None] | None = None
        self.chip = Chip()
        self.button = QPushButton()
        self.wait = label("", wrap=True)
        self.again = QPushButton(self.tr("Open again"))
        self.copy = QPushButton(self.tr("Copy the address"))
        self.cancel = QPushButton(self.tr("Call off"))
        for button, call in (
            (self.button, self.asked),
            (self.again, self._open_page),
            (self.copy, self._copy_page),
            (self.cancel, self.stop),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(call)
        for button in (self.again, self.copy, self.cancel):
            button.setProperty("role", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget in (self.button, self.chip):
            first.addWidget(widget)
        first.addStretch(1)
        for widget in (self.again, self.copy, self.cancel):
            second.addWidget(widget)
        second.addStretch(1)
        column.addLayout(first)
        column.addWidget(self.wait)
        column.addLayout(second)
        self.setFocusProxy(self.button)
        self.show_provider("")
        self.show_standing(signed_in=False)
        for part in (self.wait, self.again, self.copy, self.cancel):
            part.hide()

    def show_provider(self, name: str) -> None:
        """Whom the button leads to."""
        self.button.setText(self.tr("S&ign in with {name}…").format(name=name))

    def show_standing(self, *, signed_in: bool) -> None:
        """Whether a sign-in is kept."""
        if signed_in:
            self.chip.show_state(self.tr("Signed in"), "good")
        else:
            self.chip.show_state(self.tr("Not signed in yet"), "warn")

    @property
    def is_waiting(self) -> bool:
        """Somebody may be in the browser."""
        return self._call_off is not None

    async def run(self, name: str) -> None:
        """Sign in to the kept route ``name``; raises ``RelayError``."""
        self._page = ""
        self._call_off = Future()
        self.wait.setText(self.tr("One moment…"))
        self._show_waiting(waiting=True)
        try:
            await self._desk.sign_in(name, self._show_page, self._call_off)
        except RelayError:
            self._show_waiting(waiting=False)
            raise
        self._show_waiting(waiting=False)
        self.show_standing(signed_in=True)

    def stop(self) -> None:
        """Wait no longer."""
        if self._call_off is not None:
            self._call_off.cancel()

    def _show_page(self, prompt: SignInPrompt) -> None:
        if self._call_off is None or self._call_off.cancelled():
            return  # the dialog may be gone by now
        self._page = prompt.page
        self._open_page()

    def _open_page(self) -> None:
        opened = self._desk.open_page(self._page)
        self.wait.setText(
            self.tr("The browser opens. Agree there; this waits up to five minutes.")
            if opened
            else self.tr("No browser could be opened. Copy the address and open it in one on this PC.")
        )
        self.again.setEnabled(True)
        self.copy.setEnabled(True)
        self.changed.emit()

    def _copy_page(self) -> None:
        QGuiApplication.clipboard().setText(self._page)

    def _show_waiting(self, *, waiting: bool) -> None:
        if not waiting:
            self._call_off = None
        self.button.setEnabled(not waiting)
        self.chip.setVisible(not waiting)
        for widget in (self.wait, self.again, self.copy, self.cancel):
            widget.setVisible(waiting)
        for widget in (self.again, self.copy):
            widget.setEnabled(False)
        (self.cancel if waiting else self.button).setFocus()
        self.changed.emit()
