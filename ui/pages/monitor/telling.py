"""Lanes told about and decided on: the story below a row, stopped lanes, the canary."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop_relay.domain.canary import CanaryPhase
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import CampaignProgress

from ui.context import Context
from ui.pages.monitor.board import Board
from ui.pages.monitor.lane_steering import LaneSteering
from ui.pages.monitor.presenter import Presenter
from ui.widgets.notice import Notice
from ui.widgets.page_frame import PageFrame

AGAIN_MILLISECONDS = 2000


class Telling(QObject):
    """``show_campaign`` with every news; what is open stays open until it is closed."""

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame, board: Board) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self._board = board
        self._lanes = board.lanes
        self._steering = LaneSteering(context, presenter, frame)
        self._shown: CampaignProgress | None = None
        self._stopped = ""
        self.brake = Notice("", "bad", closable=False)
        self.canary = Notice("", "info", closable=False)
        for notice in (self.brake, self.canary):
            notice.hide()
            frame.add_notice(notice)
        self._again = QTimer(self, interval=AGAIN_MILLISECONDS)
        self._again.timeout.connect(self._read)
        self._lanes.asked.connect(self.ask)
        self._lanes.detail.closed.connect(self._close)
        self._lanes.detail.released.connect(self._decide)
        self._lanes.detail.changed.connect(self._steering.change)
        self._lanes.steered.connect(self._steer)
        self._steering.changed.connect(self._read)
        self.brake.acted.connect(self._ask_stopped)
        self.canary.acted.connect(self._go_on)

    def show_campaign(self, shown: CampaignProgress) -> None:
        """Show what has to be said of it."""
        if self._shown is None or self._shown.campaign != shown.campaign:
            self._close()
        self._shown = shown
        self._show_stopped(shown)
        self._show_canary(shown)

    def ask(self, lane: str) -> None:
        """Tell this lane's story, or put it away when it is told already."""
        if lane == self._lanes.told:
            self._close()
            return
        self._lanes.tell(lane)
        self._again.start()
        self._read()

    def _show_stopped(self, shown: CampaignProgress) -> None:
        lane = self._presenter.words.stopped_lane(shown)
        self._stopped = lane.lane if lane is not None else ""
        if lane is None:
            self.brake.hide()
            return
        sentence = self._presenter.words.stopped_sentence(lane)
        if sentence != self.brake.text or self.brake.isHidden():
            self.brake.show_text(sentence, "bad", self.tr("&Decide"))

    def _show_canary(self, shown: CampaignProgress) -> None:
        stopped = shown.canary is not None and shown.canary.phase is CanaryPhase.STOPPED
        sentence = "" if stopped else self._presenter.words.canary_sentence(shown, self._presenter.now())
        if not sentence:
            self.canary.hide()
        elif sentence != self.canary.text or self.canary.isHidden():
            self.canary.show_text(sentence, "info", self.tr("Send the rest &now"))

    def _read(self) -> None:
        if self._shown is not None and self._lanes.told:
            self._context.tasks.start(self._tell(self._shown, self._lanes.told))

    async def _tell(self, shown: CampaignProgress, lane: str) -> None:
        story = await self._presenter.story(shown, lane)
        if story is not None and lane == self._lanes.told:
            opened = self._lanes.detail.isHidden()
            self._lanes.detail.show_story(story, self._presenter.now())
            self._lanes.tell(lane)
            if opened:
                self._board.show_detail()

    def _steer(self, lane: str, name: str, stop: bool) -> None:
        if self._shown is not None:
            self._steering.change(name, self._shown.speed, SetLane(self._shown.route, lane, paused=stop))

    def _close(self) -> None:
        self._again.stop()
        self._lanes.tell("")

    def _ask_stopped(self) -> None:
        if self._stopped and self._stopped != self._lanes.told:
            self._lanes.open_to(self._stopped)
            self.ask(self._stopped)

    def _decide(self, lane: str, leave: bool) -> None:
        if self._shown is not None:
            self._close()
            self._context.tasks.start(self._decided(self._shown.campaign, lane, leave))

    async def _decided(self, campaign: int, lane: str, leave: bool) -> None:
        try:
            await self._presenter.release_lane(campaign, lane, leave)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="decide")

    def _go_on(self) -> None:
        if self._shown is not None:
            self._context.tasks.start(self._presenter.release(self._shown.campaign))
