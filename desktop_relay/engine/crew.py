"""The connections of a line at work: each carries message after message as the dispatcher gives them out."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from desktop_relay.domain.effect import SLOWING, Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.boarding import Boarding
from desktop_relay.engine.carriage import Carriage
from desktop_relay.engine.committer import Committer
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.spread import CROWDED_SECONDS
from desktop_relay.engine.stream import Parcel
from desktop_relay.policy.classify import judge

log = logging.getLogger(__name__)

MOST_AHEAD = 3
"""Messages a connection of a fast lane has committed while it sends another: a commit takes a few of its
transactions' time, and a crash leaves at most so many more in doubt."""


class Owner(Protocol):
    """Who hears of what became of messages."""

    def settled(self, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt ended and was judged."""
        ...

    def put_back(self, parcel: Parcel) -> None:
        """It could not be begun and was not sent."""
        ...

    def hand_back(self, parcel: Parcel, seconds: float) -> None:
        """It was begun, nothing of it was sent, and it may be tried again in so many real seconds."""
        ...

    def broke(self, parcel: Parcel) -> None:
        """A bug: the campaign must not go on as if nothing had happened."""
        ...


class Crew:
    """As many connections as the line's capacity and the dispatcher's choice keep busy."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        boarding: Boarding,
        committer: Committer,
        owner: Owner,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._dispatcher = dispatcher
        self._line = dispatcher.line
        self._boarding = boarding
        self._committer = committer
        self._owner = owner
        self._jitter = jitter
        self._tasks: set[asyncio.Task[None]] = set()
        self._benches: list[tuple[Carriage, deque[Parcel]]] = []
        dispatcher.on_ready = self.pump

    @property
    def at_work(self) -> int:
        """Connections that carry something."""
        return len(self._tasks)

    def pump(self) -> None:
        """Put connections to work while there are messages that may be sent."""
        at = self._line.clock.monotonic()
        if self._line.capacity(at) == 0:
            self._dispatcher.suspend(self._line.account_suspended_for(at) or CROWDED_SECONDS)
            return
        while len(self._tasks) < self._line.capacity(at):
            parcel = self._dispatcher.take()
            if parcel is None:
                return
            begun = deque([parcel])
            self._fill(parcel, begun, 1 + MOST_AHEAD)
            task = asyncio.create_task(self._work(begun))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    def recall(self) -> None:
        """What was begun ahead and may not be sent any more goes back at once."""
        for carriage, ahead in self._benches:
            for parcel in [parcel for parcel in ahead if carriage.is_stopped(parcel)]:
                ahead.remove(parcel)
                self._hand_back(parcel, 0.0)

    async def ended(self, timeout_seconds: float) -> bool:
        """Wait until nothing is on the wire; whether that was so in time."""
        tasks = set(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_seconds)
        return not any(not task.done() for task in tasks)

    def hang_up(self) -> None:
        """Break off what is on the wire: only what is at its final dot stays in doubt."""
        for carriage, ahead in self._benches:
            carriage.hang_up()
            while ahead:
                self._hand_back(ahead.pop(), 0.0)

    def abandon(self) -> None:
        """Hang up at once; what was on the wire is for the next start to find."""
        for task in self._tasks:
            task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.pump()

    async def _work(self, begun: deque[Parcel]) -> None:
        carriage = Carriage(self._line, self._boarding)
        bench = (carriage, begun)
        self._benches.append(bench)
        try:
            while begun:
                await self._carry(begun.popleft(), begun, carriage)
                if not begun and (parcel := self._next()) is not None:
                    begun.append(parcel)
        finally:
            self._benches.remove(bench)
            carriage.end()

    async def _carry(self, parcel: Parcel, ahead: deque[Parcel], carriage: Carriage) -> None:
        """Send one while the next few for this connection are being committed; they wait in ``ahead``."""
        try:
            if parcel.begun is None or not await parcel.begun.has_begun(parcel.recipient.id):
                self._let_go(parcel)
                self._owner.put_back(parcel)
                return
            self._fill(parcel, ahead, MOST_AHEAD)
            exchange = await carriage.carry(parcel, partial(_coming, ahead))
            if ahead:  # before anybody else: it was begun because this session would be free for it
                self._boarding.board(ahead[0], self._line.clock.monotonic())
            if isinstance(exchange, Exchange):
                verdict = self._judge(parcel, exchange)
                self._conclude(parcel, verdict, exchange)
                if verdict.effect.kind in SLOWING:
                    self.recall()
            else:
                self._hand_back(parcel, exchange / self._line.speed)
        except Exception:  # process boundary: a bug stops the campaign, never this task in silence
            log.exception("recipient %d: the attempt broke", parcel.recipient.id)
            self._break(parcel)

    def _fill(self, current: Parcel, begun: deque[Parcel], most: int) -> None:
        """Take what may follow ``current`` on its connection: begun together, committed together."""
        while len(begun) < most and (more := self._dispatcher.take(current)) is not None:
            begun.append(more)

    def _next(self) -> Parcel | None:
        # while the account allows fewer connections than are at work, this one ends
        if len(self._tasks) > self._line.capacity(self._line.clock.monotonic()):
            return None
        return self._dispatcher.take()

    def _judge(self, parcel: Parcel, exchange: Exchange) -> Verdict:
        recipient = parcel.recipient
        return judge(
            exchange,
            lane=parcel.stream.lane.key,
            directory=self._line.directory,
            attempts=recipient.attempts + 1,
            at=self._line.clock.now(),
            expires_at=recipient.expires_at,
            route_kind=(parcel.egress or self._line).route.kind,
            jitter=self._jitter(),
            speed=self._line.speed,
        )

    def _conclude(self, parcel: Parcel, verdict: Verdict, exchange: Exchange) -> None:
        at = self._line.clock.monotonic()
        self._settle(parcel, self._line.learn(parcel, exchange, verdict, at))

    def _settle(self, parcel: Parcel, verdict: Verdict) -> None:
        parcel.begun = None
        outcome = verdict.outcome
        account = self._line.ended(parcel, outcome.disposition)
        self._committer.settle(Settlement(parcel.recipient.id, outcome, self._line.clock.now(), account))
        self._committer.remember(self._line.lessons(parcel.stream.lane))
        self._leave(parcel)
        self._owner.settled(parcel, verdict)

    def _hand_back(self, parcel: Parcel, seconds: float) -> None:
        self._let_go(parcel)
        self._owner.hand_back(parcel, seconds)

    def _let_go(self, parcel: Parcel) -> None:
        """Nothing of it was sent."""
        parcel.begun = None
        self._boarding.leave(parcel)
        self._line.ended(parcel, None)
        self._leave(parcel)

    def _leave(self, parcel: Parcel) -> None:
        stream = parcel.stream
        stream.in_flight -= 1
        stream.run.in_flight -= 1
        if parcel.leave():
            stream.lane.busy -= 1
            self._dispatcher.freed(stream.lane)

    def _break(self, parcel: Parcel) -> None:
        self._boarding.leave(parcel)
        if parcel.begun is not None:
            self._settle(parcel, Verdict(Outcome(Disposition.UNKNOWN, Reason.ENGINE_STOPPED)))
        self._owner.broke(parcel)


def _coming(ahead: deque[Parcel]) -> Parcel | None:
    """The message that is sent next, unless its lane or campaign is stopped."""
    parcel = ahead[0] if ahead else None
    if parcel is None or parcel.begun is None or not parcel.begun.has_begun_already(parcel.recipient.id):
        return None
    return parcel
