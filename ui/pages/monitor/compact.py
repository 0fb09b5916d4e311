"""The small form of the monitor: stays above other windows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.progress import CampaignProgress

from ui import wording
from ui.pages.monitor.figures import Figure
from ui.pages.monitor.segments import segments
from ui.states import CAMPAIGN_TONES, campaign_word
from ui.widgets.chip import Chip
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.progress_bar import SegmentBar


class CompactMonitor(QWidget):
    """``restored`` when the user wants the large window back."""

    restored = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(self.tr("Desktop Relay: sending"))
        self.setFixedWidth(380)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        top = QHBoxLayout()
        self._name = ElidedLabel("", "strong")
        self._chip = Chip()
        top.addWidget(self._name, 1)
        top.addWidget(self._chip)
        column.addLayout(top)
        self._bar = SegmentBar(10)
        column.addWidget(self._bar)
        bottom = QHBoxLayout()
        self._line = label("", "secondary")
        self._back = QPushButton(self.tr("&Large"))
        self._back.setProperty("role", "small")
        self._back.clicked.connect(self.restored)
        bottom.addWidget(self._line, 1)
        bottom.addWidget(self._back)
        column.addLayout(bottom)

    def show_campaign(self, campaign: CampaignProgress, pace: Figure, finish: Figure) -> None:
        """Show how far it is."""
        counts = campaign.counts
        self._name.setText(campaign.name)
        self._chip.show_state(campaign_word(campaign.state), CAMPAIGN_TONES[campaign.state])
        self._bar.set_segments(segments(counts), counts.total)
        done = wording.number(counts.total - counts.open)
        parts = [f"{done} / {wording.number(counts.total)}", pace.value, finish.value]
        self._line.setText(" · ".join(part for part in parts if part != "—"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the small form brings the large one back."""
        event.ignore()
        self.restored.emit()
