"""When a campaign will be through and which rule decides it, before and while it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop_relay.cli.console import Console
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.operations.carriers import lane_names
from desktop_relay.operations.outlook import Outlook
from desktop_relay.policy.forecast import Forecast

_SHOWN_LANES = 12


def outlook_document(outlook: Outlook) -> dict[str, Any]:
    """When a campaign that was not sent yet would be through."""
    last = outlook.last
    return {
        **_end_document(last.forecast if last is not None else None),
        "lanes": {
            lane.lane: {"people": lane.people, **_end_document(lane.forecast)} for lane in outlook.lanes
        },
    }


def _end_document(forecast: Forecast | None) -> dict[str, Any]:
    return {
        "eta": forecast.end if forecast is not None else None,
        "eta_limit": forecast.limit if forecast is not None else None,
        "eta_account": (forecast.account or None) if forecast is not None else None,
    }


def show_outlook(outlook: Outlook, console: Console) -> None:
    """A sentence for each of the lanes that end last."""
    names = lane_names(console.language)
    for lane in outlook.lanes[:_SHOWN_LANES]:
        told = {"name": names.get(lane.lane, lane.lane), "people": f"{lane.people:,}"}
        if lane.forecast is None:
            print(console.phrase("cli", "outlook_unknown", **told))
        else:
            words = _words(lane.forecast.end, lane.forecast.limit, lane.forecast.account, console)
            print(console.phrase("cli", "outlook_lane", **told, **words))
    if (more := len(outlook.lanes) - _SHOWN_LANES) > 0:
        print(console.phrase("cli", "outlook_more", number=more))


def show_end(progress: CampaignProgress, console: Console) -> None:
    """One sentence, where anything can be told."""
    if progress.eta is not None and not console.json:
        words = _words(progress.eta, progress.eta_limit, progress.eta_account, console)
        print(console.phrase("cli", "campaign_ends", **words))


def _words(end: datetime, limit: LaneReason, account: str, console: Console) -> dict[str, str]:
    rule = console.phrase("limit_words", limit.value)
    if account:
        rule = console.phrase("limit_of", "account", limit=rule, account=account)
    return {"time": f"{end.astimezone():%Y-%m-%d %H:%M}", "limit": rule}
