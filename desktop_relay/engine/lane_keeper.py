"""Lanes as users want them: what is set on them, when that ends, and which way their mail goes."""

from __future__ import annotations

from collections import defaultdict

from desktop_relay.domain.clock import Clock
from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.domain.lane import HIGHEST_LIMIT, LIMITS
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.lines import Lines
from desktop_relay.engine.moves import Moves
from desktop_relay.engine.stream import Stream
from desktop_relay.engine.traffic import Traffic
from desktop_relay.policy.lane_limits import override_of

_LOOK_SECONDS = 0.5


class LaneKeeper:
    """Whatever changes is in effect at once: streams that wait are asked anew."""

    def __init__(self, lines: Lines, traffic: Traffic, moves: Moves, clock: Clock) -> None:
        self._lines = lines
        self._traffic = traffic
        self._moves = moves
        self._clock = clock

    async def set(self, command: SetLane) -> None:
        """Change a lane, now and for later engines; raises ``BadInput`` (``value_invalid``)."""
        limits = [value for name in LIMITS if (value := getattr(command, name)) is not None]
        if wrong := [value for value in limits if not 0 <= value <= HIGHEST_LIMIT]:
            raise BadInput(ErrorCode.VALUE_INVALID, field="lane", value=str(wrong[0]))
        before = await self._lines.override_of(command.route, command.lane)
        await self._lines.override(command.route, command.lane, override_of(before, command))
        guests = self._guests()
        for line in self._lines.of_route(command.route):
            self._changed(line.lane(command.lane), guests)

    async def run(self) -> None:
        """Look after lanes for ever: lanes come back to their own line, what was set for a while ends."""
        while True:
            await self._clock.sleep(_LOOK_SECONDS)
            self.look_after()

    def look_after(self) -> None:
        """Once."""
        for stream in self._streams():
            self._traffic.reroute(stream)
        guests = self._guests()
        for line in self._lines.all():
            for lane in list(line.lanes.values()):
                if lane.renew(guests[lane]):
                    self._changed(lane, guests)

    def _changed(self, lane: Lane, guests: dict[Lane, frozenset[Lane]]) -> None:
        for host, hosted in list(guests.items()):
            if lane in hosted:
                host.renew(hosted)
        for stream in self._streams():
            if lane in (stream.lane, stream.home):
                self._traffic.stream_changed(stream)

    def _streams(self) -> list[Stream]:
        return [stream for run in self._moves.runs.values() for stream in run.streams.values()]

    def _guests(self) -> dict[Lane, frozenset[Lane]]:
        """The lanes whose mail goes over a fallback, by the lane they go over."""
        found: dict[Lane, frozenset[Lane]] = defaultdict(frozenset)
        for stream in self._streams():
            if stream.is_away and stream.run.sending:
                found[stream.lane] |= {stream.home}
        return found
