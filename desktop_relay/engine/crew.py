"""The connections of a line at work: each carries message after message as the dispatcher gives them out."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.exchange import Exchange, Stage
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.carriage import carry
from desktop_relay.engine.committer import Committer
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.stream import Parcel
from desktop_relay.policy.classify import judge

log = logging.getLogger(__name__)

_OPENING = frozenset({Stage.RESOLVE, Stage.CONNECT, Stage.BANNER, Stage.EHLO, Stage.STARTTLS, Stage.AUTH})
_HARMLESS = frozenset({EffectKind.NONE, EffectKind.SUCCESS})
_PUT_OFF = timedelta(minutes=1)

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

    def broke(self, parcel: Parcel) -> None:
        """A bug: the campaign must not go on as if nothing had happened."""
        ...


class Crew:
    """As many connections as the line's capacity and the dispatcher's choice keep busy."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        committer: Committer,
        owner: Owner,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._dispatcher = dispatcher
        self._line = dispatcher.line
        self._committer = committer
        self._owner = owner
        self._jitter = jitter
        self._tasks: set[asyncio.Task[None]] = set()
        dispatcher.on_ready = self.pump

    @property
    def at_work(self) -> int:
        """Connections that carry something."""
        return len(self._tasks)

    def pump(self) -> None:
        """Put connections to work while there are messages that may be sent."""
        at = self._line.clock.monotonic()
        if self._line.capacity(at) == 0:
            self._dispatcher.suspend(self._line.account_suspended_for(at))
            return
        while len(self._tasks) < self._line.capacity(at):
            parcel = self._dispatcher.take()
            if parcel is None:
                return
            task = asyncio.create_task(self._work(parcel))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def ended(self, timeout_seconds: float) -> bool:
        """Wait until nothing is on the wire; whether that was so in time."""
        tasks = set(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=timeout_seconds)
        return not any(not task.done() for task in tasks)

    def abandon(self) -> None:
        """Hang up at once; what was on the wire is for the next start to find."""
        for task in self._tasks:
            task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.pump()

    async def _work(self, first: Parcel) -> None:
        begun = deque([first])
        while begun:
            await self._carry(begun.popleft(), begun)
            if not begun and (parcel := self._next()) is not None:
                begun.append(parcel)

    async def _carry(self, parcel: Parcel, ahead: deque[Parcel]) -> None:
        """Send one while the next few for this connection are being committed; they wait in ``ahead``."""
        try:
            if parcel.begun is None or not await parcel.begun.has_begun(parcel.recipient.id):
                self._leave(parcel)
                self._owner.put_back(parcel)
                return
            while len(ahead) < MOST_AHEAD and (more := self._dispatcher.take(parcel)) is not None:
                ahead.append(more)
            exchange = await carry(self._line, parcel)
            verdict = self._judge(parcel, exchange)
            self._conclude(parcel, verdict, exchange)
            if verdict.effect.kind not in _HARMLESS:
                self._thin_out(ahead)
        except Exception:  # process boundary: a bug stops the campaign, never this task in silence
            log.exception("recipient %d: the attempt broke", parcel.recipient.id)
            self._break(parcel)

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
            route_kind=self._line.route.kind,
            jitter=self._jitter(),
            speed=self._line.speed,
        )

    def _conclude(self, parcel: Parcel, verdict: Verdict, exchange: Exchange) -> None:
        at = self._line.clock.monotonic()
        lane, account = parcel.stream.lane, self._line.account
        opening = exchange.stage in _OPENING
        if account is not None and (opening or verdict.effect.kind is EffectKind.SUCCESS):
            # what happens before MAIL on an account's server concerns the account, not the carrier
            account.learn(verdict.effect, at)
        if account is None or not opening:
            lane.learn(verdict.effect, verdict.outcome.reason, at)
        self._settle(parcel, verdict)

    def _settle(self, parcel: Parcel, verdict: Verdict) -> None:
        parcel.begun = None
        self._committer.settle(Settlement(parcel.recipient.id, verdict.outcome, self._line.clock.now()))
        self._leave(parcel)
        self._owner.settled(parcel, verdict)

    def _leave(self, parcel: Parcel) -> None:
        stream = parcel.stream
        stream.lane.busy -= 1
        stream.in_flight -= 1
        stream.run.in_flight -= 1
        self._dispatcher.freed(stream.lane)

    def _thin_out(self, ahead: deque[Parcel]) -> None:
        """Messages begun ahead are sent unless their lane or campaign was stopped by a reply since."""
        for parcel in list(ahead):
            run, lane = parcel.stream.run, parcel.stream.lane
            at = self._line.clock.monotonic()
            suspended = max(lane.governor.suspended_for(at), self._line.account_suspended_for(at)) > 0
            if suspended or run.stopped_by_reply:
                ahead.remove(parcel)
                reason = lane.cause if lane.cause is not Reason.NONE else Reason.SERVER_BUSY
                outcome = Outcome(Disposition.DEFERRED, reason, retry_after=_PUT_OFF / self._line.speed)
                self._settle(parcel, Verdict(outcome))

    def _break(self, parcel: Parcel) -> None:
        if parcel.begun is not None:
            self._settle(parcel, Verdict(Outcome(Disposition.UNKNOWN, Reason.ENGINE_STOPPED)))
        self._owner.broke(parcel)
