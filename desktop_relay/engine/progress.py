"""The snapshot of a campaign for people: counters from the spool, paces and reasons from its lanes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.pace import MINUTE
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream
from desktop_relay.policy.forecast import forecast
from desktop_relay.policy.profiles import Directory

PACE_SECONDS = 10
"""The window of the pace a lane is shown with; a campaign's is a minute."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lane is doing, and why, and until when."""

    state: LaneState
    reason: LaneReason
    until: datetime | None = None


def compose_campaign(run: Run, directory: Directory, now: datetime, at: float) -> CampaignProgress:
    """One campaign at the aware time ``now``, which is ``at`` on the engine's monotonic clock."""
    lanes = tuple(_compose_lane(run, key, run.counts[key], directory, now, at) for key in sorted(run.counts))
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
        eta=_latest(lanes),
        lanes=lanes,
        last_reply=run.last_reply,
    )


def _compose_lane(
    run: Run, key: str, counts: Counts, directory: Directory, now: datetime, at: float
) -> LaneProgress:
    stream = run.streams.get(key)
    line = run.line
    lane = line.lanes.get(key) if line is not None else None
    profile = lane.profile if lane is not None else directory.profile_of_lane(key)
    standing = _stand(run, counts, lane, stream, now)
    pace = lane.governor.pace_allowed if lane is not None else profile.limits.rate
    pace_allowed = None if pace is None else pace * run.speed
    pace_actual = stream.pace.rate(at, PACE_SECONDS) if stream is not None else 0.0
    return LaneProgress(
        lane=key,
        name=profile.name,
        name_ja=profile.name_ja,
        domains=profile.domains,
        counts=counts,
        pace_allowed=pace_allowed,
        pace_actual=pace_actual,
        connections=lane.busy if lane is not None else 0,
        state=standing.state,
        reason=standing.reason,
        until=standing.until,
        eta=_eta(counts, pace_allowed, pace_actual, standing, now),
        history=stream.pace.history(at) if stream is not None else (),
        cause=_cause(lane, standing),
    )


def _stand(run: Run, counts: Counts, lane: Lane | None, stream: Stream | None, now: datetime) -> Standing:
    """The first thing in the way, from the outside in."""
    if counts.open == 0:
        return Standing(LaneState.FINISHED, LaneReason.DONE)
    if run.state is CampaignState.PAUSED:
        return Standing(LaneState.PAUSED, LaneReason.CAMPAIGN_PAUSED)
    start_at = run.submitted.snapshot.start_at
    if start_at is not None and start_at > now:
        return Standing(LaneState.IDLE, LaneReason.WAITING_FOR_START, start_at)
    if lane is None or run.line is None:
        return Standing(LaneState.IDLE, LaneReason.NONE)
    return _stand_lane(run.line, lane, counts, stream, now)


def _stand_lane(line: Line, lane: Lane, counts: Counts, stream: Stream | None, now: datetime) -> Standing:
    if lane.is_paused(now):
        return Standing(LaneState.PAUSED, LaneReason.USER_PAUSED, lane.override.paused_until)
    suspended = _suspension(line, lane, now)
    if suspended is not None:
        return suspended
    if counts.deferred == counts.open:
        due = stream.next_due if stream is not None else None
        return Standing(LaneState.IDLE, LaneReason.WAITING_FOR_RETRY, due)
    if lane.governor.slowed:
        return Standing(LaneState.SLOWED, lane.reason)
    return Standing(LaneState.RUNNING, _limit(line, lane))


def _suspension(line: Line, lane: Lane, now: datetime) -> Standing | None:
    at = line.clock.monotonic()
    seconds = lane.governor.suspended_for(at)
    reason = lane.reason
    account = line.account
    if account is not None and account.suspended_for(at) > seconds:
        seconds, reason = account.suspended_for(at), account.reason
    if seconds <= 0:
        return None
    return Standing(LaneState.SUSPENDED, reason, now + timedelta(seconds=seconds / line.speed))


def _limit(line: Line, lane: Lane) -> LaneReason:
    """What sets the pace of a lane that runs: the account where it allows less than the lane."""
    allowed = None if line.account is None else line.account.pace_allowed
    pace = lane.governor.pace_allowed
    if allowed is not None and (pace is None or allowed < pace):
        return LaneReason.ACCOUNT_LIMIT
    return lane.reason


def _cause(lane: Lane | None, standing: Standing) -> Reason:
    troubled = standing.state in (LaneState.SLOWED, LaneState.SUSPENDED)
    return lane.cause if lane is not None and troubled else Reason.NONE


def _eta(
    counts: Counts,
    pace_allowed: float | None,
    pace_actual: float,
    standing: Standing,
    now: datetime,
) -> datetime | None:
    if counts.open == 0 or standing.state is LaneState.PAUSED:
        return None
    suspended = standing.state is LaneState.SUSPENDED and standing.until is not None
    seconds = (standing.until - now).total_seconds() if suspended and standing.until is not None else 0.0
    due = None if suspended else standing.until
    return forecast(counts.open, pace_allowed, pace_actual, now, seconds, due)


def _latest(lanes: tuple[LaneProgress, ...]) -> datetime | None:
    """The campaign is through when its slowest lane is; nobody can tell while that is unknown for one."""
    waiting = [lane.eta for lane in lanes if lane.counts.open]
    known = [eta for eta in waiting if eta is not None]
    return max(known) if known and len(known) == len(waiting) else None
