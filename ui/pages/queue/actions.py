"""The queue's buttons: which campaign, export, and sending to those who are still missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.recipient import RecipientState

from ui.pages.queue.presenter import RESENDABLE, Choice
from ui.widgets.chooser import Chooser
from ui.widgets.page_frame import PageFrame


class Actions(QObject):
    """``resend_asked(state, sentence)``: the sentence has a place ``{seconds}`` for a countdown's seconds."""

    chosen = Signal(int)
    resend_asked = Signal(object, str)
    retry_all_asked = Signal()

    def __init__(self, frame: PageFrame) -> None:
        super().__init__(frame)
        self.chooser = Chooser(self.tr("Campaign"))
        self.chooser.activated.connect(self._choose)
        self.chooser.hide()
        frame.add_action_widget(self.chooser)
        self.export = frame.add_action(self.tr("&Export…"))
        self.missing = frame.add_action(self.tr("Send to the &missing"))
        self.missing.setProperty("hasMenu", "true")
        self._counts = Counts()
        self.menu = QMenu(self.missing)
        self.missing.setMenu(self.menu)
        self._retry_all = self.menu.addAction("")
        self._retry_all.triggered.connect(self.retry_all_asked)
        self.menu.addSeparator()
        self._again: dict[RecipientState, QAction] = {}
        for state in RESENDABLE:
            action = self.menu.addAction("")
            action.setData(state.value)
            self._again[state] = action
        self.menu.triggered.connect(self._ask)
        self.show_counts(Counts())
        self.set_usable(False)

    def set_usable(self, usable: bool) -> None:
        """Without a campaign there is nothing to do."""
        self.export.setVisible(usable)
        self.missing.setVisible(usable)

    def show_choices(self, choices: Sequence[Choice], current: int | None) -> None:
        """Fill the chooser; one campaign needs none."""
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            for choice in choices:
                self.chooser.addItem(choice.name, choice.campaign)
            self.chooser.setCurrentIndex(self.chooser.findData(current))
        self.chooser.setVisible(len(choices) > 1)

    def show_counts(self, counts: Counts) -> None:
        """How many each entry would reach; what reaches nobody is greyed."""
        self._counts = counts
        self._retry_all.setText(self.tr("Retry all who wait now (%Ln)", "", counts.deferred))
        self._retry_all.setEnabled(counts.deferred > 0)
        words = {
            RecipientState.UNKNOWN: self.tr("Again to the unknown (%Ln)…", "", counts.unknown),
            RecipientState.HELD: self.tr("To those held (%Ln)…", "", counts.held),
            RecipientState.EXPIRED: self.tr("Again to the expired (%Ln)…", "", counts.expired),
            RecipientState.CANCELLED: self.tr("To those cancelled (%Ln)…", "", counts.cancelled),
        }
        for state, action in self._again.items():
            action.setText(words[state])
            action.setEnabled(int(getattr(counts, state.value)) > 0)

    def _choose(self, place: int) -> None:
        self.chosen.emit(int(self.chooser.itemData(place)))

    def _ask(self, action: QAction) -> None:
        if not action.data():
            return
        state = RecipientState(str(action.data()))
        count = int(getattr(self._counts, state.value))
        sentence = (
            self.tr(
                "In {seconds} seconds %Ln people are sent to again. Some of them may have it already.",
                "",
                count,
            )
            if state is RecipientState.UNKNOWN
            else self.tr("In {seconds} seconds %Ln people are sent to.", "", count)
        )
        self.resend_asked.emit(state, sentence)
