"""The six figures of a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.progress import CampaignProgress, LaneProgress

from ui import wording
from ui.context import Context
from ui.limit_words import limit_words
from ui.pages.monitor.lane_words import LaneWords
from ui.states import campaign_word


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the six cards."""

    value: str
    note: str
    tone: str = ""


class Figures:
    """Says them in the window's language."""

    def __init__(self, context: Context, lanes: LaneWords) -> None:
        self._context = context
        self._lanes = lanes

    def cards(self, campaign: CampaignProgress, bounce_note: str, now: datetime) -> tuple[Figure, ...]:
        """The six cards, in their order."""
        counts = campaign.counts
        accepted = Figure(wording.number(counts.accepted), wording.percent(counts.accepted, counts.sendable))
        waiting = wording.number(counts.deferred)
        remaining = Figure(
            wording.number(counts.open),
            QCoreApplication.translate("Monitor", "of these {n} will be retried").format(n=waiting),
        )
        bounced = Figure(wording.number(counts.bounced), bounce_note, "bad" if counts.bounced else "")
        unknown = Figure(
            wording.number(counts.unknown),
            QCoreApplication.translate("Monitor", "a person must decide")
            if counts.unknown
            else QCoreApplication.translate("Monitor", "nothing in doubt"),
            "warn" if counts.unknown else "",
        )
        # what is measured is an average, and does not end at once with the sending
        rate = campaign.rate if campaign.state is CampaignState.SENDING else 0.0
        average = QCoreApplication.translate("Monitor", "average of one minute")
        pace = Figure(wording.rate(rate), average if rate else "")
        return accepted, remaining, bounced, unknown, pace, self._finish(campaign, now)

    def _finish(self, campaign: CampaignProgress, now: datetime) -> Figure:
        if campaign.finished_at is not None:
            at = wording.day_and_time(campaign.finished_at, now)
            if campaign.state is CampaignState.CANCELLED:
                return Figure(at, campaign_word(campaign.state))
            return Figure(at, QCoreApplication.translate("Monitor", "finished"), "good")
        if campaign.eta is None:
            return Figure("—", self._no_finish(campaign))
        if campaign.stragglers and campaign.expires_at is not None:
            until = wording.day_and_time(campaign.expires_at, now)
            note = QCoreApplication.translate("Monitor", "full mailboxes, tried until {time}: {n}")
            told = note.format(n=wording.number(campaign.stragglers), time=until)
            return Figure(wording.day_and_time(campaign.eta, now), told, "info")
        slow = max((x for x in campaign.lanes if x.eta is not None), key=_eta_of, default=None)
        note = self._last_lane(slow) if slow is not None else wording.until(campaign.eta, now)
        return Figure(wording.day_and_time(campaign.eta, now), note, "info")

    def _last_lane(self, slow: LaneProgress) -> str:
        limit = limit_words(self._context, slow.eta_limit, slow.eta_account)
        text = (
            QCoreApplication.translate("Monitor", "{lane} comes last ({limit})")
            if limit
            else QCoreApplication.translate("Monitor", "{lane} comes last")
        )
        return text.format(lane=self._lanes.name(slow), limit=limit)

    @staticmethod
    def _no_finish(campaign: CampaignProgress) -> str:
        if campaign.state is CampaignState.PAUSED:
            return QCoreApplication.translate("Monitor", "paused")
        return QCoreApplication.translate("Monitor", "not known yet")


def _eta_of(lane: LaneProgress) -> float:
    return lane.eta.timestamp() if lane.eta is not None else 0.0
