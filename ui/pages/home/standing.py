"""How the campaigns stand: what needs attention, what runs, the latest results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.recipient import RecipientState

from ui import wording
from ui.colours import Tone
from ui.destinations import MonitorView, QueueView
from ui.pages.home.presenter import Attention, CampaignCard, HomeState, Trouble
from ui.states import CAMPAIGN_TONES, campaign_word
from ui.widgets.card import Card, hairline
from ui.widgets.chip import Chip
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.notice import Notice
from ui.widgets.progress_bar import SegmentBar

_TONES: dict[Trouble, Tone] = {
    Trouble.UNKNOWN: "bad",
    Trouble.PAUSED: "warn",
    Trouble.BOUNCES: "bad",
    Trouble.HELD: "warn",
}


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
        self._when.setText(wording.day_and_time(card.submitted_at, now) if card.submitted_at else "")
        self._practice.setVisible(card.practice)
        self._state.show_state(campaign_word(card.state), CAMPAIGN_TONES[card.state])
        self.show_counts(card.counts)
        self.button.setAccessibleName(self.tr("Show {name}").format(name=card.name))

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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._attention = QVBoxLayout()
        self._attention.setSpacing(6)
        column.addLayout(self._attention)
        self._card = Card(self.tr("Campaigns"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self._card.body.addLayout(self._lines)
        column.addWidget(self._card)
        column.addStretch(1)
        self.lines: list[CampaignLine] = []
        self._notices: dict[Notice, Attention] = {}

    def show_state(self, state: HomeState, now: datetime) -> None:
        """Show all of it; lines are used again."""
        self._show_attention(state.attention)
        while len(self.lines) < len(state.campaigns):
            line = CampaignLine()
            line.asked.connect(self._show_campaign)
            self._lines.addWidget(hairline())
            self._lines.addWidget(line)
            self.lines.append(line)
        for line, card in zip(self.lines, state.campaigns, strict=False):
            line.show_card(card, now)

    def _show_attention(self, items: Sequence[Attention]) -> None:
        if list(items) == list(self._notices.values()):
            return
        for notice in self._notices:
            notice.hide()
            notice.deleteLater()
        self._notices = {}
        for item in items:
            notice = Notice(
                self._sentence(item), _TONES[item.trouble], self._remedy(item.trouble), closable=False
            )
            notice.acted.connect(self._mend)
            self._attention.addWidget(notice)
            self._notices[notice] = item

    def _sentence(self, item: Attention) -> str:
        name = item.name
        match item.trouble:
            case Trouble.UNKNOWN:
                text = self.tr("{name}: it is unknown whether %n people got the mail.", "", item.count)
            case Trouble.HELD:
                text = self.tr(
                    "{name}: %n people are held back, for example without consent.", "", item.count
                )
            case Trouble.BOUNCES:
                text = self.tr("{name}: unusually many bounced (%n). Look through the list.", "", item.count)
            case Trouble.PAUSED:
                text = self.tr("{name} is paused; %n people still wait.", "", item.count)
        return text.format(name=name)

    def _remedy(self, trouble: Trouble) -> str:
        return self.tr("To the monitor") if trouble is Trouble.PAUSED else self.tr("See who")

    def _mend(self) -> None:
        notice = self.sender()
        if not isinstance(notice, Notice):
            return
        item = self._notices[notice]
        states = {
            Trouble.UNKNOWN: RecipientState.UNKNOWN,
            Trouble.HELD: RecipientState.HELD,
            Trouble.BOUNCES: RecipientState.BOUNCED,
        }
        if item.trouble is Trouble.PAUSED:
            self.navigate.emit("monitor", MonitorView(item.campaign))
        else:
            self.navigate.emit("queue", QueueView(item.campaign, states[item.trouble]))

    def _show_campaign(self, campaign: int) -> None:
        self.navigate.emit("monitor", MonitorView(campaign))
