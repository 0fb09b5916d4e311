"""Progress: a complete snapshot of the engine for the window; the last one wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.campaign import CampaignKind, CampaignState, PauseReason
from desktop_relay.domain.canary import Canary
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.domain.route import RouteKind


@dataclass(frozen=True, slots=True)
class LaneProgress:
    """One lane of one campaign. Paces are messages per second, ``pace_allowed`` is ``None`` without a limit.

    ``history`` are accepted messages per minute, oldest first, at most 60 values.
    ``until`` belongs to the reason: when a suspension or pause ends, or the next retry is due.
    ``stragglers`` wait for somebody to clear a full mailbox, which may take until the campaign's end: ``eta``
    is when the others are through, while there are others. ``eta_limit`` is the rule that decides it, and
    ``eta_account`` the account of a pool whose rule that is, where the lane's mail is bound to one.
    ``brake`` is what the lane's brake has to say, and ``brake_left`` that a person left it stopped.
    """

    lane: str
    name: str
    name_ja: str
    domains: tuple[str, ...]
    counts: Counts
    pace_allowed: float | None
    pace_actual: float
    connections: int
    state: LaneState
    reason: LaneReason
    until: datetime | None = None
    eta: datetime | None = None
    history: tuple[float, ...] = ()
    cause: Reason = Reason.NONE
    brake: BrakeFinding | None = None
    brake_left: bool = False
    stragglers: int = 0
    eta_limit: LaneReason = LaneReason.NONE
    eta_account: str = ""


@dataclass(frozen=True, slots=True)
class LastReply:
    """The newest answer worth telling, to be explained below the lanes."""

    lane: str
    address: str
    code: int | None
    enhanced: str | None
    text: str
    reason: Reason
    state: RecipientState
    next_attempt: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountProgress:
    """An account of a pool. With a ``reason`` it takes no mail ``until`` then, or until a person does
    something; ``cause`` is what came last of it, or what is missing.
    """

    account: str
    reason: LaneReason = LaneReason.NONE
    until: datetime | None = None
    cause: Reason = Reason.NONE


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """One campaign. ``rate``: accepted messages per second over the last minute; ``speed`` as submitted.

    ``start_at`` is when it was planned to begin.
    """

    campaign: int
    name: str
    kind: CampaignKind
    state: CampaignState
    pause_reason: PauseReason
    route: str
    route_kind: RouteKind
    sender: str
    speed: float
    counts: Counts
    rate: float
    submitted_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    eta: datetime | None
    lanes: tuple[LaneProgress, ...]
    last_reply: LastReply | None = None
    canary: Canary | None = None
    stragglers: int = 0
    expires_at: datetime | None = None
    accounts: tuple[AccountProgress, ...] = ()
    eta_limit: LaneReason = LaneReason.NONE
    eta_account: str = ""
    start_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The engine as a whole. ``memory`` is the resident size in bytes, ``uptime`` seconds."""

    pid: int
    version: str
    uptime: float
    memory: int
    generation: int
    campaigns: tuple[CampaignProgress, ...] = ()
    network: NetworkState = NetworkState.STEADY


@dataclass(frozen=True, slots=True)
class Changed:
    """What may have changed in the spool; readers re-read what they show."""

    generation: int
    campaigns: bool = False
    recipients: bool = False
    suppressions: bool = False
    lanes: bool = False
