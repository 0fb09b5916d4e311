"""Sending a draft: a countdown or a time before it, the hand-over to the engine, and the test mail."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_relay.domain.errors import RelayError

from ui import wording
from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.dialogs.plan_dialog import PlanDialog
from ui.pages.campaigns.presenter import Presenter
from ui.widgets.notice import CountdownNotice
from ui.widgets.page_frame import PageFrame

HOLD_SECONDS = 5
MOMENT_MILLISECONDS = 700
"""A hand-over that takes longer is told of."""
_ADDRESS_KEY = "campaigns/test_address"


class Sending(QObject):
    """``ended`` when a countdown or a refused hand-over leaves the draft as it was; ``navigate`` onward.

    ``chosen(datetime)`` when a person said when it shall begin. ``calls_off`` counts all calls-off.
    """

    ended = Signal()
    chosen = Signal(object)
    navigate = Signal(str, object)
    test_ended = Signal()

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self.countdown: CountdownNotice | None = None
        self.dialog: PlanDialog | None = None
        self._handing_over = False
        self.calls_off = 0

    @property
    def is_busy(self) -> bool:
        """Between the button and the monitor: a draft is about to be sent, or being handed over."""
        return self.countdown is not None or self.dialog is not None or self._handing_over

    @property
    def test_address(self) -> str:
        """Where the last test went."""
        return self._context.memory.text(_ADDRESS_KEY)

    # -- to everybody

    def want(self, campaign: int, people: int) -> None:
        """Mail cannot be called back, so there are a few seconds to think again."""
        self.call_off()
        sentence = self.tr("In {seconds} seconds sending to {n} people begins.")
        shown = sentence.replace("{n}", wording.number(people))
        notice = self.countdown = CountdownNotice(shown, self.tr("Send now"), seconds=HOLD_SECONDS)
        notice.elapsed.connect(partial(self._send, campaign, people))
        notice.closed.connect(self.call_off)
        self._frame.add_notice(notice)
        notice.call_off.setFocus()

    def ask_when(self, people: int) -> None:
        """Let a person choose a time."""
        self.call_off()
        dialog = self.dialog = PlanDialog(self._context, people, self._frame.window())
        dialog.finished.connect(self._asked)
        dialog.open()

    def _asked(self, _result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.result() == PlanDialog.DialogCode.Accepted:
            self.chosen.emit(dialog.at)
        else:
            self.ended.emit()

    def plan(self, campaign: int, people: int, at: datetime) -> None:
        """Hand it over to begin at a time: until then it can be taken back."""
        self._context.tasks.start(self._sent(campaign, people, at))

    def call_off(self) -> None:
        """Let a running countdown come to nothing, and a wish to send that has not come so far."""
        self.calls_off += 1
        notice, self.countdown = self.countdown, None
        if notice is not None:
            notice.stop()
            notice.deleteLater()
            self.ended.emit()

    def _send(self, campaign: int, people: int) -> None:
        notice, self.countdown = self.countdown, None
        if notice is not None:
            notice.deleteLater()
        self._context.tasks.start(self._sent(campaign, people))

    async def _sent(self, campaign: int, people: int, at: datetime | None = None) -> None:
        moment = QTimer(self, singleShot=True, interval=MOMENT_MILLISECONDS)
        moment.timeout.connect(partial(self._say_under_way, people))
        moment.start()
        self._handing_over = True
        try:
            await self._presenter.send(campaign, at)
        except RelayError as error:
            self._handing_over = False
            self._frame.tell(self._context.describe(error), "bad", name="send")
            self.ended.emit()
            return
        finally:
            self._handing_over = False
            moment.deleteLater()
            self._frame.untell("under_way")
        self.navigate.emit("monitor", MonitorView(campaign))

    def _say_under_way(self, people: int) -> None:
        sentence = self.tr("The mail to {n} people is being lined up. With many people this takes a moment.")
        self._frame.tell(sentence.format(n=wording.number(people)), name="under_way", closable=False)

    # -- to oneself

    def test(self, campaign: int, to: str) -> None:
        """One mail, merged with the first person of the lists."""
        self._context.memory.keep(_ADDRESS_KEY, to)
        self._context.tasks.start(self._tested(campaign, to))

    async def _tested(self, campaign: int, to: str) -> None:
        try:
            number = await self._presenter.send_test(campaign, to)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="test")
            return
        finally:
            self.test_ended.emit()
        notice = self._frame.tell(
            self.tr("The test to {address} is on its way.").format(address=to),
            "good",
            self.tr("See it in the queue"),
            name="test",
        )
        notice.acted.connect(partial(self.navigate.emit, "queue", QueueView(number)))
