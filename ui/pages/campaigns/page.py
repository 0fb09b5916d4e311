"""The campaigns page: all of them on the left, one in the middle, the check before sending on the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.campaign import CampaignState, Draft
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.errors import RelayError
from desktop_relay.domain.progress import Changed
from desktop_relay.operations.campaigns import CampaignRow

from ui import wording
from ui.context import Context
from ui.pages.campaigns.actions import Actions
from ui.pages.campaigns.check_panel import CheckPanel
from ui.pages.campaigns.draft_form import DraftForm
from ui.pages.campaigns.drafting import Drafting
from ui.pages.campaigns.presenter import Presenter
from ui.pages.campaigns.reuse import Reuse
from ui.pages.campaigns.sending import Sending
from ui.pages.campaigns.sent_view import SentView
from ui.pages.campaigns.wish import Wish
from ui.states import CAMPAIGN_TONES, campaign_word
from ui.widgets.card import Card
from ui.widgets.columns import Columns
from ui.widgets.empty_state import EmptyState
from ui.widgets.page_frame import PageFrame
from ui.widgets.side_list import Entry, SideList
from ui.widgets.side_panel import SidePanel

_NARROWEST = (160, 330)


class Page(QWidget):
    """``activate("new")`` begins a campaign, a number shows one."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._rows: dict[int, CampaignRow] = {}
        self._is_new = False
        self.frame = PageFrame(self.tr("Campaigns"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.sending = Sending(context, self._presenter, self.frame)
        self.buttons = Actions(self.frame, self.sending)
        self._make_columns()
        self.empty = EmptyState(
            "campaign",
            self.tr("Campaigns stand here"),
            self.tr("A campaign sends one mail to one or more lists. Practice first: it reaches nobody."),
            self.tr("Make the first one"),
        )
        self.frame.body.addWidget(self.empty, 1)
        self.frame.body.addWidget(self.columns, 1)
        self._connect()
        self._show_columns(False)

    # -- making

    def _make_columns(self) -> None:
        self.list = SideList(self.tr("Campaigns"))
        left = SidePanel(self.tr("Campaigns"), on_left=True)
        left.setMinimumWidth(_NARROWEST[0])
        left.body.setContentsMargins(5, 0, 5, 4)
        left.body.addWidget(self.list, 1)
        self.form = DraftForm()
        self.sent = SentView(self._context)
        self._reuse = Reuse(self._context, self._presenter, self.frame, self.sent)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.form)
        self._stack.addWidget(self.sent)
        middle = Card()
        middle.setProperty("panel", "true")
        middle.body.setContentsMargins(1, 1, 1, 1)
        middle.body.addWidget(self._stack)
        middle.setMinimumWidth(_NARROWEST[1])
        self.checks = CheckPanel(self.sending.test_address)
        self.drafting = Drafting(self._context, self._presenter, self.frame, self.form, self.checks)
        self._wish = Wish(self._context, self.sending, self.drafting, self.buttons)
        self.columns = Columns(
            [(left, 230), (middle, 440), (self.checks, 340)],
            widest=1,
            memory=self._context.memory,
            key="campaigns",
        )

    def _connect(self) -> None:
        self.empty.acted.connect(self._begin)
        self.buttons.delete.clicked.connect(self._delete)
        self.buttons.new.clicked.connect(self._begin)
        self.list.chosen.connect(self._choose)
        self.drafting.kept.connect(self._follow_kept)
        self.drafting.ready.connect(self.buttons.take)
        self.drafting.shown.connect(self._follow_shown)
        self.form.wanted.connect(self.navigate)
        self.form.touched.connect(self.sending.call_off)
        self.sent.wanted.connect(self.navigate)
        self._reuse.made.connect(self._follow_shown)
        self._reuse.refused.connect(self._follow_refused)
        self.checks.test_wanted.connect(self._test)
        self.checks.remedy_wanted.connect(self.navigate)
        self.sending.navigate.connect(self.navigate)
        self.sending.test_ended.connect(partial(self.checks.set_busy, False))
        self._context.changed.changed.connect(self._follow)
        self._context.engine.changed.connect(self._follow_engine)

    # -- showing

    def activate(self, argument: object | None = None) -> None:
        """Read everything; ``"new"`` begins a campaign, a number shows one."""
        wanted = argument if isinstance(argument, int) else None
        self._context.tasks.start(self._read(wanted, begin=argument == "new"))

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever goes to another page does not lose what was written, nor sends by leaving."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.sending.call_off()
            if self.form.take_pending():
                self._context.tasks.start(self.drafting.keep())

    async def kept(self) -> bool:
        """Keep the last letters; what cannot be kept holds the window."""
        await self.drafting.flush()
        return not self.drafting.stuck

    async def _read(self, wanted: int | None, *, begin: bool = False) -> None:
        await self.drafting.flush()
        found = await self._presenter.ingredients()
        self.form.set_ingredients(found)
        await self.drafting.flush()  # what could not be kept for something that is gone now can be
        if self.drafting.stuck:
            await self._read_list(self.drafting.campaign)
            return
        if wanted is not None:
            self._is_new = False
        await self._read_list(wanted if wanted is not None else self.drafting.campaign)
        if begin:
            await self._begin_draft()
        elif self._is_new:
            await self.drafting.begin()
        elif isinstance(self.list.value, int):
            await self._load(self.list.value)

    async def _read_list(self, wanted: int | None) -> None:
        rows = await self._presenter.overview()
        self._rows = {row.id: row for row in rows}
        self.frame.set_context(self.tr("%n campaign(s)", "", len(rows)) if rows else "")
        held = self._is_new or self.drafting.torn
        if wanted not in self._rows:
            wanted = rows[0].id if rows and not held else None
        self.list.fill([self._entry(row) for row in rows], wanted)
        self._show_columns(bool(rows) or held)

    def _entry(self, row: CampaignRow) -> Entry:
        state, tone = campaign_word(row.state), CAMPAIGN_TONES[row.state]
        when = row.start_at if row.is_planned else row.submitted_at
        if when is not None:
            state = f"{state} · {wording.day_and_time(when, self._context.workspace.now())}"
        return Entry(row.name, row.id, second=state, tone=tone)

    def _show_columns(self, shown: bool) -> None:
        self.columns.setVisible(shown)
        self.empty.setVisible(not shown)
        draft = shown and self._stack.currentWidget() is self.form
        self.buttons.show(draft=draft, kept=not self._is_new)

    async def _load(self, campaign: int) -> None:
        row = self._rows.get(campaign)
        sent = row is not None and row.state is not CampaignState.DRAFT
        draft = None if sent else await self._presenter.load(campaign)
        self.drafting.leave()
        self.drafting.campaign, self._is_new = campaign, False
        self.list.choose(campaign)
        self._stack.setCurrentWidget(self.sent if sent else self.form)
        self.checks.setVisible(not sent)
        self._show_columns(True)
        if sent and row is not None:
            self.sent.show_row(row, self._route_words(row.route))
        if draft is None:
            return
        self.drafting.show(draft)
        await self.drafting.check()

    def _route_words(self, name: str) -> str:
        place = self.form.route.findData(name)
        return self.form.route.itemText(place) if place >= 0 else name

    # -- writing

    def _begin(self) -> None:
        self._context.tasks.start(self._begin_fresh())

    async def _begin_fresh(self) -> None:
        self.sending.call_off()
        await self.drafting.flush()
        if self.drafting.stuck:
            return
        self.form.set_ingredients(await self._presenter.ingredients())
        await self._begin_draft()

    async def _begin_draft(self) -> None:
        """A draft that has everything there is only one of."""
        self.drafting.leave()
        self._is_new = True
        self._stack.setCurrentWidget(self.form)
        self.checks.setVisible(True)
        self.list.choose(None)
        self._show_columns(True)
        name = self._presenter.free_name(self.tr("New campaign"), [row.name for row in self._rows.values()])
        self.form.begin(name)
        await self.drafting.begin()

    def _follow_kept(self, campaign: int) -> None:
        self._is_new = False
        self._context.tasks.start(self._list_kept(campaign))

    async def _list_kept(self, campaign: int) -> None:
        await self._read_list(campaign)
        self.list.choose(self.drafting.campaign)  # perhaps another one by now

    def _follow_shown(self, campaign: int | None) -> None:
        self._is_new = False
        self._context.tasks.start(self._read(campaign))

    def _follow_refused(self) -> None:
        self._context.tasks.start(self._reread())

    # -- happenings

    def _choose(self, campaign: int) -> None:
        self._context.tasks.start(self._change_to(campaign))

    async def _change_to(self, campaign: int) -> None:
        self.sending.call_off()
        await self.drafting.flush()
        if self.drafting.stuck:
            self.list.choose(self.drafting.campaign)
            return
        self.list.choose(campaign)
        await self._load(campaign)

    def _test(self, to: str) -> None:
        if self.drafting.campaign is not None:
            self.checks.set_busy(True)
            self._context.tasks.start(self._tested(self.drafting.campaign, to))

    async def _tested(self, campaign: int, to: str) -> None:
        await self._wish.settle()
        if self.drafting.torn:
            self.checks.set_busy(False)
            return
        self.sending.test(campaign, to)

    def _delete(self) -> None:
        if self.drafting.campaign is not None:
            self._context.tasks.start(self._deleted(self.drafting.campaign))

    async def _deleted(self, campaign: int) -> None:
        self.sending.call_off()
        await self.drafting.flush()
        try:
            draft = await self._presenter.delete(campaign)
        except RelayError as error:
            self.frame.tell(self._context.describe(error), "bad", name="keep")
            return
        self.drafting.leave()
        await self._read_list(None)
        if isinstance(self.list.value, int):
            await self._load(self.list.value)
        text = self.tr("“{name}” was deleted.").format(name=draft.name)
        self.frame.undo_bar.offer(text, partial(self._restore, draft))

    def _restore(self, draft: Draft) -> None:
        self._context.tasks.start(self._restored(draft))

    async def _restored(self, draft: Draft) -> None:
        await self.drafting.flush()
        restored = await self._presenter.restore(draft)
        await self._read(restored.id)

    # -- news

    def _follow(self, changes: Changes) -> None:
        if self.isVisible() and (changes.templates or changes.identities or changes.routes or changes.lists):
            self.activate()

    def _follow_engine(self, changed: Changed) -> None:
        if changed.campaigns and self.isVisible():
            self._context.tasks.start(self._reread())

    async def _reread(self) -> None:
        await self._read_list(self.drafting.campaign)
        row = self._rows.get(self.drafting.campaign or 0)
        if row is not None and row.state is not CampaignState.DRAFT:
            if self._stack.currentWidget() is self.sent:
                self.sent.show_row(row, self._route_words(row.route))
            else:
                await self._load(row.id)
