"""The flow of messages: each line's dispatcher and crew, fed for every open stream."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.outcome import Disposition
from desktop_relay.engine.aftermath import Aftermath
from desktop_relay.engine.boarding import Boarding
from desktop_relay.engine.crew import Crew
from desktop_relay.engine.detours import Detours
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.feeder import Feeder
from desktop_relay.engine.line import Line
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.engine.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Yard:
    """A line at work."""

    dispatcher: Dispatcher
    crew: Crew


class Traffic:
    """Opens and closes streams, and sends each over its line or around it."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._clock = shop.clock
        self._yards: dict[Line, Yard] = {}
        self._detours = Detours(shop.clock, self._withdraw)
        self.aftermath = Aftermath(shop.clock, self._put_off)
        self.feeder = Feeder(
            shop,
            on_fed=self._fed,
            on_settled=self.aftermath.unsent,
            on_trouble=self.aftermath.trouble,
            on_broken=self.aftermath.broke,
        )

    # streams

    def open(self, run: Run) -> None:
        """Begin or go on with a campaign whose line and builder are ready and whose counters are fresh."""
        if run.line is None:
            return
        run.sending = True
        for key, counts in run.counts.items():
            if counts.open:
                self._stream(run, run.line, key)
        for stream in run.streams.values():
            self.feeder.wake(stream)

    def wake(self, run: Run) -> None:
        """Recipients became due, perhaps in lanes that had none left."""
        if run.sending:
            self.open(run)

    def withdraw(self, run: Run) -> None:
        """Everything that was not begun goes back to the spool."""
        for stream in run.streams.values():
            self._withdraw(stream, recall=False)
        for yard in self._yards.values():
            yard.crew.recall()

    def stop_stream(self, stream: Stream) -> None:
        """A brake holds it: what was not begun goes back."""
        self._withdraw(stream)

    def wake_stream(self, run: Run, lane: str) -> None:
        """It is held no more."""
        stream = run.streams.get(lane)
        if stream is not None:
            self.feeder.wake(stream)

    def stream_changed(self, stream: Stream) -> None:
        """The user set its lane otherwise: pause or go on, at another pace."""
        if stream.is_paused(self._clock.now()):
            self._withdraw(stream)
        self.feeder.wake(stream)
        if stream.line is not None:
            self._wake_line(stream.line)

    def reroute(self, stream: Stream) -> bool:
        """Whether its lane goes another way from now on, blocked on this one or free again on its own."""
        stream = stream.latest
        if not stream.run.sending or not (self._detours.leave(stream) or self._detours.come_back(stream)):
            return False
        self._remember(stream.latest)
        self.feeder.wake(stream.latest)
        return True

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

    def hang_up(self) -> None:
        """Break off all transactions that run; they end by themselves then."""
        for yard in self._yards.values():
            yard.crew.hang_up()

    def abandon(self) -> None:
        """Hang up on all transactions that run."""
        for yard in self._yards.values():
            yard.crew.abandon()

    # what became of messages (the crew's owner)

    def settled(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt was judged; its settlement is on the way to the disk."""
        if verdict.outcome.disposition is not Disposition.ACCEPTED:
            self.reroute(parcel.stream)
        self.aftermath.settled(parcel, verdict)

    def put_back(self, parcel: Parcel) -> None:
        """It was not begun, because the spool could not be written."""
        self.feeder.give_back(parcel.stream, [parcel.recipient.id])

    def hand_back(self, parcel: Parcel, seconds: float) -> None:
        """It was begun, and nothing of it sent; it is looked at again in so many real seconds."""
        self.feeder.hand_back(parcel.stream, [parcel.recipient.id], seconds)
        self.aftermath.look(parcel.stream.run)

    def broke(self, parcel: Parcel) -> None:
        """A bug; the campaign stops for a person to look."""
        self.aftermath.broke(parcel.stream.run)

    # inside

    def _stream(self, run: Run, line: Line, key: str) -> None:
        """Make the stream of a lane when it is first needed, where its mail can go now."""
        if key not in run.streams:
            run.streams[key] = Stream(run, line.lane(key), self._clock.monotonic())
        self._detours.leave(run.streams[key])
        self._remember(run.streams[key])

    def _remember(self, stream: Stream) -> None:
        """What is known of its lane is on the disk no later than the first message that goes out."""
        if stream.line is not None:
            self._shop.committer.remember(stream.line.lessons(stream.lane))

    def _yard(self, line: Line) -> Yard:
        found = self._yards.get(line)
        if found is None:
            boarding = Boarding(line)
            dispatcher = Dispatcher(
                line,
                self._shop,
                on_taken=self.feeder.took,
                on_stale=self._stale,
                on_settled=self.aftermath.unsent,
                boards=boarding,
            )
            crew = Crew(dispatcher, boarding, self._shop.committer, self)
            found = self._yards[line] = Yard(dispatcher, crew)
        return found

    def _fed(self, stream: Stream) -> None:
        if stream.line is not None:
            yard = self._yard(stream.line)
            yard.dispatcher.offer(stream)
            yard.crew.pump()

    def _withdraw(self, stream: Stream, *, recall: bool = True) -> None:
        if stream.line is not None:
            yard = self._yard(stream.line)
            self.feeder.give_back(stream, yard.dispatcher.withdraw(stream))
            if recall:
                yard.crew.recall()

    def _stale(self, stream: Stream, seconds: float) -> None:
        if not self.reroute(stream):
            self._withdraw(stream)
            self.feeder.later(stream, seconds)

    def _put_off(self, stream: Stream, due: datetime) -> None:
        self.feeder.expect(stream, due)

    def _wake_line(self, line: Line) -> None:
        yard = self._yards.get(line)
        if yard is not None:
            yard.dispatcher.wake()
