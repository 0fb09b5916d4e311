"""Campaigns and ledger rows as the documents of the contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.domain.recipient import LedgerRow
from desktop_relay.operations.ledger import EXPORT_COLUMNS

_LEDGER_KEYS = tuple(column for column in EXPORT_COLUMNS if column != "name")


def campaign_document(progress: CampaignProgress) -> dict[str, Any]:
    """``campaign status``."""
    return {
        "campaign": progress.campaign,
        "state": progress.state,
        "pause_reason": progress.pause_reason.value or None,
        "total": progress.counts.total,
        **asdict(progress.counts),
        "rate": round(progress.rate, 3),
        "eta": progress.eta,
        "eta_limit": progress.eta_limit.value or None,
        "eta_account": progress.eta_account or None,
        "canary": progress.canary.phase.value if progress.canary is not None else None,
        "lanes": {lane.lane: _lane_document(lane) for lane in progress.lanes},
    }


def _lane_document(lane: LaneProgress) -> dict[str, Any]:
    return {
        "name": lane.name,
        "total": lane.counts.total,
        "accepted": lane.counts.accepted,
        "deferred": lane.counts.deferred,
        "bounced": lane.counts.bounced,
        "pace_allowed": lane.pace_allowed,
        "pace_actual": round(lane.pace_actual, 3),
        "connections": lane.connections,
        "state": lane.state,
        "reason": lane.reason.value or None,
        "eta": lane.eta,
        "eta_limit": lane.eta_limit.value or None,
        "eta_account": lane.eta_account or None,
        "brake": _brake_document(lane.brake) if lane.brake is not None else None,
    }


def _brake_document(found: BrakeFinding) -> dict[str, Any]:
    return {
        "cause": found.cause.value,
        "level": found.level.value,
        "number": found.number,
        "sample": found.sample,
        "share": round(found.share, 4),
        "limit": found.limit,
    }


def ledger_document(row: LedgerRow) -> dict[str, Any]:
    """One line of ``campaign recipients``."""
    return {key: getattr(row, key) for key in _LEDGER_KEYS} | {"reason": row.reason or None}
