"""The queue: one row a recipient, what became of them and why, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.progress import CampaignProgress, Changed, LaneProgress, Progress
from desktop_relay.domain.recipient import LedgerRow

from ui import wording
from ui.context import Context
from ui.destinations import QueueView
from ui.explanation import reply_in_full, reply_line
from ui.pages.queue.acting import Acting
from ui.pages.queue.actions import Actions
from ui.pages.queue.content import Content
from ui.pages.queue.presenter import Presenter
from ui.widgets.empty_state import EmptyState
from ui.widgets.page_frame import PageFrame

_REFRESH_MILLISECONDS = 1000
_ROWS_A_TURN = 100_000
"""What is shown is read again every second, the order of all rows every second for each of these it has."""
_EMPTY, _TABLE = 0, 1
_STANDING = (CampaignState.PAUSED, CampaignState.SUBMITTED)


class Page(QWidget):
    """The ledger of one campaign."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._campaign: int | None = None
        self._selected: LedgerRow | None = None
        self._frame = PageFrame(self.tr("Queue"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self._actions = Actions(self._frame)
        self._stack = QStackedWidget()
        self._frame.body.addWidget(self._stack)
        self._empty = EmptyState(
            "queue",
            self.tr("Nothing was sent yet"),
            self.tr("After the first campaign, every recipient stands here with what became of the mail."),
            self.tr("To the campaigns"),
        )
        self.content = Content(
            context,
            lane_words=self._presenter.lane_name,
            reply_words=self._reply_line,
            reply_in_full=self._reply_in_full,
        )
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.content)
        self._acting = Acting(context, self._presenter, self._frame, self.content, self._actions)
        self._turns = 0
        self._total = 0
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH_MILLISECONDS)
        self._connect()

    def _connect(self) -> None:
        self._empty.acted.connect(self._go_to_campaigns)
        self._actions.chosen.connect(self._choose)
        self.content.filters.changed.connect(self._apply_filter)
        self.content.selected.connect(self._select)
        self._refresh.timeout.connect(self._reload)
        self._context.engine.progress.connect(self._take_progress)
        self._context.engine.changed.connect(self._take_changed)

    # -- coming and going

    def activate(self, argument: object | None) -> None:
        """Show a campaign: the one asked for (its number or a ``QueueView``), else the last or newest."""
        view = QueueView(argument) if isinstance(argument, int) else argument
        if isinstance(view, QueueView):
            self.content.filters.set_filter(view.state, view.text)
        self._context.tasks.start(self._open(view if isinstance(view, QueueView) else None))

    async def _open(self, view: QueueView | None) -> None:
        choices = await self._presenter.choices()
        known = [choice.campaign for choice in choices]
        wanted = view.campaign if view is not None else self._campaign
        if wanted not in known:
            remembered = self._context.memory.number("queue/campaign")
            wanted = remembered if remembered in known else (known[0] if known else None)
        self._actions.show_choices(choices, wanted)
        await self._show(wanted)

    async def _show(self, campaign: int | None) -> None:
        if campaign != self._campaign:
            self._acting.call_off()
        self._campaign = self._acting.campaign = campaign
        self._stack.setCurrentIndex(_EMPTY if campaign is None else _TABLE)
        self._actions.set_usable(campaign is not None)
        if campaign is None:
            self._frame.set_context("")
            self.content.show_nothing()
            return
        self._context.memory.keep("queue/campaign", campaign)
        self._take_standing(await self._presenter.standing(campaign))
        self._apply_filter()

    def _choose(self, campaign: int) -> None:
        self.content.filters.set_filter(None, "")
        self._context.tasks.start(self._open(QueueView(campaign)))

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sends by leaving."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._acting.call_off()

    # -- news

    def _take_progress(self, progress: Progress) -> None:
        found = self._presenter.find(progress, self._campaign)
        if found is not None and self.isVisible():
            self._presenter.learn_lanes(found.lanes)
            self._take_standing(found)

    def _take_changed(self, changed: Changed) -> None:
        # the table reads again once a second at most, however fast the engine is
        if (changed.recipients or changed.campaigns) and not self._refresh.isActive():
            self._refresh.start()
        if changed.campaigns and self.isVisible():
            self._context.tasks.start(self._follow_campaigns())

    async def _follow_campaigns(self) -> None:
        choices = await self._presenter.choices()
        if self._campaign is None:
            await self._open(None)
        else:
            self._actions.show_choices(choices, self._campaign)

    def _reload(self) -> None:
        if self._campaign is None or not self.isVisible():
            return
        self._turns += 1
        if self._turns > self._total // _ROWS_A_TURN:
            self._turns = 0
            self.content.model.reload()
        else:
            self.content.model.refresh_rows()
            self._refresh.start()  # until the order was read, too

    def _take_standing(self, standing: CampaignProgress) -> None:
        if standing.campaign != self._campaign:
            return
        self._total = standing.counts.total
        total = wording.number(self._total)
        self._frame.set_context(self.tr("{name} · {n} recipients").format(name=standing.name, n=total))
        self.content.filters.show_counts(self._presenter.chip_counts(standing.counts))
        ordered = sorted(standing.lanes, key=_largest_first)
        names = {lane.lane: self._presenter.lane_name(lane.lane) for lane in ordered}
        self.content.filters.show_lanes(names)
        self._actions.show_counts(standing.counts)
        self._acting.stands = standing.state in _STANDING

    # -- the table and the column beside it

    def _apply_filter(self) -> None:
        if self._campaign is not None:
            self.content.show_campaign(self._campaign)

    def _select(self, row: LedgerRow | None) -> None:
        old, self._selected = self._selected, row
        self._acting.selected = row
        panel = self.content.panel
        if row is None:
            panel.show_nobody()
            return
        now = self._context.workspace.now()
        told = self._presenter.explanation(row, now)
        lane = self._presenter.lane_name(row.lane)
        panel.show_row(row, self._presenter.verdict(row, now), lane, told)
        if old is None or old.recipient != row.recipient:
            panel.show_conversation("")
        self._context.tasks.start(self._read_conversation(row))

    async def _read_conversation(self, row: LedgerRow) -> None:
        attempts = await self._presenter.attempts(row.recipient)
        if self._selected is not None and self._selected.recipient == row.recipient:
            self.content.panel.show_conversation(self._presenter.conversation(attempts))

    def _reply_line(self, row: LedgerRow) -> str:
        return reply_line(self._context, row)

    def _reply_in_full(self, row: LedgerRow) -> str:
        lane = self._presenter.lane_name(row.lane)
        return reply_in_full(self._context, row, lane, self._context.workspace.now())

    def _go_to_campaigns(self) -> None:
        self.navigate.emit("campaigns", None)


def _largest_first(lane: LaneProgress) -> int:
    return -lane.counts.total
