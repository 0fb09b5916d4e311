"""Chooses the next message of a line: streams take turns, each within its lane's and the account's pace."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.batch import Batch
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.stream import Parcel, Place, Stream
from desktop_relay.engine.waiting_room import Rings, WaitingRoom

_STALE_SECONDS = 60.0
"""A built message that would wait longer than this goes back to the spool: its Date would be old."""

_ROOM_AGAIN_SECONDS = 1.0
"""After so long an account that allowed nothing is asked again at the latest."""

_TOGETHER_SECONDS = 0.001
"""Who waits for the same account is called within so much time, and asked together."""

_MOST_TURNS_OWED = 10
"""A stream that could not send for long has so many turns more than others, and no more."""


class Commits(Protocol):
    """Where begins and settlements go."""

    def begin(self, recipient: int) -> Batch:
        """A recipient is going to be in flight."""
        ...

    def settle(self, settlement: Settlement) -> object:
        """What became of one."""
        ...


class Looks(Protocol):
    """Who knows whom nothing may be sent."""

    def reason_for(self, address_key: str) -> Reason | None:
        """Why not, or ``None``."""
        ...


class Boards(Protocol):
    """Who has sessions for messages."""

    def wait(self, parcel: Parcel, at: float) -> float:
        """Seconds until the message could be given one."""
        ...

    def board(self, parcel: Parcel, at: float) -> None:
        """Give it one, or the right to open one."""
        ...


class Shop(Protocol):
    """What a dispatcher needs of the workshop: the engine's own, or the simulator's in virtual time."""

    @property
    def committer(self) -> Commits: ...

    @property
    def suppressions(self) -> Looks: ...

    @property
    def wakeups(self) -> Rings: ...


class Dispatcher:
    """A line's turnstile. Synchronous: between two of its calls nothing else happens.

    ``on_taken`` hears of every message that left a ready queue, ``on_stale`` of streams whose messages
    would wait too long. Without ``boards`` whoever sends sees to it that no more sessions are opened than
    may be.
    """

    def __init__(
        self,
        line: Line,
        shop: Shop,
        *,
        on_taken: Callable[[Stream, list[int]], None],
        on_stale: Callable[[Stream, float], None],
        on_settled: Callable[[Stream, Outcome], None],
        boards: Boards | None = None,
    ) -> None:
        self.line = line
        self._committer = shop.committer
        self._suppressions = shop.suppressions
        self._on_taken = on_taken
        self._on_stale = on_stale
        self._on_settled = on_settled
        self._boards = boards
        self._wakeups = shop.wakeups
        self._most_turns = 0
        self._runnable: deque[Stream] = deque()
        self._waiting = WaitingRoom(shop.wakeups, self.offer, self._ready)
        self.on_ready: Callable[[], None] | None = None

    def offer(self, stream: Stream) -> None:
        """The stream has messages and waits for nothing."""
        if stream.place is Place.RESTING and stream.ready:
            stream.place = Place.RUNNABLE
            self._runnable.append(stream)

    def withdraw(self, stream: Stream) -> list[int]:
        """Take back what was not begun; answers the recipients, to be released."""
        if stream.place is Place.RUNNABLE:
            self._runnable.remove(stream)
        else:
            self._waiting.leave(stream)
        octets = [len(parcel.message.content) for parcel in stream.ready]
        taken = stream.withdraw()
        self._on_taken(stream, octets)
        return taken

    def take(self, current: Parcel | None = None) -> Parcel | None:
        """The next message that may be sent now, its begin asked for; ``None`` when none may.

        ``current`` is what the asking connection is still sending: then only a message to the same server is
        taken ahead, and only where its pace cannot tell the difference.
        """
        at = self.line.clock.monotonic()
        if len(self._runnable) > 1 and not self.line.is_uniform:
            # some of those who wait for one account may use others, too: nobody is to get more for that
            self._runnable = deque(sorted(self._runnable, key=_turns_of))
        for _ in range(len(self._runnable)):
            if self._waiting.is_gated or (current is not None and not self.line.is_fast()):
                return None
            stream = self._runnable.popleft()
            if current is not None and not self._may_follow(stream, current):
                self._runnable.append(stream)
                continue
            stream.place = Place.RESTING
            parcel = self._take_from(stream, at, current)
            if parcel is not None:
                self.offer(stream)
                self._on_taken(stream, [len(parcel.message.content)])
                return parcel
        return None

    def _may_follow(self, stream: Stream, current: Parcel) -> bool:
        """Whether a message may wait behind ``current``: never behind another server, which may be slow."""
        return stream.lane.is_fast() and (self.line.account is not None or stream.lane is current.stream.lane)

    def freed(self, lane: Lane) -> None:
        """A connection of ``lane`` is free, or more of them are allowed."""
        self._waiting.freed(lane)

    def suspend(self, seconds: float) -> None:
        """The account allows nothing for so many seconds of the line's clock."""
        real_seconds = seconds / self.line.speed
        if real_seconds > _STALE_SECONDS:
            for stream in list(self._runnable):
                self._on_stale(stream, real_seconds)
        elif self._runnable:
            self._waiting.close_gate(real_seconds)

    def wake(self) -> None:
        """Limits changed: everything that waits is asked anew."""
        self._waiting.call_all()

    def _take_from(self, stream: Stream, at: float, current: Parcel | None) -> Parcel | None:
        self._drop_unwanted(stream)
        if not stream.ready:
            return None
        lane = stream.lane
        behind = current if current is not None and current.stream.lane is lane else None
        if behind is None and not lane.has_room(at):
            self._wait_for_connection(stream, at)
            return None
        boards = self._boards if behind is None else None
        if boards is not None and (wait := boards.wait(stream.ready[0], at)) > 0:
            self._waiting.wait_for_connection(stream, min(wait / self.line.speed, _STALE_SECONDS))
            return None
        wait = lane.governor.admit(at)
        if wait > 0:
            self._wait_for_time(stream, wait)
            return None
        wait = self.line.assign(stream.ready[0], at)
        if wait > 0:
            lane.governor.give_back(at)
            if not self.line.is_uniform:
                self._wait_for_time(stream, wait)
                return None
            stream.place = Place.RUNNABLE
            self._runnable.appendleft(stream)  # it is next when the account allows more
            # not for long: what a quota counts may not be taken after all, and then there is room again
            self._waiting.close_gate(min(wait / self.line.speed, _ROOM_AGAIN_SECONDS))
            return None
        parcel = stream.ready.popleft()
        stream.turns = max(stream.turns, self._most_turns - _MOST_TURNS_OWED) + 1
        self._most_turns = max(self._most_turns, stream.turns)
        if boards is not None:
            boards.board(parcel, at)
        parcel.begun = self._committer.begin(parcel.recipient.id)
        if behind is None:
            parcel.seated = True
            lane.busy += 1
        else:
            behind.last_follower().follower = parcel
        stream.in_flight += 1
        stream.run.in_flight += 1
        return parcel

    def _drop_unwanted(self, stream: Stream) -> None:
        """Last look before RCPT: suppressed meanwhile, or expired."""
        now = self.line.clock.now()
        while stream.ready:
            outcome = self._last_look(stream.ready[0], now)
            if outcome is None:
                return
            parcel = stream.ready.popleft()
            self._committer.settle(Settlement(parcel.recipient.id, outcome, now))
            self._on_taken(stream, [len(parcel.message.content)])
            self._on_settled(stream, outcome)

    def _last_look(self, parcel: Parcel, now: datetime) -> Outcome | None:
        reason = self._suppressions.reason_for(parcel.key)
        if reason is not None:
            return Outcome(Disposition.SUPPRESSED, reason)
        expires_at = parcel.recipient.expires_at
        if expires_at is not None and expires_at <= now:
            return Outcome(Disposition.EXPIRED, Reason.EXPIRED)
        return None

    def _wait_for_connection(self, stream: Stream, at: float) -> None:
        suspended = stream.lane.governor.suspended_for(at)
        if suspended > 0:
            self._wait_for_time(stream, suspended)
        else:
            self._waiting.wait_for_connection(stream)

    def _wait_for_time(self, stream: Stream, seconds: float) -> None:
        """Seconds are the line's."""
        seconds /= self.line.speed
        if seconds > _STALE_SECONDS:
            self._on_stale(stream, seconds)
        else:
            self._waiting.wait_for_time(stream, seconds)

    def _ready(self) -> None:
        if self.on_ready is None:
            return
        if self.line.is_uniform:
            self.on_ready()
        else:
            self._wakeups.after(_TOGETHER_SECONDS, self.on_ready)


def _turns_of(stream: Stream) -> int:
    return stream.turns
