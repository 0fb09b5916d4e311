"""The recipients of one campaign in one lane: their bounded ready queue and when the next are due."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.committer import Batch
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.pace import Pace
from desktop_relay.engine.run import Run
from desktop_relay.engine.wakeups import Wakeup

MOST_READY = 128
_SECONDS_AHEAD = 2.0


class Place(Enum):
    """Where the dispatcher has a stream."""

    RESTING = auto()
    RUNNABLE = auto()
    WAITING_FOR_CONNECTION = auto()
    WAITING_FOR_TIME = auto()


@dataclass(slots=True)
class Parcel:
    """A message that is built and waits for its turn; ``begun`` is its commit once it was admitted."""

    stream: Stream
    recipient: Recipient
    message: Outgoing
    domain: str
    key: str
    begun: Batch | None = None


class Stream:
    """Mutable, of the loop's thread alone."""

    def __init__(self, run: Run, lane: Lane, at: float) -> None:
        self.run = run
        self.lane = lane
        self.ready: deque[Parcel] = deque()
        self.place = Place.RESTING
        self.in_flight = 0
        self.wanted = False
        self.fetching = False
        self.drained = False
        self.next_due: datetime | None = None
        self.alarm: Wakeup | None = None
        self.pace = Pace(at)

    def is_open(self, now: datetime) -> bool:
        """Its campaign is being sent and its lane is not paused."""
        return self.run.sending and not self.lane.is_paused(now)

    def appetite(self) -> int:
        """Messages worth having ready: what goes out in the next seconds, at least one."""
        pace = self.lane.governor.pace_allowed
        if pace is None:
            return MOST_READY
        return max(1, min(MOST_READY, int(pace * self.run.speed * _SECONDS_AHEAD)))

    def is_hungry(self) -> bool:
        """Half of what is worth having ready is gone."""
        return not self.drained and len(self.ready) <= self.appetite() // 2

    def withdraw(self) -> list[int]:
        """Take everything back that was not begun; answers the recipients to release."""
        taken = [parcel.recipient.id for parcel in self.ready]
        self.ready.clear()
        self.place = Place.RESTING
        return taken
