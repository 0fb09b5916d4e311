"""Whether this computer's line is paid by volume, as far as the system says so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation


class MeteredLine(QObject):
    """``changed`` when it changes. Until somebody says otherwise nothing is known, and so nothing is said."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_metered = False

    @property
    def is_metered(self) -> bool:
        """Whether it is known to be metered."""
        return self._is_metered

    def take(self, metered: bool) -> None:
        """It is so from now on."""
        if metered != self._is_metered:
            self._is_metered = metered
            self.changed.emit()


def follow_system(line: MeteredLine) -> None:
    """Let the line be what the operating system tells of it; where it tells nothing, leave it as it is.

    Wants an application. Source: Qt 6.11, QNetworkInformation: backends are plugins, one for each system.
    """
    feature = QNetworkInformation.Feature.Metered
    if not QNetworkInformation.loadBackendByFeatures(feature):
        return
    told = QNetworkInformation.instance()
    if told.supports(feature):
        line.take(told.isMetered())
        told.isMeteredChanged.connect(line.take)
