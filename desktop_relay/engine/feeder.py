"""Keeps ready queues filled: leases what is due, has it built, and never holds more than a little of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from desktop_relay.domain.address import domain_of
from desktop_relay.domain.errors import BadInput, StoreUnusable
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.domain.recipient import Recipient
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import MOST_READY, Parcel, Stream
from desktop_relay.engine.workshop import Workshop

log = logging.getLogger(__name__)

MOST_HELD = 512
"""Messages built and not begun, over all lanes: what they weigh is the engine's memory."""

MOST_HELD_OCTETS = 32 * 1024 * 1024
FETCHES = 8
_SOON_SECONDS = 2.0
_SOONEST_SECONDS = 0.02


class Feeder:
    """Fetches for hungry streams in the order they asked.

    ``on_fed`` hears of streams that have messages, ``on_settled`` of recipients for whom there is none,
    ``on_trouble`` of a store that cannot be used and ``on_broken`` of a bug.
    """

    def __init__(
        self,
        shop: Workshop,
        *,
        on_fed: Callable[[Stream], None],
        on_settled: Callable[[Stream, Outcome], None],
        on_trouble: Callable[[StoreUnusable], None],
        on_broken: Callable[[Run], None],
    ) -> None:
        self._shop = shop
        self._clock = shop.clock
        self._committer = shop.committer
        self._on_fed = on_fed
        self._on_settled = on_settled
        self._on_trouble = on_trouble
        self._on_broken = on_broken
        self._hungry: deque[Stream] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0
        self._octets = 0

    def want(self, stream: Stream) -> None:
        """The stream may have something due; it is fetched when its turn comes."""
        if stream.wanted or stream.fetching:
            return
        if stream.is_open(self._clock.now()):
            stream.wanted = True
            self._hungry.append(stream)
            self.pump()

    def wake(self, stream: Stream) -> None:
        """Something of the stream is due that was not when it was fetched last."""
        stream.drained = False
        stream.woken += 1
        self.want(stream)

    def give_back(self, stream: Stream, recipients: Sequence[int]) -> None:
        """Leases of the stream that are not sent; it is looked at again once they are back."""

        self._committer.release(recipients, lambda: self.wake(stream.latest))

    def hand_back(self, stream: Stream, recipients: Sequence[int], seconds: float) -> None:
        """Likewise of those that were begun and not sent; it is looked at again so much later."""

        def then() -> None:
            stream.latest.drained = False
            self.later(stream.latest, seconds)

        self._committer.hand_back(recipients, then if seconds > 0 else lambda: self.wake(stream.latest))

    def took(self, stream: Stream, octets: Sequence[int]) -> None:
        """Messages left the stream's ready queue."""
        self._held -= len(octets)
        self._octets -= sum(octets)
        if not (stream.wanted or stream.fetching) and stream.is_hungry():
            self.want(stream)
        elif self._hungry:
            self.pump()

    def expect(self, stream: Stream, due: datetime | None) -> None:
        """Look again at ``due``, unless that happens sooner anyway."""
        if due is None or (stream.next_due is not None and stream.next_due <= due):
            return
        if stream.alarm is not None:
            stream.alarm.cancel()
        stream.next_due = due

        def ring() -> None:
            stream.alarm = stream.next_due = None
            stream.awaited = True
            self.wake(stream)

        seconds = (due - self._clock.now()).total_seconds()
        stream.alarm = self._shop.wakeups.after(max(seconds, _SOONEST_SECONDS), ring)

    def later(self, stream: Stream, seconds: float) -> None:
        """Look at the stream again in so many real seconds."""

        def ring() -> None:
            self.want(stream)

        self._shop.wakeups.after(seconds, ring)

    def pump(self) -> None:
        """Begin fetches while there is room for what they bring."""
        while (
            self._hungry
            and len(self._tasks) < FETCHES
            and self._held < MOST_HELD
            and self._octets < MOST_HELD_OCTETS
        ):
            stream = self._hungry.popleft()
            stream.wanted = False
            limit = self._limit(stream)
            if limit > 0:
                self._begin(stream, limit)

    async def close(self) -> None:
        """Wait for what is being fetched."""
        self._hungry.clear()
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _limit(self, stream: Stream) -> int:
        """How many to fetch now; a lane that may not send yet is looked at again shortly before it may."""
        line, lane = stream.line, stream.lane
        if line is None or stream.drained or not stream.is_open(self._clock.now()):
            return 0
        at = line.clock.monotonic()
        wait = max(lane.delay(at), line.closed_for(stream.mail, at)) / line.speed
        if wait > _SOON_SECONDS:
            self.later(stream, wait - _SOON_SECONDS / 2)
            return 0
        fits = (MOST_HELD_OCTETS - self._octets) // stream.run.message_octets
        return min(stream.appetite(), MOST_READY, max(1, fits)) - len(stream.ready)

    def _begin(self, stream: Stream, limit: int) -> None:
        stream.fetching = True
        stream.run.fetch_began()
        self._held += limit
        octets = limit * stream.run.message_octets
        self._octets += octets
        task = asyncio.create_task(self._fetch(stream, limit, octets))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.pump()

    async def _fetch(self, stream: Stream, limit: int, octets: int) -> None:
        run = stream.run
        added = 0
        try:
            added = await self._fill(stream, limit, run.turn)
        except StoreUnusable as error:
            self._on_trouble(error)
            self.later(stream, _SOON_SECONDS)
            return
        except Exception:  # process boundary: a stream that cannot be filled must not just fall silent
            log.exception("campaign %d lane %s: preparing broke", run.id, stream.lane.key)
            self._on_broken(run)
        finally:
            self._held -= limit - added
            self._octets -= octets
            stream.fetching = False
            run.fetch_ended()
        if added:
            self._on_fed(stream)
        if stream.is_hungry():
            self.want(stream)

    async def _fill(self, stream: Stream, limit: int, turn: int) -> int:
        run = stream.run
        woken = stream.woken
        if stream.awaited:
            # what was put off for a moment only may not be on the disk yet
            stream.awaited = False
            await self._committer.flush()
        now = self._clock.now()
        leased, due = await self._shop.writer.call(self._lease, run, stream.lane.key, limit, now)
        if run.turn == turn and len(leased) < limit:
            stream.drained = stream.woken == woken
            self.expect(stream, due)
        ids = [recipient.id for recipient in leased]
        built: list[Outgoing | BadInput] = []
        if leased and run.turn == turn and run.blueprint is not None:
            try:
                built = await self._shop.preparer.build(run.blueprint, leased, self._clock.now())
            except Exception:
                self.give_back(stream, ids)  # else nobody would look for them before the next start
                raise
        if run.turn != turn or not stream.is_open(self._clock.now()) or not built:
            self.give_back(stream, ids)
            return 0
        return sum(self._shelve(stream, *pair) for pair in zip(leased, built, strict=True))

    def _lease(
        self, run: Run, lane: str, limit: int, at: datetime
    ) -> tuple[list[Recipient], datetime | None]:
        kept = run.kept(lane)
        leased = self._shop.spool.lease(run.id, lane, limit, at, kept)
        due = self._shop.spool.next_due(run.id, lane, kept) if len(leased) < limit else None
        return leased, due

    def _shelve(self, stream: Stream, recipient: Recipient, built: Outgoing | BadInput) -> bool:
        if isinstance(built, BadInput):
            reason = Outcome(Disposition.HELD, Reason.MERGE_FAILED, text=str(built))
            self._committer.settle(Settlement(recipient.id, reason, self._clock.now()))
            self._on_settled(stream, reason)
            return False
        address = recipient.address
        stream.ready.append(Parcel(stream, recipient, built, domain_of(address), address.lower()))
        octets = len(built.content)
        self._octets += octets
        stream.run.largest_octets = max(octets, stream.run.largest_octets)
        return True
