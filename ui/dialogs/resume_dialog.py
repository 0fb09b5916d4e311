"""The question before a campaign goes on that another computer may have sent meanwhile."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.progress import CampaignProgress

from ui import wording
from ui.context import Context
from ui.widgets.labels import label


class ResumeDialog(QDialog):
    """``accepted`` when the person says yes; opened, never executed."""

    def __init__(self, context: Context, campaign: CampaignProgress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go on with “{name}”?").format(name=campaign.name))
        self.setMinimumWidth(520)
        people = wording.number(campaign.counts.open)
        doubt = self.tr(
            "If the other computer went on sending, these {number} people may get the mail twice. If it "
            "still works, look there first: a file for moving, made there and restored here, goes on "
            "without doubt."
        )
        told = label(doubt.format(number=people), wrap=True)
        buttons = QDialogButtonBox()
        self.resume = buttons.addButton(
            self.tr("&Send to these people"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.leave = buttons.addButton(self.tr("Leave it paused"), QDialogButtonBox.ButtonRole.RejectRole)
        self.leave.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        reason = campaign.pause_reason if campaign.pause_reason else PauseReason.RESTORED
        column.addWidget(label(context.phrase("pause_reasons", reason.value), "strong", wrap=True))
        column.addWidget(told)
        column.addWidget(buttons)
        self.leave.setFocus()
