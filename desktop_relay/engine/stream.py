"""The recipients of one campaign in one lane: their bounded ready queue and when the next are due."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING

from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.engine.batch import Batch
from desktop_relay.engine.egress import Egress
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.pace import Pace
from desktop_relay.engine.run import Run
from desktop_relay.engine.wakeups import Wakeup
from desktop_relay.policy.routing import Mail

if TYPE_CHECKING:
    from desktop_relay.engine.boarding import Seat

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
    """A message that is built and waits for its turn; ``begun`` is its commit once it was admitted.

    ``seated`` means that it holds one of its lane's connections, which it hands on to its ``follower``.
    ``era`` is the uplink's when it was admitted. ``seat`` is the session that is kept for it, and
    ``permitted_at`` when it was allowed to open one (seconds of the line's clock).
    """

    stream: Stream
    recipient: Recipient
    message: Outgoing
    domain: str
    key: str
    begun: Batch | None = None
    egress: Egress | None = None
    seated: bool = False
    has_left: bool = False
    era: int = 0
    follower: Parcel | None = None
    seat: Seat | None = None
    permitted_at: float | None = None

    def last_follower(self) -> Parcel:
        """The last message that goes over the connection of this one."""
        last = self
        while last.follower is not None:
            last = last.follower
        return last

    def leave(self) -> bool:
        """It is no longer begun; whether a connection of its lane is free now, or a follower has it."""
        self.has_left = True
        heir = self.follower
        while heir is not None and heir.has_left:  # taken back before its turn
            heir = heir.follower
        seated, self.seated = self.seated, False
        if seated and heir is not None:
            heir.seated = True
        return seated and heir is None


class Stream:
    """Mutable, of the loop's thread alone. ``successor`` took over when its lane went another way.

    ``home`` is its lane on its campaign's own line, and ``lane`` the one it goes over now. ``turns`` counts
    the messages that were taken from it, as far as others' turns depend on them.
    """

    def __init__(
        self, run: Run, lane: Lane, at: float, line: Line | None = None, home: Lane | None = None
    ) -> None:
        self.run = run
        self._line = line
        self.home = home or lane
        self.successor: Stream | None = None
        self.lane = lane
        self.brake = run.brake(lane.key)
        self.ready: deque[Parcel] = deque()
        self.place = Place.RESTING
        self.in_flight = 0
        self.turns = 0
        self.wanted = False
        self.fetching = False
        self.drained = False
        self.awaited = False
        self.woken = 0
        self.next_due: datetime | None = None
        self.alarm: Wakeup | None = None
        self.pace = Pace(at)

    @property
    def line(self) -> Line | None:
        """Where it is sent: its campaign's line, or the one that its lane moved to."""
        return self._line or self.run.line

    @property
    def is_away(self) -> bool:
        """It goes over another line than its campaign's own."""
        return self.home is not self.lane

    @property
    def latest(self) -> Stream:
        """Who has taken over, if anybody has."""
        found = self
        while found.successor is not None:
            found = found.successor
        return found

    @property
    def mail(self) -> Mail:
        """What routing rules see of its messages before they are built; those to come are like the others."""
        return self.run.mail(self.lane.key)

    def is_open(self, now: datetime) -> bool:
        """Its campaign is being sent, and its lane is neither paused nor stopped by its brake."""
        return (
            self.successor is None
            and self.run.sending
            and self.brake.stopped is None
            and not self.is_paused(now)
        )

    def is_paused(self, now: datetime) -> bool:
        """The user stopped its lane, here or on its own line."""
        return self.lane.is_paused(now) or self.home.is_paused(now)

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
