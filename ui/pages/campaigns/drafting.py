"""Writing a draft: kept a moment after each change, checked after it was kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.errors import RelayError
from desktop_relay.operations.campaigns import Audience
from desktop_relay.operations.carriers import lane_names
from desktop_relay.operations.outlook import Outlook

from ui.context import Context
from ui.pages.campaigns.check_panel import CheckPanel
from ui.pages.campaigns.draft_form import DraftForm
from ui.pages.campaigns.presenter import Finding, Presenter, Written
from ui.widgets.page_frame import PageFrame


class Drafting(QObject):
    """``kept(id)`` after the draft was written to the library, ``ready(bool)`` whether it may be sent.

    ``campaign`` is the draft in the form, ``None`` while it was never kept; ``people`` is how many
    would get it.
    """

    kept = Signal(int)
    ready = Signal(bool)

    def __init__(
        self,
        context: Context,
        presenter: Presenter,
        frame: PageFrame,
        form: DraftForm,
        checks: CheckPanel,
    ) -> None:
        super().__init__(frame)
        self._context = context
        self._presenter = presenter
        self._frame = frame
        self._form = form
        self._checks = checks
        self.campaign: int | None = None
        self.people = 0
        self._turn = 0
        self._keeping = False
        self._again = False
        form.edited.connect(self._edited)
        context.line.changed.connect(self._look_again)

    def _edited(self) -> None:
        self._context.tasks.start(self.keep())

    def _look_again(self) -> None:
        """The line is another one."""
        if self._form.isVisible():
            self._context.tasks.start(self.check())

    async def flush(self) -> None:
        """Keep what was written a moment ago."""
        if self._form.take_pending():
            await self.keep()

    async def keep(self) -> None:
        """Keep the draft; what was written while it was being kept is kept after it, never beside it."""
        self._again = True
        if self._keeping:
            return
        self._keeping = True
        try:
            while self._again:
                self._again = False
                await self._keep_once()
        finally:
            self._keeping = False

    async def _keep_once(self) -> None:
        """Until the draft has all it needs, only count the people."""
        written = self._form.written
        if not written.complete:
            self.ready.emit(False)
            self._checks.set_ready(False)
            await self._count(written)
            self._checks.show_findings([Finding("warn", self.tr("Choose a list, a template and a sender."))])
            return
        try:
            draft = await self._presenter.keep(self.campaign, written)
        except RelayError as error:
            self._frame.tell(self._context.describe(error), "bad", name="keep")
            return
        self.campaign = draft.id
        self.kept.emit(draft.id)
        await self.check()

    async def _count(self, written: Written) -> None:
        chosen = written.lists
        found: Audience | None = await self._presenter.audience(chosen) if chosen else None
        self.people = found.reached if found is not None else 0
        self._checks.show_audience(found)
        outlook = Outlook(())
        if found is not None and written.route:
            outlook = await self._presenter.outlook(found, written)
        self._checks.ends.show_outlook(outlook, lane_names(self._context.language), self._context)

    async def check(self) -> None:
        """The newest look wins; one that comes late is thrown away."""
        if self.campaign is None:
            return
        self._turn += 1
        turn, campaign = self._turn, self.campaign
        written = self._form.written
        await self._count(written)
        report = await self._presenter.check(campaign)
        cost = await self._presenter.cost(campaign)
        if turn == self._turn and campaign == self.campaign:
            self._checks.show_findings(self._presenter.findings(report, written, cost))
            self._checks.set_ready(True)
            self.ready.emit(not report.red)
