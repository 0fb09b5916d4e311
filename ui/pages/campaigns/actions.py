"""The buttons at the top of the campaigns page."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.pages.campaigns.sending import Sending
from ui.widgets.page_frame import PageFrame


class Actions(QObject):
    """``delete``, ``new``, ``later`` and ``send``; nobody can send what is not ready."""

    def __init__(self, frame: PageFrame, sending: Sending) -> None:
        super().__init__(frame)
        self._sending = sending
        self.delete = frame.add_action(self.tr("&Delete"), "danger")
        self.new = frame.add_action(self.tr("Ne&w campaign"))
        self.later = frame.add_action(self.tr("Send l&ater…"))
        self.send = frame.add_action(self.tr("&Send…"), "primary")
        self._is_ready = False

    def show(self, *, draft: bool, kept: bool) -> None:
        """Those for what is shown: a ``draft`` or not, ``kept`` or only begun."""
        self.send.setVisible(draft)
        self.later.setVisible(draft)
        self.delete.setVisible(draft and kept)

    def take(self, ready: bool) -> None:
        """Whether the check lets the draft go; while one is already going, nobody sends it again."""
        self._is_ready = ready
        self._enable(ready and not self._sending.is_busy)

    def hold(self) -> None:
        """It is about to be sent."""
        self._enable(False)

    def free(self) -> None:
        """It is not sent after all."""
        self._enable(self._is_ready)

    def _enable(self, on: bool) -> None:
        self.send.setEnabled(on)
        self.later.setEnabled(on)
