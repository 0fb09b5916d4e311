"""One lane of a simulation: its stream, who is in it, who waits, and its score."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_relay.engine.stream import Stream
from desktop_relay.simulator.audience import People
from desktop_relay.simulator.score import Score
from desktop_relay.simulator.waiting import Waiting


@dataclass(slots=True, eq=False)
class Station:
    """Mutable, of one simulation."""

    stream: Stream
    people: People
    waiting: Waiting
    score: Score

    @property
    def left(self) -> int:
        """People for whom nothing is decided yet."""
        return self.waiting.left + len(self.stream.ready) + self.stream.in_flight
