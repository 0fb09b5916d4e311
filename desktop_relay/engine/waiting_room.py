"""Where streams of a line wait: for a connection of their lane, for time, or for the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desktop_relay.engine.lane import Lane
from desktop_relay.engine.stream import Place, Stream
from desktop_relay.engine.wakeups import Wakeup

_SOONEST_SECONDS = 0.002


class Rings(Protocol):
    """Who calls back later."""

    def after(self, seconds: float, callback: Callable[[], None]) -> Wakeup:
        """In so many seconds."""
        ...


class WaitingRoom:
    """Times are real seconds. ``on_called`` hears of each stream whose waiting is over, ``on_ready`` when one
    may be taken that could not be before.
    """

    def __init__(
        self, rings: Rings, on_called: Callable[[Stream], None], on_ready: Callable[[], None]
    ) -> None:
        self._rings = rings
        self._on_called = on_called
        self._on_ready = on_ready
        self._by_lane: dict[str, list[Stream]] = {}
        self._by_time: dict[Stream, Wakeup] = {}
        self._gate: Wakeup | None = None

    @property
    def is_gated(self) -> bool:
        """The account allows nobody."""
        return self._gate is not None

    def wait_for_connection(self, stream: Stream, seconds: float | None = None) -> None:
        """Until one of its lane is free; or until so much has passed, after which it may open one."""
        stream.place = Place.WAITING_FOR_CONNECTION
        self._by_lane.setdefault(stream.lane.key, []).append(stream)
        if seconds is not None:
            self._ring(stream, seconds)

    def wait_for_time(self, stream: Stream, seconds: float) -> None:
        """Until so much has passed."""
        stream.place = Place.WAITING_FOR_TIME
        self._ring(stream, seconds)

    def leave(self, stream: Stream) -> None:
        """It waits no more, and is not called."""
        if stream.place is Place.WAITING_FOR_CONNECTION:
            self._by_lane[stream.lane.key].remove(stream)
        wakeup = self._by_time.pop(stream, None)
        if wakeup is not None:
            wakeup.cancel()

    def freed(self, lane: Lane) -> None:
        """A connection of ``lane`` is free, or more of them are allowed."""
        for stream in list(self._by_lane.get(lane.key, ())):
            self._call(stream)

    def close_gate(self, seconds: float) -> None:
        """The account allows nobody for so long."""
        if self._gate is None:
            self._gate = self._rings.after(max(seconds, _SOONEST_SECONDS), self._open_gate)

    def call_all(self) -> None:
        """Limits changed: everything that waits is asked anew."""
        for stream in [stream for waiting in self._by_lane.values() for stream in waiting]:
            self._call(stream)
        for stream in list(self._by_time):
            self._call(stream)
        if self._gate is not None:
            self._gate.cancel()
        self._open_gate()

    def _ring(self, stream: Stream, seconds: float) -> None:
        def ring() -> None:
            self._call(stream)
            self._on_ready()

        self._by_time[stream] = self._rings.after(max(seconds, _SOONEST_SECONDS), ring)

    def _open_gate(self) -> None:
        self._gate = None
        self._on_ready()

    def _call(self, stream: Stream) -> None:
        self.leave(stream)
        stream.place = Place.RESTING
        self._on_called(stream)
