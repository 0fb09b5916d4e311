"""The snapshot of a campaign for people: counters from the spool, paces and reasons from its lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.engine.accounts import compose_accounts
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.outlook import NO_RETRIES, Ahead
from desktop_relay.engine.pace import MINUTE
from desktop_relay.engine.run import Run
from desktop_relay.engine.standing import Standing, lane_of
from desktop_relay.policy.profiles import Directory

PACE_SECONDS = 10
"""The window of the pace a lane is shown with; a campaign's is a minute."""


def compose_campaign(
    run: Run, ahead: Mapping[tuple[int, str], Ahead], directory: Directory, now: datetime, at: float
) -> CampaignProgress:
    """One campaign at the aware time ``now``, which is ``at`` on the engine's monotonic clock, and what is
    ``ahead`` of it.
    """
    lanes = tuple(_compose_lane(run, key, ahead[run.id, key], directory, at) for key in sorted(run.counts))
    slowest = _slowest(lanes)
    submitted = run.submitted
    snapshot = submitted.snapshot
    return CampaignProgress(
        campaign=snapshot.id,
        name=snapshot.name,
        kind=snapshot.kind,
        state=run.state,
        pause_reason=run.pause_reason,
        route=snapshot.route.name,
        route_kind=snapshot.route.kind,
        sender=snapshot.identity.address,
        speed=snapshot.speed,
        counts=Counts.sum(lane.counts for lane in lanes),
        rate=run.pace.rate(at, MINUTE),
        submitted_at=submitted.submitted_at,
        started_at=submitted.started_at,
        finished_at=submitted.finished_at,
        eta=slowest.eta if slowest is not None else None,
        eta_limit=slowest.eta_limit if slowest is not None else LaneReason.NONE,
        eta_account=slowest.eta_account if slowest is not None else "",
        lanes=lanes,
        last_reply=run.last_reply,
        canary=run.canary,
        stragglers=sum(lane.stragglers for lane in lanes),
        expires_at=snapshot.expires_at,
        start_at=snapshot.start_at,
        accounts=compose_accounts(run.line, now),
    )


def _compose_lane(run: Run, key: str, ahead: Ahead, directory: Directory, at: float) -> LaneProgress:
    stream = run.streams.get(key)
    brake = run.brakes.get(key)
    lane, counts, standing = lane_of(run, key), run.counts[key], ahead.standing
    profile = lane.profile if lane is not None else directory.profile_of_lane(key)
    pace = lane.governor.pace_allowed if lane is not None else profile.limits.rate
    return LaneProgress(
        lane=key,
        name=profile.name,
        name_ja=profile.name_ja,
        domains=profile.domains,
        counts=counts,
        pace_allowed=None if pace is None else pace * run.speed,
        pace_actual=stream.pace.rate(at, PACE_SECONDS) if stream is not None else 0.0,
        connections=lane.busy if lane is not None else 0,
        state=standing.state,
        reason=standing.reason,
        until=standing.until,
        eta=ahead.forecast.end if ahead.forecast is not None else None,
        eta_limit=ahead.forecast.limit if ahead.forecast is not None else LaneReason.NONE,
        eta_account=ahead.forecast.account if ahead.forecast is not None else "",
        history=stream.pace.history(at) if stream is not None else (),
        cause=_cause(lane, standing),
        brake=brake.trouble if brake is not None else None,
        brake_left=brake is not None and brake.memory.left,
        stragglers=run.retries.get(key, NO_RETRIES).full if counts.deferred else 0,
    )


def _cause(lane: Lane | None, standing: Standing) -> Reason:
    troubled = standing.state in (LaneState.SLOWED, LaneState.SUSPENDED)
    return lane.cause if lane is not None and troubled else Reason.NONE


def _slowest(lanes: Sequence[LaneProgress]) -> LaneProgress | None:
    """The lane that the campaign ends with; nobody can tell while the end is unknown for one.

    Lanes that a brake stopped do not count, and those with nobody but stragglers not while there are others.
    """
    waiting = [lane for lane in lanes if lane.counts.open and lane.state is not LaneState.STOPPED]
    busy = [lane for lane in waiting if lane.counts.open > lane.stragglers] or waiting
    ends = [(lane.eta, lane) for lane in busy if lane.eta is not None]
    if not ends or len(ends) < len(busy):
        return None
    return max(ends, key=lambda end: end[0])[1]
