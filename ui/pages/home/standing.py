"""How the campaigns stand: what needs attention, what runs, the latest results."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.counts import Counts

from ui import wording
from ui.colours import Tone
from ui.context import Context
from ui.destinations import MonitorView
from ui.pages.home.attention import CampaignCard
from ui.pages.home.attention_list import AttentionList
from ui.pages.home.presenter import HomeState
from ui.states import CAMPAIGN_TONES, campaign_word
from ui.widgets.card import Card, hairline
from ui.widgets.chip import Chip
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.progress_bar import SegmentBar


class CampaignLine(QWidget):
    """One campaign: name, state, bar, result in words. ``asked(int)`` to see it."""

    asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._campaign = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 8)
        column.setSpacing(5)
        top = QHBoxLayout()
        top.setSpacing(10)
        self._name = ElidedLabel("", "strong")
        self._when = label("", "secondary")
        self._practice = Chip(self.tr("Practice"), "info")
        self._state = Chip()
        self.button = QPushButton(self.tr("Show"))
        self.button.setProperty("role", "small")
        self.button.clicked.connect(self._press)
        top.addWidget(self._name, 1)
        for widget in (self._when, self._practice, self._state, self.button):
            top.addWidget(widget)
        column.addLayout(top)
        self._bar = SegmentBar(8)
        column.addWidget(self._bar)
        self._result = label("", "secondary", wrap=True)
        column.addWidget(self._result)

    def show_card(self, card: CampaignCard, now: datetime) -> None:
        """Show a campaign."""
        self._campaign = card.campaign
        self._name.setText(card.name)
        self._when.setText(self._when_of(card, now))
        self._practice.setVisible(card.practice)
        self._state.show_state(campaign_word(card.state), CAMPAIGN_TONES[card.state])
        self.show_counts(card.counts)
        self.button.setAccessibleName(self.tr("Show {name}").format(name=card.name))

    def _when_of(self, card: CampaignCard, now: datetime) -> str:
        if card.state is CampaignState.SUBMITTED and card.start_at is not None:
            return self.tr("starts {time}").format(time=wording.day_and_time(card.start_at, now))
        return wording.day_and_time(card.submitted_at, now) if card.submitted_at else ""

    def show_counts(self, counts: Counts) -> None:
        """Only the numbers, as they come while sending."""
        parts: list[tuple[float, Tone]] = [
            (counts.accepted, "info"),
            (counts.bounced + counts.expired + counts.unknown, "bad"),
            (counts.deferred, "warn"),
            (counts.suppressed + counts.held + counts.cancelled, "neutral"),
        ]
        self._bar.set_segments(parts, counts.total)
        words = [
            self.tr("{n} accepted ({share})").format(
                n=wording.number(counts.accepted), share=wording.percent(counts.accepted, counts.sendable)
            )
        ]
        if counts.bounced:
            words.append(self.tr("{n} bounced").format(n=wording.number(counts.bounced)))
        if counts.open:
            words.append(self.tr("{n} still to go").format(n=wording.number(counts.open)))
        if counts.unknown:
            words.append(self.tr("{n} unknown").format(n=wording.number(counts.unknown)))
        self._result.setText(" · ".join(words))

    @property
    def campaign(self) -> int:
        """The campaign shown."""
        return self._campaign

    def _press(self) -> None:
        self.asked.emit(self._campaign)


class Standing(QWidget):
    """``navigate(page, argument)`` for every button in it."""

    navigate = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.attention = AttentionList(context)
        self.attention.navigate.connect(self.navigate)
        column.addWidget(self.attention)
        self._card = Card(self.tr("Campaigns"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._card.body.addLayout(self._lines)
        column.addWidget(self._card)
        column.addStretch(1)
        self.lines: list[CampaignLine] = []

    def show_state(self, state: HomeState, now: datetime) -> None:
        """Show all of it; lines are used again."""
        self.attention.show_items(state.attention, now)
        while len(self.lines) < len(state.campaigns):
            line = CampaignLine()
            line.asked.connect(self._show_campaign)
            self._lines.addWidget(hairline())
            self._lines.addWidget(line)
            self.lines.append(line)
        for line, card in zip(self.lines, state.campaigns, strict=False):
            line.show_card(card, now)

    def _show_campaign(self, campaign: int) -> None:
        self.navigate.emit("monitor", MonitorView(campaign))
