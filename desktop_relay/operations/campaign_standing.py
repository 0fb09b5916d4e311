"""How a campaign stands by the spool and the library alone, while no engine runs."""

from __future__ import annotations

from desktop_relay.domain.brake import BrakeMemory
from desktop_relay.domain.campaign import CampaignKind, CampaignState, Draft, PauseReason, SubmittedCampaign
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneOverride, LaneReason, LaneState
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.domain.route import RouteKind
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.ledger import load_brakes, load_canary, load_counts, load_lane_overrides
from desktop_relay.store.routes import load_route


def at_rest(ws: Workspace, submitted: SubmittedCampaign) -> CampaignProgress:
    """A submitted campaign that no engine has to say anything of."""
    snapshot = submitted.snapshot
    by_lane = load_counts(ws.spool, snapshot.id)
    now = ws.now()
    overrides = {lane: o.at(now) for lane, o in load_lane_overrides(ws.spool, snapshot.route.name).items()}
    paused = submitted.state is CampaignState.PAUSED
    brakes = load_brakes(ws.spool, snapshot.id)
    lanes = tuple(
        _lane(lane, counts, overrides.get(lane), brakes.get(lane), paused=paused)
        for lane, counts in by_lane.items()
    )
    return CampaignProgress(
        campaign=snapshot.id,
        name=snapshot.name,
        kind=snapshot.kind,
        state=submitted.state,
        pause_reason=submitted.pause_reason,
        route=snapshot.route.name,
        route_kind=snapshot.route.kind,
        sender=snapshot.identity.address,
        speed=snapshot.speed,
        counts=Counts.sum(by_lane.values()),
        rate=0.0,
        submitted_at=submitted.submitted_at,
        started_at=submitted.started_at,
        finished_at=submitted.finished_at,
        eta=None,
        lanes=lanes,
        canary=load_canary(ws.spool, snapshot.id),
        start_at=snapshot.start_at,
    )


def _lane(
    lane: str, counts: Counts, override: LaneOverride | None, brake: BrakeMemory | None, *, paused: bool
) -> LaneProgress:
    profile = load_directory().profile_of_lane(lane)
    state, reason = LaneState.IDLE, LaneReason.NONE
    if counts.open == 0:
        state, reason = LaneState.FINISHED, LaneReason.DONE
    elif paused:
        state, reason = LaneState.PAUSED, LaneReason.CAMPAIGN_PAUSED
    elif brake is not None and brake.stopped is not None:
        state, reason = LaneState.STOPPED, LaneReason.BRAKED
    return LaneProgress(
        lane=lane,
        name=profile.name,
        name_ja=profile.name_ja,
        domains=profile.domains,
        counts=counts,
        pace_allowed=(override.rate if override else None) or profile.limits.rate,
        pace_actual=0.0,
        connections=0,
        state=state,
        reason=reason,
        brake=brake.stopped if brake is not None else None,
        brake_left=brake is not None and brake.left,
    )


def state_without_record(draft: Draft) -> CampaignState:
    """What a draft is that the spool does not know."""
    return CampaignState.DRAFT if draft.submitted_at is None else CampaignState.UNRECORDED


def unsent(ws: Workspace, draft: Draft) -> CampaignProgress:
    """A draft that the spool does not know."""
    route = load_route(ws.library, draft.route)  # it may have been deleted since
    return CampaignProgress(
        campaign=draft.id,
        name=draft.name,
        kind=CampaignKind.CAMPAIGN,
        state=state_without_record(draft),
        pause_reason=PauseReason.NONE,
        route=draft.route,
        route_kind=route.kind if route else RouteKind.SMARTHOST,
        sender=draft.sender,
        speed=1.0,
        counts=Counts(),
        rate=0.0,
        submitted_at=draft.submitted_at or draft.created_at or ws.now(),
        started_at=None,
        finished_at=None,
        eta=None,
        lanes=(),
    )
