"""How a lane of a campaign stands: the first thing in its way, from the outside in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.engine.canaries import wait_of
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lane is doing, and why, and until when."""

    state: LaneState
    reason: LaneReason
    until: datetime | None = None


def lane_of(run: Run, key: str) -> Lane | None:
    """The lane of a run that is at work, where its line is known."""
    stream = run.streams.get(key)
    line = run.line if stream is None else stream.line
    return line.lanes.get(key) if line is not None else None


def _stand_behind(run: Run, canary: Canary, counts: Counts, now: datetime) -> Standing:
    """Its part of the canary is on its way or through; the rest waits."""
    state = LaneState.RUNNING if counts.in_flight else LaneState.IDLE
    if canary.phase is CanaryPhase.WAITING:
        return Standing(state, LaneReason.CANARY_WAITING, canary.until)
    return Standing(state, LaneReason.CANARY_TRYING, now + wait_of(run))


def stand(
    run: Run, key: str, counts: Counts, lane: Lane | None, stream: Stream | None, now: datetime
) -> Standing:
    """The first thing in the way, from the outside in."""
    if counts.open == 0:
        return Standing(LaneState.FINISHED, LaneReason.DONE)
    if run.state is CampaignState.PAUSED:
        return Standing(LaneState.PAUSED, LaneReason.CAMPAIGN_PAUSED)
    start_at = run.submitted.snapshot.start_at
    if run.state is CampaignState.SUBMITTED and start_at is not None and start_at > now:
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
    for each in (lane, lane if stream is None else stream.home):
        if each.is_paused(now):
            return Standing(LaneState.PAUSED, LaneReason.USER_PAUSED, each.override.paused_until)
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
