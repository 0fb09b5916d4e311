"""What is told of this computer's network while a campaign needs it: what became of it, what it costs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.progress import Progress
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations import campaigns

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
        if progress.network is NetworkState.STEADY or not _under_way(progress):
            self.hide()
            return
        sentence = self._context.phrase("network", progress.network.value)
        if sentence != self.text or self.isHidden():
            self.show_text(sentence, _TONES[progress.network])

    def _follow_engine(self, state: str) -> None:
        if state != "running":
            self.hide()


class MeteredNotice(Notice):
    """While mail goes out over a metered line, with a button that pauses it; it never stops by itself.

    Who closes it does not see it again until the line was another one.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", "info", parent=parent)
        self._context = context
        self._is_closed = False
        self._campaigns: tuple[int, ...] = ()
        self.hide()
        self.closed.connect(self._leave)
        self.acted.connect(self._pause)
        context.line.changed.connect(self._follow_line)
        context.engine.progress.connect(self._follow)
        context.engine.state.connect(self._follow_engine)

    def _follow(self, progress: Progress) -> None:
        self._campaigns = _under_way(progress)
        self._show()

    def _follow_line(self) -> None:
        self._is_closed = False
        self._show()

    def _follow_engine(self, state: str) -> None:
        if state != "running":
            self._campaigns = ()
            self._show()

    def _show(self) -> None:
        if not self._context.line.is_metered or not self._campaigns or self._is_closed:
            self.hide()
        elif self.isHidden():
            told = self.tr("Mail goes out over a line that may be paid by volume.")
            self.show_text(told, "info", self.tr("Pause sending"))

    def _leave(self) -> None:
        self._is_closed = True

    def _pause(self) -> None:
        self._context.tasks.start(self._paused(self._campaigns))

    async def _paused(self, numbers: tuple[int, ...]) -> None:
        self.button.setEnabled(False)
        try:
            for number in numbers:
                await self._context.tasks.in_worker(campaigns.pause, self._context.workspace, number)
        except RelayError as error:
            self.show_text(self._context.describe(error), "bad")
        finally:
            self.button.setEnabled(True)


def _under_way(progress: Progress) -> tuple[int, ...]:
    """The campaigns that need the network just now."""
    return tuple(
        each.campaign
        for each in progress.campaigns
        if each.state is CampaignState.SENDING and each.route_kind is not RouteKind.SANDBOX
    )
