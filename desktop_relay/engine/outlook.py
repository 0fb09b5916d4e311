"""What is ahead: when each lane of each campaign will be through, seen over all that share a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason, LaneState
from desktop_relay.domain.retries import Retries
from desktop_relay.engine.egress import Egress
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.reach import Reaches
from desktop_relay.engine.run import Run
from desktop_relay.engine.standing import Standing, lane_of, stand
from desktop_relay.engine.stream import Stream
from desktop_relay.policy.accounts_play import Account
from desktop_relay.policy.forecast import Forecast, Work, forecast
from desktop_relay.policy.gate import Gate, account_gate, lane_gate, steady_gate
from desktop_relay.policy.profiles import Directory
from desktop_relay.policy.routing import Choice

NO_RETRIES = Retries()

_OVER = (LaneState.FINISHED, LaneState.STOPPED)
_WAITS = (
    LaneReason.WAITING_FOR_START,
    LaneReason.CANARY_TRYING,
    LaneReason.CANARY_WAITING,
    LaneReason.USER_PAUSED,
    LaneReason.ACCOUNTS_RESTING,
    LaneReason.PORT25_BLOCKED,
    LaneReason.NO_NETWORK,
)
"""What a lane waits for that no gate of its own knows of."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """One lane of one campaign: how it stands now, and when it will be through, where that can be told."""

    standing: Standing
    forecast: Forecast | None = None


class Outlook:
    """Sees ahead by what rules say and what was seen to be reached."""

    def __init__(self, directory: Directory, reaches: Reaches) -> None:
        self._directory = directory
        self._reaches = reaches

    def see(self, runs: Sequence[Run], now: datetime) -> Mapping[tuple[int, str], Ahead]:
        """What is ahead of each lane of each campaign, by the campaign's number and the lane."""
        found: dict[tuple[int, str], Ahead] = {}
        by_line: defaultdict[tuple[Line | None, float], list[_Part]] = defaultdict(list)
        for run in runs:
            for key, counts in run.counts.items():
                stream, lane = run.streams.get(key), lane_of(run, key)
                standing = stand(run, key, counts, lane, stream, now)
                found[run.id, key] = Ahead(standing)
                if _can_be_told(standing):
                    line = run.line if stream is None else stream.line
                    by_line[line, run.speed].append(_Part(run, key, lane, stream, standing))
        for (line, speed), parts in by_line.items():
            for part, seen in zip(parts, self._see_line(line, speed, parts, now), strict=True):
                found[part.run.id, part.key] = Ahead(part.standing, seen)
        return found

    def _see_line(
        self, line: Line | None, speed: float, parts: Sequence[_Part], now: datetime
    ) -> list[Forecast | None]:
        lanes = {part.key: part.lane for part in parts}
        places = {key: place for place, key in enumerate(lanes)}
        at = 0.0 if line is None else line.clock.monotonic()
        gates = [self._gate(key, lane, now, at) for key, lane in lanes.items()]
        return forecast(
            [_work(part, places[part.key], self._reaches.pace_of(part.lane)) for part in parts],
            gates,
            now,
            accounts=() if line is None else _accounts(line, now),
            reaches=inf if line is None else self._reaches.pace_over(line, _expected(line, gates)),
            speed=speed,
        )

    def _gate(self, key: str, lane: Lane | None, now: datetime, at: float) -> Gate:
        if lane is None:
            return steady_gate(self._directory.profile_of_lane(key).limits.rate, LaneReason.PROFILE)
        own = lane.override.rate is not None
        reason = LaneReason.USER_LIMIT if own else LaneReason.PROFILE
        if _is_steady(lane, at):
            gate = steady_gate(lane.governor.pace_allowed, reason)
        else:
            gate = lane_gate(lane.limits, lane.memory(), now, reason)
        return gate.slower(self._reaches.share_of(lane))


@dataclass(frozen=True, slots=True)
class _Part:
    run: Run
    key: str
    lane: Lane | None
    stream: Stream | None
    standing: Standing


def _can_be_told(standing: Standing) -> bool:
    """Nobody knows when a person will let a lane go on."""
    by_itself = standing.state is not LaneState.PAUSED or standing.until is not None
    return standing.state not in _OVER and by_itself


def _work(part: _Part, place: int, reaches: float) -> Work:
    """What is left of a lane; who waits for a retry is known only now and then, how many at any time."""
    run, counts = part.run, part.run.counts[part.key]
    known = run.retries.get(part.key, NO_RETRIES)
    fresh = counts.pending + counts.ready  # who is in flight has passed all limits
    stragglers = min(known.full, counts.deferred)
    next_due = part.stream.next_due if part.stream is not None else None
    return Work(
        lane=place,
        fresh=fresh,
        retries=counts.deferred - stragglers,
        retries_due=known.last_due or next_due,
        tried=counts.sendable - fresh,
        stragglers=stragglers,
        starts_at=part.standing.until if part.standing.reason in _WAITS else None,
        gives_up_at=run.submitted.snapshot.expires_at,
        reaches=reaches,
        choice=_choice(part),
    )


def _choice(part: _Part) -> Choice | None:
    """By the pool's rules, as the dispatcher asks them."""
    line = part.run.line if part.stream is None else part.stream.line
    if line is None or line.spread is None:
        return None
    return line.spread.choice(part.run.mail(part.key) if part.stream is None else part.stream.mail)


def _is_steady(lane: Lane, at: float) -> bool:
    """Nothing but its pace holds it, and that stays as it is."""
    limits = lane.limits
    counted = limits.per_hour is not None or limits.per_day is not None
    return not (counted or lane.governor.slowed or lane.governor.suspended_for(at) > 0)


def _accounts(line: Line, now: datetime) -> list[Account]:
    """A direct line is one where its day has a limit."""
    weight = (lambda name: 1) if line.spread is None else line.spread.weight
    return [
        Account(_account_gate(egress, line, now), egress.name, weight(egress.name))
        for egress in line.egresses
        if egress.governor is not None or egress.quota is not None
    ]


def _account_gate(egress: Egress, line: Line, now: datetime) -> Gate:
    at, rests = line.clock.monotonic(), 0.0
    if line.spread is not None:  # what one that stands alone waits for is told for the whole line
        rests = inf if egress.problem is not PauseReason.NONE else egress.health.rest(at)
    memory = None if egress.governor is None else egress.governor.memory(at, now)
    return account_gate(egress.route.rate, memory, egress.quota, now, rests)


def _expected(line: Line, gates: Sequence[Gate]) -> float | None:
    """Messages per second that the rules let over its accounts now."""
    pace = line.pace()
    found = min(inf if pace is None else pace, sum(gate.steps[0].pace for gate in gates))
    return found if 0.0 < found < inf else None
