"""The monitor: how a campaign goes, lane by lane, and how to steer it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.campaign import OVER, SENT_ELSEWHERE, CampaignState
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.progress import CampaignProgress, Changed, Progress

from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.dialogs.resume_dialog import ResumeDialog
from ui.engine_notice import EngineNotice
from ui.network_notice import MeteredNotice, NetworkNotice
from ui.pages.monitor.board import Board
from ui.pages.monitor.compact import CompactMonitor
from ui.pages.monitor.header import Header
from ui.pages.monitor.presenter import Choice, Presenter
from ui.pages.monitor.telling import Telling
from ui.widgets.empty_state import EmptyState
from ui.widgets.notice import CountdownNotice, Notice
from ui.widgets.page_frame import PageFrame

_REASONS_MILLISECONDS = 2000


class Page(QWidget):
    """The monitor of one campaign, the newest running one unless another is asked for."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._campaign: int | None = None
        self._shown: CampaignProgress | None = None
        self._bounce_note = ""
        self._bounced_then = -1
        self._countdown: CountdownNotice | None = None
        self._doubt: ResumeDialog | None = None
        self._frame = PageFrame(self.tr("Monitor"), stacked=True, notices_below=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self._header = Header(self._frame)
        self._trouble = Notice("", "bad", closable=False)
        self._trouble.hide()
        self._rest = EngineNotice(context)
        self._frame.add_notice(self._trouble)
        self._frame.add_notice(self._rest)
        self._frame.add_notice(NetworkNotice(context))
        self._frame.add_notice(MeteredNotice(context))
        self._stack = QStackedWidget()
        self._frame.body.addWidget(self._stack)
        self._empty = EmptyState(
            "monitor",
            self.tr("Nothing was sent yet"),
            self.tr(
                "While a campaign is being sent, you see here how far it is and why it goes at its pace."
            ),
            self.tr("To the campaigns"),
        )
        self._stack.addWidget(self._empty)
        self._board = Board(self._presenter)
        self._stack.addWidget(self._board)
        self._telling = Telling(context, self._presenter, self._frame, self._board)
        self._compact = CompactMonitor(self)
        self._reasons = QTimer(self, interval=_REASONS_MILLISECONDS)
        self._connect()
        self._header.show_choices([], None)
        self._header.show_campaign(None)

    def _connect(self) -> None:
        self._empty.acted.connect(self._go_to_campaigns)
        self._header.chosen.connect(self.show_campaign)
        self._header.pause.clicked.connect(self._toggle_pause)
        self._header.cancel.clicked.connect(self._ask_cancel)
        self._header.small.clicked.connect(self._shrink)
        self._compact.restored.connect(self._enlarge)
        self._board.lanes.expanded_changed.connect(self._draw)
        self._board.reply.asked.connect(self._go_to_queue)
        self._trouble.acted.connect(self._resume)
        self._reasons.timeout.connect(self._read_reasons)
        self._context.engine.progress.connect(self._take_progress)
        self._context.engine.changed.connect(self._take_changed)
        self._context.engine.state.connect(self._take_engine_state)
        self._context.changed.changed.connect(self._take_library_changes)

    # -- coming and going

    def activate(self, argument: object | None) -> None:
        """Show a campaign: the one asked for (its number or a ``MonitorView``), else the best guess."""
        wanted = argument.campaign if isinstance(argument, MonitorView) else argument
        self._context.tasks.start(self._open(wanted if isinstance(wanted, int) else None))

    async def _open(self, wanted: int | None) -> None:
        choices = await self._presenter.choices()
        self._fill(choices, wanted)

    def _fill(self, choices: list[Choice], wanted: int | None) -> None:
        known = {choice.campaign for choice in choices}
        if wanted is None and self._campaign in known:
            wanted = self._campaign
        if wanted not in known:
            wanted = self._presenter.preferred(choices)
        self._header.show_choices(choices, wanted)
        self.show_campaign(wanted)

    def show_campaign(self, campaign: int | None) -> None:
        """Show this campaign from now on."""
        if campaign != self._campaign:
            self._campaign, self._shown, self._bounce_note, self._bounced_then = campaign, None, "", -1
            self._call_off()
        self._stack.setCurrentIndex(0 if campaign is None else 1)
        if campaign is None:
            self._frame.set_title(self.tr("Monitor"))
            self._frame.set_context("")
            self._header.show_campaign(None)
            return
        self._context.tasks.start(self._read_standing(campaign))

    async def _read_standing(self, campaign: int) -> None:
        found = self._presenter.find(self._context.engine.latest, campaign)
        standing = found or await self._presenter.standing(campaign)
        if campaign == self._campaign:
            self._take(standing)

    # -- news

    def _take_progress(self, progress: Progress) -> None:
        found = self._presenter.find(progress, self._campaign)
        if found is not None:
            self._take(found)

    def _take(self, campaign: CampaignProgress) -> None:
        self._shown = campaign
        if campaign.state in OVER:
            self._call_off()
        if self._doubt is not None and self._doubt.isVisible() and campaign.state is not CampaignState.PAUSED:
            self._doubt.reject()  # decided elsewhere
        if self._bounced_then < 0:
            self._read_reasons()
        if self.isVisible() or self._compact.isVisible():
            self._draw()

    def _take_changed(self, changed: Changed) -> None:
        if changed.campaigns and self.isVisible():
            self._context.tasks.start(self._open(self._campaign))

    def _take_library_changes(self, changes: Changes) -> None:
        if changes.campaigns and self.isVisible():
            self._context.tasks.start(self._open(self._campaign))

    def _take_engine_state(self, _state: str) -> None:
        if self._campaign is not None and self.isVisible():
            self._context.tasks.start(self._read_standing(self._campaign))

    def _read_reasons(self) -> None:
        shown = self._shown
        if shown is None or shown.counts.bounced == self._bounced_then:
            return
        self._bounced_then = shown.counts.bounced
        self._reasons.start()
        if shown.counts.bounced:
            self._context.tasks.start(self._note_reasons(shown.campaign))

    async def _note_reasons(self, campaign: int) -> None:
        note = await self._presenter.bounce_reasons(campaign)
        if campaign == self._campaign:
            self._bounce_note = note
            self._draw()

    # -- drawing

    def _draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        now = self._presenter.now()
        if self._compact.isVisible():
            *_, pace, finish = self._presenter.figures.cards(shown, "", now)
            self._compact.show_campaign(shown, pace, finish)
        self._frame.set_title(shown.name)
        self._frame.set_context(self._presenter.words.context_line(shown, now))
        self._header.show_campaign(shown)
        self._board.show_campaign(shown, self._bounce_note)
        self._draw_notices(shown)
        self._telling.show_campaign(shown)

    def _draw_notices(self, shown: CampaignProgress) -> None:
        sentence = self._presenter.words.pause_sentence(shown, self._presenter.now())
        if sentence:
            if sentence != self._trouble.text or not self._trouble.isVisible():
                self._trouble.show_text(sentence, "bad", self.tr("Go on"))
        else:
            self._trouble.hide()
        self._rest.show_campaigns(shown.state)

    # -- steering

    def _toggle_pause(self) -> None:
        if self._shown is not None and self._shown.state is CampaignState.PAUSED:
            self._resume()
        elif self._campaign is not None:
            self._context.tasks.start(self._presenter.pause(self._campaign))

    def _resume(self) -> None:
        """Whom another computer may have sent to meanwhile is asked about first."""
        if self._shown is not None and self._shown.pause_reason in SENT_ELSEWHERE:
            self._doubt = ResumeDialog(self._context, self._shown, self.window())
            self._doubt.accepted.connect(self._resume_now)
            self._doubt.open()
        else:
            self._resume_now()

    def _resume_now(self) -> None:
        if self._campaign is not None:
            self._context.tasks.start(self._presenter.resume(self._campaign))

    def _ask_cancel(self) -> None:
        self._call_off()
        text = self.tr(
            "In {seconds} seconds the rest of this campaign is cancelled. What was sent stays sent."
        )
        self._countdown = CountdownNotice(text, self.tr("Cancel it now"))
        self._countdown.elapsed.connect(self._cancel)
        self._countdown.closed.connect(self._call_off)
        self._frame.add_notice(self._countdown)
        self._countdown.call_off.setFocus()

    def _call_off(self) -> None:
        if self._countdown is not None:
            notice, self._countdown = self._countdown, None
            notice.stop()
            notice.deleteLater()

    def _cancel(self) -> None:
        self._call_off()
        if self._campaign is not None:
            self._context.tasks.start(self._presenter.cancel(self._campaign))

    def _shrink(self) -> None:
        self._compact.show()
        self._draw()
        self.window().showMinimized()

    def _enlarge(self) -> None:
        self._compact.hide()
        self.window().showNormal()
        self.window().activateWindow()

    def _go_to_campaigns(self) -> None:
        self.navigate.emit("campaigns", None)

    def _go_to_queue(self) -> None:
        reply = self._shown.last_reply if self._shown is not None else None
        if self._campaign is not None:
            self.navigate.emit("queue", QueueView(self._campaign, text=reply.address if reply else ""))
