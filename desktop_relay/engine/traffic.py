"""The flow of messages: each line's dispatcher and crew, fed for every open stream, and what came of them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Protocol

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.errors import StoreUnusable
from desktop_relay.domain.outcome import Disposition, Outcome
from desktop_relay.domain.progress import LastReply
from desktop_relay.domain.recipient import RecipientState
from desktop_relay.engine.crew import Crew
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.feeder import Feeder
from desktop_relay.engine.lane import Lane
from desktop_relay.engine.line import Line
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

MOVE_SECONDS = 60.0
"""A lane that is blocked for longer than this goes on over its route's fallback, where it has one."""


class Reacts(Protocol):
    """Who decides about campaigns when something happens to their messages."""

    def stop(self, run: Run, reason: PauseReason) -> None:
        """The campaign cannot go on."""
        ...

    def drained(self, run: Run) -> None:
        """Nobody may be left."""
        ...

    def deferred_after_cancel(self, run: Run) -> None:
        """Somebody waits for a retry in a campaign that was cancelled meanwhile."""
        ...

    def judged(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt ended so."""
        ...

    def bounced(self, parcel: Parcel, outcome: Outcome) -> None:
        """The address was refused for good."""
        ...

    def trouble(self, error: StoreUnusable) -> None:
        """The spool cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Yard:
    """A line at work."""

    dispatcher: Dispatcher
    crew: Crew


class Traffic:
    """Opens and closes streams and keeps score of what becomes of their messages."""

    def __init__(self, shop: Workshop) -> None:
        self.warden: Reacts | None = None
        self._shop = shop
        self._clock = shop.clock
        self._yards: dict[Line, Yard] = {}
        self.feeder = Feeder(
            shop,
            on_fed=self._fed,
            on_settled=self._unsent,
            on_trouble=self._trouble,
            on_broken=self._broken,
        )

    # streams

    def open(self, run: Run) -> None:
        """Begin or go on with a campaign whose line and builder are ready and whose counters are fresh."""
        if run.line is None:
            return
        run.sending = True
        run.stopped_by_reply = False
        for key, counts in run.counts.items():
            if counts.open:
                self._stream(run, key)
        for stream in run.streams.values():
            self.feeder.wake(stream)

    def wake(self, run: Run) -> None:
        """Recipients became due, perhaps in lanes that had none left."""
        if run.sending:
            self.open(run)

    def withdraw(self, run: Run) -> None:
        """Everything that was not begun goes back to the spool."""
        for stream in run.streams.values():
            self._withdraw(stream)

    def stop_stream(self, stream: Stream) -> None:
        """A brake holds it: what was not begun goes back."""
        self._withdraw(stream)

    def wake_stream(self, run: Run, lane: str) -> None:
        """It is held no more."""
        stream = run.streams.get(lane)
        if stream is not None:
            self.feeder.wake(stream)

    def lane_changed(self, line: Line, lane: Lane, runs: list[Run]) -> None:
        """The user set a lane otherwise: pause or go on, at another pace."""
        now = self._clock.now()
        streams = [stream for run in runs for stream in run.streams.values() if stream.lane is lane]
        for stream in streams:
            if lane.is_paused(now):
                self._withdraw(stream)
            self.feeder.wake(stream)
        self._wake_line(line)

    def wake_lines(self) -> None:
        """Limits of accounts may have changed."""
        for line in self._yards:
            self._wake_line(line)

    # work on the wire

    def connections(self, line: Line) -> int:
        """Connections at work on a line."""
        yard = self._yards.get(line)
        return 0 if yard is None else yard.crew.at_work

    async def ended(self, timeout_seconds: float) -> bool:
        """Wait for all transactions that run; whether they ended in time."""
        waits = [yard.crew.ended(timeout_seconds) for yard in self._yards.values()]
        return all(await asyncio.gather(*waits))

    def abandon(self) -> None:
        """Hang up on all transactions that run."""
        for yard in self._yards.values():
            yard.crew.abandon()

    # what became of messages (the crew's owner)

    def settled(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt was judged; its settlement is on the way to the disk."""
        stream, outcome = parcel.stream, verdict.outcome
        run = stream.run
        self._score(stream, outcome)
        if outcome.disposition is not Disposition.ACCEPTED:
            self._tell(parcel, outcome)
            if self._move(stream):
                self.feeder.wake(run.streams[stream.lane.key])
        if self.warden is not None:
            self.warden.judged(parcel, verdict)
        if verdict.effect.kind is EffectKind.STOP_CAMPAIGN and run.sending and self.warden is not None:
            run.stopped_by_reply = True
            self.warden.stop(run, verdict.effect.pause_reason)
        self._after(run)

    def put_back(self, parcel: Parcel) -> None:
        """It was not begun, because the spool could not be written."""
        self.feeder.give_back(parcel.stream, [parcel.recipient.id])

    def broke(self, parcel: Parcel) -> None:
        """A bug; the campaign stops for a person to look."""
        self._broken(parcel.stream.run)

    # inside

    def _stream(self, run: Run, key: str) -> Stream | None:
        """The stream of a lane; anew while the lane is blocked here and may move."""
        found, line = run.streams.get(key), run.line
        if line is None:
            return None
        if found is None:
            found = run.streams[key] = Stream(run, line.lane(key), self._clock.monotonic())
        self._move(found)
        return run.streams[key]

    def _move(self, stream: Stream) -> bool:
        """Whether the lane is blocked here and goes on over the line's fallback; it stays there."""
        run, line = stream.run, stream.line
        if line is None or line.fallback is None or stream.successor is not None:
            return stream.successor is not None
        if line.blocked_for(stream.lane, line.clock.monotonic()) / line.speed <= MOVE_SECONDS:
            return False
        other = line.fallback
        key = stream.lane.key
        successor = Stream(run, other.lane(key), self._clock.monotonic(), other)
        stream.successor = run.streams[key] = successor
        self._withdraw(stream)
        log.info("campaign %d lane %s goes on over %s", run.id, key, other.route.name)
        return True

    def _yard(self, line: Line) -> Yard:
        found = self._yards.get(line)
        if found is None:
            dispatcher = Dispatcher(
                line,
                self._shop,
                on_taken=self.feeder.took,
                on_stale=self._stale,
                on_settled=self._unsent,
            )
            found = self._yards[line] = Yard(dispatcher, Crew(dispatcher, self._shop.committer, self))
        return found

    def _fed(self, stream: Stream) -> None:
        if stream.line is not None:
            yard = self._yard(stream.line)
            yard.dispatcher.offer(stream)
            yard.crew.pump()

    def _withdraw(self, stream: Stream) -> None:
        if stream.line is not None:
            taken = self._yard(stream.line).dispatcher.withdraw(stream)
            self.feeder.give_back(stream, taken)

    def _stale(self, stream: Stream, seconds: float) -> None:
        if self._move(stream):
            self.feeder.wake(stream.run.streams[stream.lane.key])
            return
        self._withdraw(stream)
        self.feeder.later(stream, seconds)

    def _wake_line(self, line: Line) -> None:
        yard = self._yards.get(line)
        if yard is not None:
            yard.dispatcher.wake()

    def _unsent(self, stream: Stream, outcome: Outcome) -> None:
        """A recipient was settled without an attempt."""
        self._score(stream, outcome)
        self._after(stream.run)

    def _score(self, stream: Stream, outcome: Outcome) -> None:
        stream = stream.successor or stream
        run = stream.run
        run.dirty = True
        at = self._clock.monotonic()
        if outcome.disposition is Disposition.ACCEPTED:
            stream.pace.add(at)
            run.pace.add(at)
        if outcome.disposition is not Disposition.DEFERRED:
            run.open -= 1
        elif outcome.retry_after is not None:
            self.feeder.expect(stream, self._clock.now() + outcome.retry_after)

    def _after(self, run: Run) -> None:
        if self.warden is None:
            return
        if run.state is CampaignState.CANCELLED and run.in_flight == 0:
            self.warden.deferred_after_cancel(run)
        elif run.open <= 0:
            self.warden.drained(run)

    def _tell(self, parcel: Parcel, outcome: Outcome) -> None:
        now = self._clock.now()
        retry = outcome.retry_after
        parcel.stream.run.last_reply = LastReply(
            lane=parcel.stream.lane.key,
            address=parcel.recipient.address,
            code=outcome.code,
            enhanced=outcome.enhanced,
            text=outcome.text,
            reason=outcome.reason,
            state=RecipientState(outcome.disposition.value),
            next_attempt=now + retry if retry is not None else None,
            at=now,
        )
        if outcome.disposition is Disposition.BOUNCED and self.warden is not None:
            self.warden.bounced(parcel, outcome)

    def _trouble(self, error: StoreUnusable) -> None:
        if self.warden is not None:
            self.warden.trouble(error)

    def _broken(self, run: Run) -> None:
        if self.warden is not None:
            self.warden.stop(run, PauseReason.INTERNAL)
