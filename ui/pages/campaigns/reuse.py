"""A campaign that was handed over, as a draft again: a copy of it, or a planned one taken back."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.errors import RelayError

from ui.context import Context
from ui.pages.campaigns.presenter import Presenter
from ui.pages.campaigns.sent_view import SentView
from ui.widgets.page_frame import PageFrame


class Reuse(QObject):
    """``made(draft)`` once there is a draft to go on with; ``refused`` when there is none, which is told."""

    made = Signal(int)
    refused = Signal()

    def __init__(self, context: Context, presenter: Presenter, frame: PageFrame, sent: SentView) -> None:
        super().__init__(frame)
        self._context, self._presenter, self._frame = context, presenter, frame
        sent.copy_wanted.connect(self._copy)
        sent.draft_wanted.connect(self._take_back)

    def _copy(self, campaign: int) -> None:
        self._context.tasks.start(self._do(self._presenter.copy(campaign)))

    def _take_back(self, campaign: int) -> None:
        said = self.tr("“{name}” is a draft again and is not sent.")
        self._context.tasks.start(self._do(self._presenter.take_back(campaign), said))

    async def _do(self, work: Coroutine[Any, Any, Draft], said: str = "") -> None:
        try:
            draft = await work
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="keep")
            self.refused.emit()
            return
        self.made.emit(draft.id)
        if said:
            self._frame.tell(said.format(name=draft.name), "good", name="keep")
