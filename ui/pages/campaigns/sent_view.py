"""A campaign that was submitted: how it stands, and where to look closer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_relay.domain.counts import Counts
from desktop_relay.operations.campaigns import CampaignRow

from ui import wording
from ui.context import Context
from ui.destinations import MonitorView, QueueView
from ui.states import CAMPAIGN_TONES, campaign_word
from ui.widgets.chip import Chip
from ui.widgets.figure import FigureCard
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import label
from ui.widgets.progress_bar import SegmentBar


class SentView(QWidget):
    """``wanted(page, argument)`` leads to the campaign's monitor and queue.

    ``copy_wanted(campaign)`` for a new draft like it, ``draft_wanted(campaign)`` for a planned one back.
    """

    wanted = Signal(str, object)
    copy_wanted = Signal(int)
    draft_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._campaign = 0
        self.name = label("", "title", wrap=True)
        self.state = Chip()
        self._bar = SegmentBar(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(self.name)
        column.addWidget(self.state, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._make_figures())
        column.addWidget(self._bar)
        column.addLayout(self._make_facts())
        column.addLayout(self._make_buttons())
        column.addStretch(1)

    def _make_figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.accepted = FigureCard(self.tr("Accepted"))
        self.open = FigureCard(self.tr("Still to go"))
        self.bounced = FigureCard(self.tr("Bounced"))
        self.others = FigureCard(self.tr("Not sent, unknown"))
        for card in (self.accepted, self.open, self.bounced, self.others):
            row.addWidget(card, 1)
        return row

    def _make_facts(self) -> QFormLayout:
        facts = QFormLayout()
        facts.setHorizontalSpacing(16)
        self._values = {
            key: label("", wrap=True)
            for key in ("sent", "start", "ended", "lists", "template", "sender", "route")
        }
        for words, key in (
            (self.tr("Submitted"), "sent"),
            (self.tr("Planned for"), "start"),
            (self.tr("Ended"), "ended"),
            (self.tr("Lists"), "lists"),
            (self.tr("Template"), "template"),
            (self.tr("Sender"), "sender"),
            (self.tr("Mail server"), "route"),
        ):
            facts.addRow(label(words, "secondary"), self._values[key])
        self._facts = facts
        return facts

    def _make_buttons(self) -> FlowLayout:
        self.monitor = QPushButton(self.tr("See the &monitor"))
        self.monitor.clicked.connect(self._want_monitor)
        self.queue = QPushButton(self.tr("See each &recipient"))
        self.queue.clicked.connect(self._want_queue)
        self.copy = QPushButton(self.tr("&Copy to a new draft"))
        self.copy.clicked.connect(self._want_copy)
        self.take_back = QPushButton(self.tr("Take back to &draft"))
        self.take_back.clicked.connect(self._want_draft)
        buttons = FlowLayout(spacing=8)
        for button in (self.monitor, self.queue, self.copy, self.take_back):
            buttons.addWidget(button)
        return buttons

    def show_row(self, row: CampaignRow, route: str) -> None:
        """Show how it stands; ``route`` is what people call the mail server."""
        self._campaign = row.id
        self.name.setText(row.name)
        self.state.show_state(campaign_word(row.state), CAMPAIGN_TONES[row.state])
        now = self._context.workspace.now()
        values = {
            "sent": wording.day_and_time(row.submitted_at, now) if row.submitted_at else "—",
            "start": wording.day_and_time(row.start_at, now) if row.start_at else "—",
            "ended": wording.day_and_time(row.finished_at, now) if row.finished_at else "—",
            "lists": "、".join(row.lists) if self._context.language == "ja" else ", ".join(row.lists),
            "template": row.template,
            "sender": row.sender,
            "route": route,
        }
        for key, value in values.items():
            self._values[key].setText(value)
        self._facts.setRowVisible(self._values["start"], row.is_planned)
        self._facts.setRowVisible(self._values["sent"], not row.is_planned)
        self.take_back.setVisible(row.is_planned)
        self._bar.setVisible(row.counts is not None)
        self.monitor.setEnabled(row.counts is not None)
        self.queue.setEnabled(row.counts is not None)
        if row.counts is None:  # nobody knows whom it reached: a 0 would be a lie
            for card in (self.accepted, self.open, self.bounced, self.others):
                card.set_figure("—", "")
        else:
            self._show_counts(row.counts)

    def _show_counts(self, counts: Counts) -> None:
        others = counts.held + counts.suppressed + counts.unknown + counts.expired + counts.cancelled
        share = wording.percent(counts.accepted, counts.sendable)
        self.accepted.set_figure(wording.number(counts.accepted), share)
        self.open.set_figure(
            wording.number(counts.open),
            self.tr("{n} retry later").format(n=wording.number(counts.deferred)) if counts.deferred else "",
        )
        self.bounced.set_figure(
            wording.number(counts.bounced),
            wording.percent(counts.bounced, counts.sendable) if counts.bounced else "",
        )
        self.others.set_figure(
            wording.number(others),
            self.tr("{n} unknown").format(n=wording.number(counts.unknown)) if counts.unknown else "",
        )
        self._bar.set_segments(
            [(counts.accepted, "info"), (counts.bounced, "bad"), (counts.deferred, "warn")], counts.total
        )

    def _want_monitor(self) -> None:
        self.wanted.emit("monitor", MonitorView(self._campaign))

    def _want_copy(self) -> None:
        self.copy_wanted.emit(self._campaign)

    def _want_draft(self) -> None:
        self.draft_wanted.emit(self._campaign)

    def _want_queue(self) -> None:
        self.wanted.emit("queue", QueueView(self._campaign))
