"""What is reached of what the rules allow: by a lane, and by the servers of the accounts behind a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from math import inf
from weakref import WeakKeyDictionary

from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.pace import MINUTE
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Stream
from desktop_relay.policy.gate import HELD

_LONGEST_LOOK = 10.0  # seconds between two looks; after a longer time nobody knows what was
_MANY = 50.0  # messages after which one that went before counts half
_FEW = 10.0  # messages that are taken to have gone as allowed
_FIRST_SECONDS = 5.0


class Reach:
    """How much of what the rules let through really goes: less where servers or this machine are slower.

    Looked at a few times a second. Only time in which there was something to send and nothing was closed
    counts, so that a lane that rested is not taken for a slow one. What is older than a minute counts less
    and less, and slow lanes are judged by their last messages, not by the last minute.
    """

    __slots__ = ("_at", "_could", "_ended", "_is_open", "_seconds", "_sent")

    def __init__(self, at: float, ended: int) -> None:
        self._at = at
        self._ended = ended
        self._is_open = False
        self._sent = self._could = self._seconds = 0.0

    def look(self, at: float, ended: int, allowed: float | None) -> None:
        """``ended`` attempts so far. ``allowed`` a second may go now; ``None``: any number, 0.0: none."""
        seconds, self._at = at - self._at, at
        sent, self._ended = ended - self._ended, ended
        if sent < 0:
            return  # a campaign is over, and what it sent is not counted in any more
        was_open, self._is_open = self._is_open, allowed != 0.0
        if not (was_open and self._is_open) or not 0.0 < seconds <= _LONGEST_LOOK:
            return
        could = 0.0 if allowed is None else allowed * seconds
        ages = seconds / MINUTE if allowed is None else min(seconds / MINUTE, could / _MANY)
        kept = 0.5**ages
        self._sent = self._sent * kept + sent
        self._could = self._could * kept + could
        self._seconds = self._seconds * kept + seconds

    @property
    def share(self) -> float:
        """Of the pace that is allowed, 1.0 at most and while too little is known."""
        return min(1.0, (self._sent + _FEW) / (self._could + _FEW))

    def pace(self, expected: float | None) -> float:
        """Messages per second while nothing is closed; at first what was ``expected``.

        Infinite when nothing was expected and nothing is known.
        """
        known = (self._sent + 1) / max(self._seconds, 1.0)
        weight = min(1.0, self._seconds / _FIRST_SECONDS)
        if expected is None:
            return known if weight == 1.0 else inf
        # of the time that a message takes, since a limit may be far above anything that any server does
        return 1.0 / (weight / known + (1.0 - weight) / expected)


class Reaches:
    """Looks at everything that is being sent, a few times a second."""

    def __init__(self) -> None:
        self._lanes: WeakKeyDictionary[Lane, Reach] = WeakKeyDictionary()
        self._lines: WeakKeyDictionary[Line, Reach] = WeakKeyDictionary()

    def look(self, runs: Sequence[Run], now: datetime, at: float) -> None:
        """Notice how much goes; ``at`` is real seconds."""
        streams = [stream for run in runs for stream in run.streams.values()]
        by_lane: defaultdict[tuple[Lane, Line], list[Stream]] = defaultdict(list)
        by_line: defaultdict[Line, list[Stream]] = defaultdict(list)
        for stream in streams:
            if stream.line is not None:
                by_lane[stream.lane, stream.line].append(stream)
                by_line[stream.line].append(stream)
        for (lane, line), sharing in by_lane.items():
            reach = self._lanes.get(lane) or self._lanes.setdefault(lane, Reach(at, _ended(sharing)))
            reach.look(at, _ended(sharing), _allowed(lane, line, sharing, now))
        for line, sharing in by_line.items():
            if _has_account(line):
                reach = self._lines.get(line) or self._lines.setdefault(line, Reach(at, _ended(sharing)))
                reach.look(at, _ended(sharing), None if _is_free(line, sharing, now) else 0.0)

    def share_of(self, lane: Lane) -> float:
        """What goes in a lane of what its rules let through, 1.0 at most."""
        reach = self._lanes.get(lane)
        return 1.0 if reach is None else reach.share

    def pace_of(self, lane: Lane | None) -> float:
        """Messages per second in a lane that no rule holds, infinite while unknown and in all others."""
        reach = None if lane is None or lane.governor.pace_allowed is not None else self._lanes.get(lane)
        return inf if reach is None else reach.pace(None)

    def pace_over(self, line: Line, expected: float | None) -> float:
        """Messages per second that its accounts' servers take, infinite without an account."""
        reach = self._lines.get(line)
        return inf if reach is None else reach.pace(expected)


def _has_account(line: Line) -> bool:
    return any(egress.governor is not None for egress in line.egresses)


def _ended(streams: Sequence[Stream]) -> int:
    return sum(stream.pace.ended for stream in streams)


def _has_backlog(stream: Stream, now: datetime) -> bool:
    return stream.is_open(now) and (bool(stream.ready) or not stream.drained)


def _allowed(lane: Lane, line: Line, streams: Sequence[Stream], now: datetime) -> float | None:
    """Messages that may go in a real second; none while somebody else than the lane decides."""
    at = line.clock.monotonic()
    held = (
        _has_account(line) or line.closed_for(None, at) > 0 or not any(_has_backlog(s, now) for s in streams)
    )
    if held or lane.governor.suspended_for(at) > 0 or lane.governor.counted_out_for(at) > 0:
        return 0.0
    pace = lane.governor.pace_allowed
    return None if pace is None else pace * HELD * line.speed


def _is_free(line: Line, streams: Sequence[Stream], now: datetime) -> bool:
    """Something could go, and no rule holds it."""
    at = line.clock.monotonic()
    return any(
        _has_backlog(stream, now)
        and stream.lane.delay(at) == 0
        and stream.lane.has_room(at)
        and line.closed_for(stream.mail, at) == 0
        and not line.is_held(stream.mail, at)
        for stream in streams
    )
