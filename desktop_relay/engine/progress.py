"""The snapshot of a campaign for people: counters from the spool, paces and reasons from its lanes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.progress import CampaignProgress, LaneProgress
from desktop_relay.domain.retries import Retries
from desktop_relay.engine.canaries import wait_of
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.pace import MINUTE
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream
from desktop_relay.policy.forecast import Work, forecast
from desktop_relay.policy.profiles import Directory

_NO_RETRIES = Retries()

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
        eta=_latest(run, lanes, now),
        lanes=lanes,
        last_reply=run.last_reply,
        canary=run.canary,
        stragglers=sum(lane.stragglers for lane in lanes),
        expires_at=snapshot.expires_at,
    )


def _compose_lane(
    run: Run, key: str, counts: Counts, directory: Directory, now: datetime, at: float
) -> LaneProgress:
    stream = run.streams.get(key)
    brake = run.brakes.get(key)
    line = run.line if stream is None else stream.line
    lane = line.lanes.get(key) if line is not None else None
    profile = lane.profile if lane is not None else directory.profile_of_lane(key)
    standing = _stand(run, key, counts, lane, stream, now)
    pace = lane.governor.pace_allowed if lane is not None else profile.limits.rate
    pace_allowed = None if pace is None else pace * run.speed
    pace_actual = stream.pace.rate(at, PACE_SECONDS) if stream is not None else 0.0
    # the first seconds, in which connections are made, tell nothing about the rest
    is_telling = stream is not None and (pace is None or stream.pace.lasted(at) >= PACE_SECONDS)
    pace_reached = stream.pace.rate(at, MINUTE) if stream is not None and is_telling else 0.0
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
        eta=_eta(_work(run, key, counts, stream), standing, pace_allowed, pace_reached, now, run.speed),
        history=stream.pace.history(at) if stream is not None else (),
        cause=_cause(lane, standing),
        brake=brake.trouble if brake is not None else None,
        brake_left=brake is not None and brake.memory.left,
        stragglers=run.retries.get(key, _NO_RETRIES).full if counts.deferred else 0,
    )


def _stand_behind(run: Run, canary: Canary, counts: Counts, now: datetime) -> Standing:
    """Its part of the canary is on its way or through; the rest waits."""
    state = LaneState.RUNNING if counts.in_flight else LaneState.IDLE
    if canary.phase is CanaryPhase.WAITING:
        return Standing(state, LaneReason.CANARY_WAITING, canary.until)
    return Standing(state, LaneReason.CANARY_TRYING, now + wait_of(run))


def _stand(
    run: Run, key: str, counts: Counts, lane: Lane | None, stream: Stream | None, now: datetime
) -> Standing:
    """The first thing in the way, from the outside in."""
    if counts.open == 0:
        return Standing(LaneState.FINISHED, LaneReason.DONE)
    if run.state is CampaignState.PAUSED:
        return Standing(LaneState.PAUSED, LaneReason.CAMPAIGN_PAUSED)
    start_at = run.submitted.snapshot.start_at
    if start_at is not None and start_at > now:
        return Standing(LaneState.IDLE, LaneReason.WAITING_FOR_START, start_at)
    brake = run.brakes.get(key)
    if brake is not None and brake.stopped is not None:
        return Standing(LaneState.STOPPED, LaneReason.BRAKED)
    if run.canary is not None and run.canary.holds and counts.pending <= run.kept(key) > 0:
        return _stand_behind(run, run.canary, counts, now)
    line = run.line if stream is None else stream.line
    if lane is None or line is None:
        return Standing(LaneState.IDLE, LaneReason.NONE)
    return _stand_lane(line, lane, counts, stream, now)


def _stand_lane(line: Line, lane: Lane, counts: Counts, stream: Stream | None, now: datetime) -> Standing:
    if lane.is_paused(now):
        return Standing(LaneState.PAUSED, LaneReason.USER_PAUSED, lane.override.paused_until)
    suspended = _suspension(line, lane, stream, now)
    if suspended is not None:
        return suspended
    if counts.deferred == counts.open:
        due = stream.next_due if stream is not None else None
        return Standing(LaneState.IDLE, LaneReason.WAITING_FOR_RETRY, due)
    if (seconds := lane.governor.counted_out_for(line.clock.monotonic())) > 0:
        return Standing(LaneState.IDLE, lane.reason, now + timedelta(seconds=seconds / line.speed))
    if lane.governor.slowed:
        return Standing(LaneState.SLOWED, lane.reason)
    return Standing(LaneState.RUNNING, _limit(line, lane))


def _suspension(line: Line, lane: Lane, stream: Stream | None, now: datetime) -> Standing | None:
    at = line.clock.monotonic()
    seconds = lane.governor.suspended_for(at)
    reason = lane.reason
    mail = None if stream is None else stream.mail
    if (closed := line.closed_for(mail, at)) > seconds:
        seconds, reason = closed, line.why_closed(mail, at)
    if seconds <= 0:
        return None
    return Standing(LaneState.SUSPENDED, reason, now + timedelta(seconds=seconds / line.speed))


def _limit(line: Line, lane: Lane) -> LaneReason:
    """What sets the pace of a lane that runs: the account where it allows less than the lane."""
    allowed = line.pace()
    pace = lane.governor.pace_allowed
    if allowed is not None and (pace is None or allowed < pace):
        return LaneReason.ACCOUNT_LIMIT
    return lane.reason


def _cause(lane: Lane | None, standing: Standing) -> Reason:
    troubled = standing.state in (LaneState.SLOWED, LaneState.SUSPENDED)
    return lane.cause if lane is not None and troubled else Reason.NONE


def _work(run: Run, key: str, counts: Counts, stream: Stream | None) -> Work:
    """What is left of a lane; who waits for a retry is known only now and then, how many at any time."""
    known = run.retries.get(key, _NO_RETRIES)
    stragglers = min(known.full, counts.deferred)
    return Work(
        fresh=counts.pending + counts.ready + counts.in_flight,
        retries=counts.deferred - stragglers,
        retries_due=known.last_due or (stream.next_due if stream is not None else None),
        stragglers=stragglers,
        gives_up_at=run.submitted.snapshot.expires_at,
    )


def _eta(
    work: Work,
    standing: Standing,
    pace_allowed: float | None,
    pace_reached: float,
    now: datetime,
    speed: float,
) -> datetime | None:
    if standing.state in (LaneState.FINISHED, LaneState.PAUSED, LaneState.STOPPED):
        return None
    suspended = standing.state is LaneState.SUSPENDED and standing.until is not None
    seconds = (standing.until - now).total_seconds() if suspended and standing.until is not None else 0.0
    starts_at = None if suspended else standing.until
    return forecast(work, pace_allowed, pace_reached, now, seconds, starts_at, speed=speed)


def _latest(run: Run, lanes: tuple[LaneProgress, ...], now: datetime) -> datetime | None:
    """The campaign is through when its slowest lane is; nobody can tell while that is unknown for one.

    Lanes that a brake stopped do not count, and those with nobody but stragglers not while there are others;
    lanes that share an account are not through before it is.
    """
    waiting = [lane for lane in lanes if lane.counts.open and lane.state is not LaneState.STOPPED]
    busy = [lane for lane in waiting if lane.counts.open > lane.stragglers] or waiting
    known = [lane.eta for lane in busy if lane.eta is not None]
    if not known or len(known) < len(busy):
        return None
    pace = run.line.pace() if run.line is not None else None
    fresh = sum(lane.counts.pending + lane.counts.ready for lane in busy)
    shared = now + timedelta(seconds=fresh / (pace * run.speed)) if pace else now
    return max(*known, shared)
