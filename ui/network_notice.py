"""The line that tells what became of this computer's network, while a campaign needs it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.progress import Progress
from desktop_relay.domain.route import RouteKind

from ui.colours import Tone
from ui.context import Context
from ui.widgets.notice import Notice

_TONES: dict[NetworkState, Tone] = {
    NetworkState.CHANGED: "info",
    NetworkState.UNPROVEN: "warn",
    NetworkState.GONE: "warn",
}


class NetworkNotice(Notice):
    """Follows the engine by itself; hidden while there is nothing to tell. Practice needs no network."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", "info", closable=False, parent=parent)
        self._context = context
        self.hide()
        context.engine.progress.connect(self._follow)
        context.engine.state.connect(self._follow_engine)

    def _follow(self, progress: Progress) -> None:
        under_way = any(
            each.state is CampaignState.SENDING and each.route_kind is not RouteKind.SANDBOX
            for each in progress.campaigns
        )
        if progress.network is NetworkState.STEADY or not under_way:
            self.hide()
            return
        sentence = self._context.phrase("network", progress.network.value)
        if sentence != self.text or self.isHidden():
            self.show_text(sentence, _TONES[progress.network])

    def _follow_engine(self, state: str) -> None:
        if state != "running":
            self.hide()
