"""Lanes that are blocked go over their route's fallback, and come back when they may."""

from __future__ import annotations

import logging
from collections.abc import Callable

from desktop_relay.domain.clock import Clock
from desktop_relay.engine.stream import Stream

log = logging.getLogger(__name__)

MOVE_SECONDS = 60.0
"""A lane that is blocked for longer than this goes on over its route's fallback, where it has one."""


class Detours:
    """Each change of way is a new stream in its run; the one before is told to ``on_left``, has a successor
    and ends what it has on the wire.
    """

    def __init__(self, clock: Clock, on_left: Callable[[Stream], None]) -> None:
        self._clock = clock
        self._on_left = on_left

    def leave(self, stream: Stream) -> bool:
        """Whether the lane is, or now goes, elsewhere: blocked here, and there is a fallback."""
        line = stream.line
        if stream.successor is not None:
            return True
        if line is None or line.fallback is None or stream.is_away:
            return False
        if line.blocked_for(stream.lane, line.clock.monotonic()) / line.speed <= MOVE_SECONDS:
            return False
        other = line.fallback
        lane = other.lane(stream.lane.key)
        lane.renew(lane.guests | {stream.home})
        self._go_on(stream, Stream(stream.run, lane, self._clock.monotonic(), other, stream.home))
        log.info("campaign %d lane %s goes on over %s", stream.run.id, lane.key, other.route.name)
        return True

    def come_back(self, stream: Stream) -> bool:
        """Whether a lane that is away goes its campaign's way again: with care, as after a suspension."""
        line, lane = stream.run.line, stream.home
        if line is None or not stream.is_away or stream.successor is not None:
            return False
        if not line.takes_back(lane, line.clock.monotonic()):
            return False
        self._go_on(stream, Stream(stream.run, lane, self._clock.monotonic()))
        log.info("campaign %d lane %s comes back to %s", stream.run.id, lane.key, line.route.name)
        return True

    def _go_on(self, stream: Stream, successor: Stream) -> None:
        stream.successor = stream.run.streams[stream.lane.key] = successor
        self._on_left(stream)
