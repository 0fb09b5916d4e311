"""The lanes of a campaign in words: one row each, the many small ones as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress

from ui import wording
from ui.brake_words import brake_view
from ui.colours import Tone
from ui.context import Context
from ui.pages.monitor.lane_order import OTHERS, arrange_lanes, opened_lanes
from ui.states import lane_tone, lane_word

_WORST_FIRST = (
    LaneState.STOPPED,
    LaneState.SUSPENDED,
    LaneState.SLOWED,
    LaneState.RUNNING,
    LaneState.IDLE,
    LaneState.PAUSED,
    LaneState.FINISHED,
)


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane's row, in words."""

    lane: str
    name: str
    domains: str
    counts: Counts
    count_text: str
    pace: str
    allowed: str
    history: tuple[float, ...]
    state: str
    tone: Tone
    reason: str
    eta: str
    paused: bool
    can_pause: bool
    stopped: bool = False
    members: int = 1


class LaneWords:
    """Says lanes in the window's language."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self, lane: LaneProgress) -> str:
        """The carrier's name in the window's language."""
        return (lane.name_ja or lane.name) if self._context.language == "ja" else lane.name

    def views(
        self, campaign: CampaignProgress, now: datetime, *, expanded: bool, held: Sequence[str] = ()
    ) -> list[LaneView]:
        """The largest lanes, then the others as one row, and when ``expanded`` so many of them one by one.

        ``held`` are rows that must stay where they are.
        """
        large, small = arrange_lanes(campaign.lanes, held)
        views = [self._lane_view(lane, campaign, now) for lane in large]
        if small:
            views.append(self._group_view(small, now))
        if expanded:
            views += [self._lane_view(lane, campaign, now) for lane in opened_lanes(small)]
        return views

    def _lane_view(self, lane: LaneProgress, campaign: CampaignProgress, now: datetime) -> LaneView:
        done = lane.counts.total - lane.counts.open
        return LaneView(
            lane=lane.lane,
            name=self.name(lane),
            domains=_domains(lane.domains),
            counts=lane.counts,
            count_text=f"{wording.number(done)} / {wording.number(lane.counts.total)}",
            pace=wording.rate(_pace_now(lane)),
            allowed=_allowed(lane.pace_allowed),
            history=lane.history,
            state=lane_word(lane.state),
            tone=lane_tone(lane.state, lane.reason),
            reason=self.reason(lane, now),
            eta=wording.day_and_time(lane.eta, now) if lane.eta is not None else "—",
            paused=lane.reason is LaneReason.USER_PAUSED,
            # while the whole campaign is paused, its lanes do not tell which of them were stopped by hand
            can_pause=campaign.state in (CampaignState.SENDING, CampaignState.SUBMITTED)
            and lane.counts.open > 0,
            stopped=lane.state is LaneState.STOPPED,
        )

    def reason(self, lane: LaneProgress, now: datetime) -> str:
        """Why it goes at its pace, in one sentence; what its brake found comes first."""
        warned = lane.brake is not None and lane.counts.open > 0
        if lane.brake is not None and (warned or lane.state is LaneState.STOPPED):
            view = brake_view(self._context, lane.brake)
            return view.row if lane.state is LaneState.STOPPED else view.found
        return self.pace_reason(lane, now)

    def pace_reason(self, lane: LaneProgress, now: datetime) -> str:
        """What sets its pace."""
        if lane.reason is LaneReason.NONE:
            return ""
        until = wording.day_and_time(lane.until, now) if lane.until is not None else "—"
        cause = self._context.phrase("reasons", lane.cause.value) if lane.cause is not Reason.NONE else "—"
        ends = lane.until is not None and self._context.has_phrase("lane_reasons_until", lane.reason.value)
        return self._context.phrase(
            "lane_reasons_until" if ends else "lane_reasons",
            lane.reason.value,
            until=until,
            time=until,
            cause=cause,
            rate=_plain_rate(lane.pace_allowed),
            connections=lane.connections,
            lane=self.name(lane),
        )

    def _group_view(self, small: Sequence[LaneProgress], now: datetime) -> LaneView:
        counts = Counts.sum(lane.counts for lane in small)
        done = counts.total - counts.open
        state = min((lane.state for lane in small), key=_WORST_FIRST.index)
        worst = next(lane for lane in small if lane.state is state)
        etas = [lane.eta for lane in small if lane.eta is not None]
        names = QCoreApplication.translate("Monitor", "{n} others").format(n=len(small))
        return LaneView(
            lane=OTHERS,
            name=names,
            domains=" · ".join(self.name(lane) for lane in small[:3]) + " …",
            counts=counts,
            count_text=f"{wording.number(done)} / {wording.number(counts.total)}",
            pace=wording.rate(sum(_pace_now(lane) for lane in small)),
            allowed="",
            history=_sum_histories(small),
            state=lane_word(state),
            tone=lane_tone(state, worst.reason),
            reason=self._group_reason(small, state, worst),
            eta=wording.day_and_time(max(etas), now) if etas else "—",
            paused=False,
            can_pause=False,
            members=len(small),
        )

    def _group_reason(self, small: Sequence[LaneProgress], state: LaneState, worst: LaneProgress) -> str:
        alike = sum(lane.state is state for lane in small)
        if state in (LaneState.RUNNING, LaneState.FINISHED, LaneState.IDLE) or alike == len(small):
            return QCoreApplication.translate("Monitor", "each at a pace of its own")
        return QCoreApplication.translate("Monitor", "{n} of them, among them {lane}").format(
            n=alike, lane=self.name(worst)
        )


def throughput(campaign: CampaignProgress) -> tuple[float, ...]:
    """Accepted messages per minute over all lanes, oldest first."""
    return _sum_histories(campaign.lanes)


def _sum_histories(small: Sequence[LaneProgress]) -> tuple[float, ...]:
    length = max((len(lane.history) for lane in small), default=0)
    total = [0.0] * length
    for lane in small:
        for place, value in enumerate(reversed(lane.history)):
            total[length - 1 - place] += value
    return tuple(total)


def _domains(domains: Sequence[str]) -> str:
    # a profile may name a domain and all below it: the same to a reader
    names = list(dict.fromkeys(domain.lstrip(".") for domain in domains))
    return " · ".join(names[:3]) + (" …" if len(names) > 3 else "")


def _allowed(rate: float | None) -> str:
    if rate is None:
        return QCoreApplication.translate("Monitor", "no limit")
    return QCoreApplication.translate("Monitor", "limit {rate}").format(rate=wording.rate(rate))


def _pace_now(lane: LaneProgress) -> float:
    # what is measured is the average of the last minute; a lane that stands has no pace all the same
    return lane.pace_actual if lane.state in (LaneState.RUNNING, LaneState.SLOWED) else 0.0


def _plain_rate(rate: float | None) -> str:
    return QCoreApplication.translate("Monitor", "no limit") if rate is None else wording.rate(rate)
