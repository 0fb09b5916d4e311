"""The one dialog that the settings page may have open."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from desktop_relay.domain.errors import RelayError

from ui.context import Context
from ui.dialogs.dns_dialog import DnsDialog
from ui.dialogs.identity_dialog import IdentityDialog
from ui.dialogs.route_dialog import RouteDialog
from ui.widgets.page_frame import PageFrame


class Dialogs:
    """Opens, closes, and tells an error where the person is looking."""

    def __init__(self, context: Context, frame: PageFrame) -> None:
        self._context = context
        self._frame = frame
        self.current: RouteDialog | IdentityDialog | DnsDialog | None = None

    def open(self, dialog: RouteDialog | IdentityDialog | DnsDialog) -> None:
        """In place of another one."""
        self.close()
        self.current = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def close(self) -> None:
        """It did what it was there for."""
        if self.current is not None:
            self.current.accept()

    def _forget(self, _result: int) -> None:
        dialog: QDialog | None = self.current
        self.current = None
        if dialog is not None:
            dialog.deleteLater()

    def refuse(self, error: RelayError) -> None:
        """In the dialog, else on the page."""
        if isinstance(self.current, (RouteDialog, IdentityDialog)):
            self.current.show_error(error)
        else:
            self._frame.tell(self._context.describe(error), "bad", name="settings")
