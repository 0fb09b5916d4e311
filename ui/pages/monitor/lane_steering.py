"""Changing lanes from the monitor: done at once, told in a sentence, and taken back by one button."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import RelayError

from ui import wording
from ui.context import Context
from ui.pages.monitor.presenter import Presenter
from ui.widgets.page_frame import PageFrame


class LaneSteering(QObject):
    """``changed`` once a lane goes otherwise."""

    changed = Signal()

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame) -> None:
        super().__init__(frame)
        self._context, self._presenter, self._frame = context, presenter, frame

    def change(self, name: str, speed: float, wanted: SetLane) -> None:
        """Do it, and offer to take it back; ``speed`` is how many times faster than life the route runs."""
        self._context.tasks.start(self._change(name, speed, wanted))

    async def _change(self, name: str, speed: float, wanted: SetLane) -> None:
        try:
            before = await self._presenter.set_lane(wanted)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="lane")
            return
        self.changed.emit()
        self._frame.undo_bar.offer(self._describe(name, speed, wanted), partial(self._restore, before))

    def _restore(self, before: tuple[SetLane, ...]) -> None:
        self._context.tasks.start(self._restored(before))

    async def _restored(self, before: tuple[SetLane, ...]) -> None:
        try:
            await self._presenter.set_lane(*before)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="lane")
        self.changed.emit()

    def _describe(self, name: str, speed: float, wanted: SetLane) -> str:
        now = self._presenter.now()
        until = "" if wanted.until is None else wording.day_and_time(wanted.until, now)
        if wanted.paused:
            text = self.tr("{lane} stands still until {time}.") if until else self.tr("{lane} stands still.")
        elif wanted.rate:
            text = (
                self.tr("{lane} goes at {rate} at most until {time}.")
                if until
                else self.tr("{lane} goes at {rate} at most.")
            )
        elif wanted.rate is not None:
            text = self.tr("{lane} goes at its usual pace again.")
        else:
            text = self.tr("{lane} goes on.")
        return text.format(lane=name, time=until, rate=wording.rate((wanted.rate or 0.0) * speed))
