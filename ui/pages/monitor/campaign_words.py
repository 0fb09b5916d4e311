"""A campaign in words: how it is sent, why it stands still, which of its lanes was stopped."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.lane import LaneState
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.domain.route import RouteKind

from ui import wording
from ui.brake_words import brake_view
from ui.context import Context
from ui.pages.monitor.lane_words import LaneWords


class CampaignWords:
    """Says campaigns in the window's language."""

    def __init__(self, context: Context, lanes: LaneWords) -> None:
        self._context = context
        self._lanes = lanes

    def context_line(self, campaign: CampaignProgress, now: datetime) -> str:
        """Started, sender, route, and how fast practice time runs."""
        parts = []
        if campaign.started_at is not None:
            started = wording.day_and_time(campaign.started_at, now)
            parts.append(QCoreApplication.translate("Monitor", "Started {time}").format(time=started))
        elif campaign.state is CampaignState.SUBMITTED and campaign.start_at is not None:
            planned = wording.day_and_time(campaign.start_at, now)
            parts.append(QCoreApplication.translate("Monitor", "Starts {time}").format(time=planned))
        elif campaign.state is CampaignState.SUBMITTED:
            parts.append(QCoreApplication.translate("Monitor", "Not started yet"))
        parts.append(QCoreApplication.translate("Monitor", "from {sender}").format(sender=campaign.sender))
        if campaign.route_kind is RouteKind.SANDBOX:
            faster = QCoreApplication.translate("Monitor", "practice, {speed} times faster")
            true = QCoreApplication.translate("Monitor", "practice, as fast as in earnest")
            parts.append(true if campaign.speed == 1 else faster.format(speed=f"{campaign.speed:g}"))
        else:
            parts.append(QCoreApplication.translate("Monitor", "by {route}").format(route=campaign.route))
        return " · ".join(parts)

    def pause_sentence(self, campaign: CampaignProgress, now: datetime) -> str:
        """Why the campaign stands still, or nothing when the user paused it or it runs."""
        if campaign.state is not CampaignState.PAUSED or campaign.pause_reason in (
            PauseReason.NONE,
            PauseReason.USER,
        ):
            return ""
        if campaign.pause_reason is PauseReason.CANARY:
            return self.canary_sentence(campaign, now)
        return self._context.phrase("pause_reasons", campaign.pause_reason.value, route=campaign.route)

    def canary_sentence(self, campaign: CampaignProgress, now: datetime) -> str:
        """How the first few go while the rest waits for that, or why it does not follow."""
        canary = campaign.canary
        if canary is None or not canary.holds or campaign.finished_at is not None:
            return ""
        until = wording.day_and_time(canary.until, now) if canary.until is not None else "—"
        told = self._context.phrase(
            "canary", canary.phase.value, number=wording.number(canary.size), until=until
        )
        if canary.finding is None:
            return told
        view = brake_view(self._context, canary.finding)
        return ("" if self._context.language == "ja" else " ").join((told, view.found, view.advice))

    def stopped_lane(self, campaign: CampaignProgress) -> LaneProgress | None:
        """The largest lane that its brake stopped and about which nobody has decided."""
        stopped = (x for x in campaign.lanes if x.state is LaneState.STOPPED and not x.brake_left)
        return max(stopped, key=_size, default=None)

    def stopped_sentence(self, lane: LaneProgress) -> str:
        """What is the matter with it."""
        found = brake_view(self._context, lane.brake).found if lane.brake is not None else ""
        told = QCoreApplication.translate("Monitor", "{lane} was stopped. {why}")
        return told.format(lane=self._lanes.name(lane), why=found)


def _size(lane: LaneProgress) -> int:
    return lane.counts.total
