"""The monitor's buttons: which campaign, small form, pause or go on, cancel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.progress import CampaignProgress

from ui.pages.monitor.presenter import Choice
from ui.states import campaign_word
from ui.widgets.chooser import Chooser
from ui.widgets.page_frame import PageFrame

_UNDER_WAY = (CampaignState.SENDING, CampaignState.SUBMITTED)


class Header(QObject):
    """Puts its widgets into a page frame and keeps them true to the campaign's state."""

    chosen = Signal(int)

    def __init__(self, frame: PageFrame) -> None:
        super().__init__(frame)
        self.chooser = Chooser(self.tr("Campaign"))
        self.chooser.activated.connect(self._choose)
        frame.add_action_widget(self.chooser)
        self.small = frame.add_action(self.tr("S&mall form"))
        self.pause = frame.add_action(self.tr("&Pause"))
        self.cancel = frame.add_action(self.tr("&Cancel sending"), "danger")

    def show_choices(self, choices: Sequence[Choice], current: int | None) -> None:
        """Fill the chooser; one campaign needs none."""
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            for choice in choices:
                self.chooser.addItem(f"{choice.name} ({campaign_word(choice.state)})", choice.campaign)
            self.chooser.setCurrentIndex(self.chooser.findData(current))
        self.chooser.setVisible(len(choices) > 1)

    def show_campaign(self, campaign: CampaignProgress | None) -> None:
        """Which buttons make sense now."""
        state = campaign.state if campaign is not None else None
        self.small.setVisible(campaign is not None)
        self.pause.setVisible(state in (*_UNDER_WAY, CampaignState.PAUSED))
        self.cancel.setVisible(state in (*_UNDER_WAY, CampaignState.PAUSED))
        self.pause.setText(self.tr("&Go on") if state is CampaignState.PAUSED else self.tr("&Pause"))

    def _choose(self, place: int) -> None:
        self.chosen.emit(int(self.chooser.itemData(place)))
