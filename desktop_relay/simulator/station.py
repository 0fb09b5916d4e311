"""One lane of one campaign in a simulation: its stream, who is in it, who waits, and the lane's score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_relay.engine.stream import Stream
from desktop_relay.simulator.audience import People
from desktop_relay.simulator.score import Score
from desktop_relay.simulator.waiting import Waiting

if TYPE_CHECKING:
    from desktop_relay.simulator.course import Course


@dataclass(slots=True, eq=False)
class Station:
    """Mutable, of one simulation."""

    course: Course
    stream: Stream
    people: People
    waiting: Waiting
    score: Score

    @property
    def left(self) -> int:
        """People for whom nothing is decided yet."""
        return self.waiting.left + len(self.stream.ready) + self.stream.in_flight

    @property
    def untried(self) -> int:
        """How many of them were never tried."""
        ready = self.stream.ready
        return self.waiting.untried + sum(parcel.recipient.attempts == 0 for parcel in ready)

    @property
    def is_tried(self) -> bool:
        """Whether everybody of its canary was tried, as far as its lane can send now."""
        stream = self.stream
        kept = stream.run.kept(stream.lane.key)
        return stream.in_flight == 0 and self.waiting.untried + len(stream.ready) <= kept
