"""What is told when nothing is being sent although it should be: the engine is at rest."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_relay.domain.campaign import CampaignState

from ui.context import Context
from ui.widgets.notice import Notice

_UNFINISHED = (CampaignState.SENDING, CampaignState.SUBMITTED)


class EngineNotice(Notice):
    """Follows the engine by itself; its button starts it. Hidden while no campaign waits for the engine."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("", "warn", closable=False, parent=parent)
        self._context = context
        self._is_waited_for = False
        self.hide()
        self.acted.connect(context.engine.ensure_started)
        context.engine.state.connect(self._follow)

    def show_campaigns(self, *states: CampaignState) -> None:
        """These campaigns are shown beside it."""
        self._is_waited_for = any(state in _UNFINISHED for state in states)
        self._follow(self._context.engine.current_state)

    def _follow(self, state: str) -> None:
        if state == "running" or not self._is_waited_for:
            self.hide()
        elif state == "starting":
            self.show_text(self.tr("The engine is starting…"), "info", "")
        else:
            problem = self._context.engine.problem
            why = self._context.describe(problem) + " " if problem is not None else ""
            told = self.tr("The engine is at rest, so nothing is being sent.")
            self.show_text(why + told, "warn", self.tr("Start the engine"))
