"""The monitor's content: six figures, one bar, the lanes, the last hour, the newest reply."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_relay.domain.progress import CampaignProgress

from ui.pages.monitor.lane_board import LaneBoard
from ui.pages.monitor.lane_words import throughput
from ui.pages.monitor.presenter import Presenter
from ui.pages.monitor.reply_bar import ReplyBar
from ui.pages.monitor.segments import segments
from ui.widgets.card import Card
from ui.widgets.figure import FigureCard
from ui.widgets.labels import label
from ui.widgets.line_chart import LineChart
from ui.widgets.progress_bar import SegmentBar
from ui.widgets.steady_scroll import SteadyScroll

_BELOW = 8


class Board(QWidget):
    """Made once; ``show_campaign`` changes only what differs."""

    def __init__(self, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = presenter
        self._campaign = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._make_figures())
        self._bar = SegmentBar(12)
        column.addWidget(self._bar)
        self.lanes = LaneBoard()
        column.addWidget(self._make_scroll(), 1)
        self.reply = ReplyBar()
        column.addWidget(self.reply)

    def _make_figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.figures = [
            FigureCard(title)
            for title in (
                self.tr("Accepted"),
                self.tr("Remaining"),
                self.tr("Bounced"),
                self.tr("Unknown"),
                self.tr("Pace now"),
                self.tr("Finished at"),
            )
        ]
        for card in self.figures:
            row.addWidget(card, 1)
        return row

    def _make_scroll(self) -> SteadyScroll:
        scroll = SteadyScroll()
        scroll.setAccessibleName(self.tr("Lanes and pace"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.column.setSpacing(10)
        scroll.column.addWidget(self.lanes)
        card = Card()
        card.body.addWidget(label(self.tr("Accepted in the last hour"), "secondary"))
        self._chart = LineChart(axis=True)
        self._chart.setMinimumHeight(96)
        self._chart.setAccessibleName(self.tr("Accepted in the last hour"))
        self._chart.set_captions(self.tr("60 min ago"), self.tr("now"), self.tr("{n}/min"))
        card.body.addWidget(self._chart)
        scroll.column.addWidget(card)
        self._scroll = scroll
        return scroll

    def show_detail(self) -> None:
        """Scroll to the row of a lane and its story below, once it has been laid out."""
        QTimer.singleShot(0, self, self._scroll_to_detail)

    def _scroll_to_detail(self) -> None:
        row, detail = self.lanes.told_row, self.lanes.detail
        if row is None or not detail.isVisible():
            return
        content, bar = self._scroll.content, self._scroll.verticalScrollBar()
        top = row.mapTo(content, QPoint()).y()
        bottom = detail.mapTo(content, QPoint()).y() + detail.height() + _BELOW
        # where there is no room for all of it, its beginning is what has to be seen
        bar.setValue(min(top, max(bar.value(), bottom - self._scroll.viewport().height())))

    def show_campaign(self, shown: CampaignProgress, bounce_note: str) -> None:
        """Show how it stands."""
        now = self._presenter.now()
        figures = self._presenter.figures.cards(shown, bounce_note, now)
        for card, figure in zip(self.figures, figures, strict=True):
            card.set_figure(figure.value, figure.note, figure.tone)
        self._bar.set_segments(segments(shown.counts), shown.counts.total)
        self.lanes.show_views(
            self._presenter.lanes.views(shown, now, expanded=self.lanes.expanded, held=self._held(shown))
        )
        self._chart.set_values(throughput(shown))
        self.reply.show_reply(self._presenter.reply(shown))

    def _held(self, shown: CampaignProgress) -> list[str]:
        before, self._campaign = self._campaign, shown.campaign
        return self.lanes.lanes if before == shown.campaign and self.lanes.is_held else []
