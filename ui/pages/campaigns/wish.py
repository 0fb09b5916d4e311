"""The wish to send what is shown: it comes true only if that is what would go out, and if it still is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject

from desktop_relay.operations.campaigns import Parts

from ui.context import Context
from ui.pages.campaigns.actions import Actions
from ui.pages.campaigns.drafting import Drafting
from ui.pages.campaigns.sending import Sending


class Wish(QObject):
    """Follows the buttons. Between a click and the countdown the draft is kept and looked over again, which
    may take a while; whatever calls a countdown off calls off what has not come so far, too."""

    def __init__(self, context: Context, sending: Sending, drafting: Drafting, buttons: Actions) -> None:
        super().__init__(sending)
        self._context, self._sending, self._drafting, self._buttons = context, sending, drafting, buttons
        self._asked_of: Parts | None = None
        buttons.send.clicked.connect(self._want_send)
        buttons.later.clicked.connect(self._want_plan)
        sending.chosen.connect(self._plan)
        sending.ended.connect(buttons.free)

    async def settle(self) -> None:
        """What stands in the form is what is kept, and what is told of it is true."""
        if await self._drafting.flush():
            await self._drafting.check()

    def _want_send(self) -> None:
        self._context.tasks.start(self._settled(self._sending.want))

    def _want_plan(self) -> None:
        self._context.tasks.start(self._settled(self._ask_when))

    def _ask_when(self, _campaign: int, people: int) -> None:
        self._asked_of = self._drafting.looked_at
        self._sending.ask_when(people)

    def _plan(self, at: datetime) -> None:
        self._buttons.free()
        if self._drafting.looked_at == self._asked_of:
            # the dialog may have been open for long: what is handed over is looked at anew
            self._context.tasks.start(self._settled(partial(self._sending.plan, at=at)))
        else:
            self._drafting.tell_of_change()

    async def _settled(self, go_on: Callable[[int, int], None]) -> None:
        """Go on with the draft and how many people it goes to, if all of it stands as it is shown."""
        before = self._sending.calls_off
        await self.settle()
        campaign = self._drafting.campaign
        if before != self._sending.calls_off or campaign is None or self._drafting.stuck:
            return
        if not self._buttons.send.isEnabled():
            return
        self._buttons.hold()
        if not await self._drafting.still_stands():
            return
        if before == self._sending.calls_off:
            go_on(campaign, self._drafting.people)
        else:
            self._buttons.free()
