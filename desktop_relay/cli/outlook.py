"""When a campaign will be through and which rule decides it, before and while it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop_relay.cli.console import Console
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.operations.carriers import lane_names
from desktop_relay.operations.outlook import Outlook

_SHOWN_LANES = 12


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    """When a campaign that was not sent yet would be through."""
    last = outlook.last
    return {
        "eta": last.forecast.end if last is not None and last.forecast is not None else None,
        "eta_limit": last.forecast.limit if last is not None and last.forecast is not None else None,
        "lanes": {
            lane.lane: {
                "people": lane.people,
                "eta": lane.forecast.end if lane.forecast is not None else None,
                "eta_limit": lane.forecast.limit if lane.forecast is not None else None,
            }
            for lane in outlook.lanes
        },
    }


def show_outlook(outlook: Outlook, console: Console) -> None:
    """A sentence for each of the lanes that end last."""
    names = lane_names(console.language)
    for lane in outlook.lanes[:_SHOWN_LANES]:
        told = {"name": names.get(lane.lane, lane.lane), "people": f"{lane.people:,}"}
        if lane.forecast is None:
            print(console.phrase("cli", "outlook_unknown", **told))
        else:
            words = _words(lane.forecast.end, lane.forecast.limit, console)
            print(console.phrase("cli", "outlook_lane", **told, **words))
    if (more := len(outlook.lanes) - _SHOWN_LANES) > 0:
        print(console.phrase("cli", "outlook_more", number=more))


def show_end(progress: CampaignProgress, console: Console) -> None:
    """One sentence, where anything can be told."""
    if progress.eta is not None and not console.json:
        print(console.phrase("cli", "campaign_ends", **_words(progress.eta, progress.eta_limit, console)))


def _words(end: datetime, limit: LaneReason, console: Console) -> dict[str, str]:
    rule = console.phrase("limit_words", limit.value)
    return {"time": f"{end.astimezone():%Y-%m-%d %H:%M}", "limit": rule}
