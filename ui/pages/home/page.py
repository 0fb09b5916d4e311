"""Home: the way to the first real campaign, afterwards how the campaigns stand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_relay.domain.changes import Changes
from desktop_relay.domain.progress import Changed, Progress

from ui import wording
from ui.backup_notice import BackupNotice
from ui.context import Context
from ui.destinations import MonitorView
from ui.engine_notice import EngineNotice
from ui.network_notice import MeteredNotice, NetworkNotice
from ui.pages.home.presenter import HomeState, Presenter, Step
from ui.pages.home.standing import Standing
from ui.pages.home.steps import Steps
from ui.widgets.page_frame import PageFrame

_WIDEST = 900
_WHERE = {
    Step.CONTACTS: "address_book",
    Step.TEMPLATE: "templates",
    Step.PRACTICE: "campaigns",
    Step.PREPARE: "settings",
    Step.SEND: "campaigns",
}
_WHAT_FIRST = {Step.CONTACTS: "import", Step.SEND: "new"}


class Page(QWidget):
    """Reads afresh whenever it is shown or something changed."""

    navigate = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._presenter = Presenter(context)
        self._reading = False
        self._again = False
        self._frame = PageFrame(self.tr("Home"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame)
        self._rest = EngineNotice(context)
        self._frame.add_notice(self._rest)
        self._frame.add_notice(NetworkNotice(context))
        self._frame.add_notice(MeteredNotice(context))
        self._backups = BackupNotice(context)
        self._backups.acted.connect(self._go_to_backups)
        self._frame.add_notice(self._backups)
        self._new = self._frame.add_action(self.tr("&New campaign"), "primary")
        self.steps = Steps(context)
        self.standing = Standing(context)
        self._state: HomeState | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(QWidget())
        self._stack.addWidget(self._centred(self.steps, self.tr("The first steps")))
        self._stack.addWidget(self._centred(self.standing, self.tr("Campaigns")))
        self._frame.body.addWidget(self._stack)
        self._new.hide()
        self._new.clicked.connect(self._new_campaign)
        self.steps.acted.connect(self._go)
        self.steps.practise_asked.connect(self._practise)
        for content in (self.steps, self.standing):
            content.navigate.connect(self.navigate)
        context.changed.changed.connect(self._follow_library)
        context.engine.changed.connect(self._follow_spool)
        context.engine.progress.connect(self._follow_progress)

    @staticmethod
    def _centred(content: QWidget, name: str) -> QScrollArea:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setAccessibleName(name)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        outer = QWidget()
        outer.setProperty("scrollBody", "true")
        row = QHBoxLayout(outer)
        row.setContentsMargins(0, 0, 0, 0)
        content.setMaximumWidth(_WIDEST)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        scroll.setWidget(outer)
        return scroll

    def activate(self, _argument: object | None) -> None:
        """Read afresh."""
        self._read()
        self._backups.refresh()

    def _read(self) -> None:
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._context.tasks.start(self._load())

    async def _load(self) -> None:
        try:
            state = await self._presenter.read()
        finally:
            self._reading = False
        self._show(state)
        if self._again:
            self._again = False
            self._read()

    def _show(self, state: HomeState) -> None:
        self._state = state
        if state.sent:
            self.standing.show_state(state, self._context.workspace.now())
            people = wording.number(state.contacts)
            self._frame.set_context(self.tr("{n} people in the address book").format(n=people))
        else:
            self.steps.show_state(state, self._context.workspace.now())
            self._frame.set_context("")
        self._rest.show_campaigns(*(card.state for card in state.campaigns))
        self._new.setVisible(state.sent)
        self._stack.setCurrentIndex(2 if state.sent else 1)

    # -- news

    def _follow_library(self, _changes: Changes) -> None:
        if self.isVisible():
            self._read()

    def _follow_spool(self, changed: Changed) -> None:
        if changed.campaigns and self.isVisible():
            self._read()

    def _follow_progress(self, progress: Progress) -> None:
        if not self.isVisible():
            return
        if self._state is not None:
            self._state = self._state.with_progress(progress)
            shown = self.standing if self._state.sent else self.steps
            shown.attention.show_items(self._state.attention, self._context.workspace.now())
        by_number = {campaign.campaign: campaign for campaign in progress.campaigns}
        for line in self.standing.lines:
            found = by_number.get(line.campaign)
            if found is not None:
                line.show_counts(found.counts)

    # -- going on

    def _go(self, step: Step) -> None:
        is_done = self._state is not None and step in self._state.done
        self.navigate.emit(_WHERE[step], None if is_done else _WHAT_FIRST.get(step))

    def _go_to_backups(self) -> None:
        self.navigate.emit("settings", None)

    def _new_campaign(self) -> None:
        self.navigate.emit("campaigns", "new")

    def _practise(self) -> None:
        self.steps.sample.setEnabled(False)
        self._frame.tell(self.tr("A sample list is being prepared…"), "info")
        self._context.tasks.start(self._start_practice())

    async def _start_practice(self) -> None:
        try:
            campaign = await self._presenter.practise()
        finally:
            self.steps.sample.setEnabled(True)
        self.navigate.emit("monitor", MonitorView(campaign))
