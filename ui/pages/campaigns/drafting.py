"""Writing a draft: kept a moment after each change, checked after it was kept."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.errors import ErrorCode, NotFound, RelayError
from desktop_relay.operations.campaigns import Audience, Parts
from desktop_relay.operations.carriers import lane_names
from desktop_relay.operations.outlook import Outlook

from ui.context import Context
from ui.pages.campaigns.check_panel import CheckPanel
from ui.pages.campaigns.draft_form import DraftForm
from ui.pages.campaigns.presenter import Finding, Presenter, Written
from ui.widgets.choice_notice import ChoiceNotice
from ui.widgets.page_frame import PageFrame


class Drafting(QObject):
    """``kept(id)`` after the draft was written to the library, ``ready(bool)`` whether it may be sent.

    ``campaign`` is the draft in the form, ``None`` while it was never kept; ``people`` is how many
    would get it. ``torn`` while another window's change stands against what was written here; ``shown``
    when the other one was taken, ``None`` where that was a deletion.
    """

    kept = Signal(int)
    ready = Signal(bool)
    shown = Signal(object)

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
        self.torn = False
        self._turn = 0
        self._one_by_one = asyncio.Lock()
        self._unkept = False
        self._known: Draft | None = None
        self.looked_at: Parts | None = None
        form.edited.connect(self._edited)
        context.line.changed.connect(self._look_again)

    @property
    def stuck(self) -> bool:
        """What stands in the form could not be kept, and would be lost if it showed something else."""
        return self.torn or self._unkept

    def _edited(self) -> None:
        self._context.tasks.start(self.keep())

    def _look_again(self) -> None:
        """The line is another one."""
        if self._form.isVisible():
            self._context.tasks.start(self.check())

    def show(self, draft: Draft) -> None:
        """The form shows a draft as the library has it."""
        self.leave()
        self.campaign, self._known = draft.id, draft
        self._form.show_draft(draft)

    def leave(self) -> None:
        """The form shows another draft from now on, or none; whatever stood against this one is settled."""
        self.campaign, self._known = None, None
        self.torn, self._unkept = False, False
        self._frame.untell("torn")

    async def still_stands(self) -> bool:
        """Whether the letter is the one that was looked over; else that is shown, as others may write too.

        The people are counted again: lists grow and shrink without anybody's looking at this campaign.
        """
        try:
            parts = await self._presenter.parts(self.campaign or 0)
        except NotFound:
            return True  # the engine says so
        found = await self._presenter.audience(parts.draft.lists)
        is_empty = self.people > 0 and not found.reached
        if parts == self.looked_at and parts.draft == self._known and not is_empty:
            self.people = found.reached
            self._checks.show_audience(found)
            return True
        self.show(parts.draft)
        self.tell_of_change()
        await self.check()
        return False

    def tell_of_change(self) -> None:
        """What is shown is not what a person has looked over."""
        told = self.tr(
            "This campaign, or something it is made of, was changed in another window. "
            "Look it over again before you send it."
        )
        self._frame.tell(told, "warn", name="elsewhere")

    async def flush(self) -> bool:
        """Keep what was written a moment ago, if anything was; afterwards the form may show another draft."""
        self._unkept |= self._form.take_pending()
        return await self._write()

    async def begin(self) -> None:
        """What was begun is kept at once when it has all it needs, else with the first thing written."""
        if self._form.written.complete:
            await self.keep()
        else:
            await self._look_at_part()

    async def keep(self) -> None:
        """Keep the draft, then look it over; until it has all it needs, only count the people."""
        self._unkept = True
        await self._write()
        if self.torn:
            return
        if self._form.written.complete:
            await self.check()
        else:
            await self._look_at_part()

    async def _write(self) -> bool:
        """Whether something was kept; what was written meanwhile is kept after it, never beside it."""
        async with self._one_by_one:
            wanted, self._unkept = self._unkept, False
            written = self._form.written
            if not wanted or not written.keepable:
                return False
            try:
                draft = await self._presenter.keep(self.campaign, written, self._known)
            except RelayError as error:
                self._tell(error)
                return False
            self.campaign, self._known = draft.id, draft
            self.kept.emit(draft.id)
            return True

    # -- another window

    def _tell(self, error: RelayError) -> None:
        self._unkept = True
        if error.code not in (ErrorCode.CHANGED_ELSEWHERE, ErrorCode.NO_SUCH_CAMPAIGN):
            self._frame.tell(self._context.describe(error), "bad", name="keep")
            return
        if self.torn:
            return
        self.torn = True
        self.ready.emit(False)
        if error.code is ErrorCode.NO_SUCH_CAMPAIGN:
            text = self.tr("This campaign was deleted in another window while it was changed here.")
        else:
            text = self.tr("This campaign was changed in another window while it was changed here.")
        notice = ChoiceNotice(text, self.tr("Keep what stands here"), self.tr("Take the other one"))
        notice.setObjectName("torn")
        notice.acted.connect(self._insist)
        notice.refused.connect(self._give_in)
        self._frame.add_notice(notice)

    def _insist(self) -> None:
        self._context.tasks.start(self._insisted())

    async def _insisted(self) -> None:
        """What stands here takes the other one's place."""
        current = await self._find()
        self.campaign, self._known = (None, None) if current is None else (current.id, current)
        self.torn = False
        self._frame.untell("torn")
        await self.keep()

    def _give_in(self) -> None:
        self._context.tasks.start(self._given_in())

    async def _given_in(self) -> None:
        """What was written here is let go."""
        current = await self._find()
        self._form.take_pending()
        self.leave()
        self.shown.emit(None if current is None else current.id)

    async def _find(self) -> Draft | None:
        try:
            return None if self.campaign is None else await self._presenter.load(self.campaign)
        except NotFound:
            return None

    async def _look_at_part(self) -> None:
        self._turn += 1
        self.ready.emit(False)
        self._checks.set_ready(False)
        self._checks.show_findings([Finding("warn", self.tr("Choose a list, a template and a sender."))])
        await self._count(self._form.written, self._turn)

    async def _count(self, written: Written, turn: int) -> None:
        chosen = written.lists
        found: Audience | None = await self._presenter.audience(chosen) if chosen else None
        if turn != self._turn:
            return
        self.people = found.reached if found is not None else 0
        self._checks.show_audience(found)
        outlook = Outlook(())
        if found is not None and written.route:
            outlook = await self._presenter.outlook(found, written)
        if turn == self._turn:
            self._checks.ends.show_outlook(outlook, lane_names(self._context.language), self._context)

    async def check(self) -> None:
        """The newest look wins; one that comes late is thrown away."""
        if self.campaign is None:
            return
        written = self._form.written
        if not written.sendable:
            await self._look_at_part()
            return
        self._turn += 1
        turn, campaign = self._turn, self.campaign
        parts = await self._presenter.parts(campaign)
        await self._count(written, turn)
        report = await self._presenter.check(campaign)
        cost = await self._presenter.cost(campaign)
        if turn == self._turn and campaign == self.campaign:
            self._checks.show_findings(self._presenter.findings(report, written, cost))
            self.looked_at = parts
            self._checks.set_ready(True)
            self.ready.emit(not report.red and not self.torn)
