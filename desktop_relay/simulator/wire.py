"""One line at work in virtual time: its dispatcher, and the connections that the engine's crew keeps busy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outcome import Disposition, Outcome
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.line import Line
from desktop_relay.engine.spread import CROWDED_SECONDS
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.policy.classify import judge
from desktop_relay.simulator.account_score import AccountScore
from desktop_relay.simulator.clock import Agenda, VirtualClock
from desktop_relay.simulator.conduct import Conduct
from desktop_relay.simulator.feeding import Feeding
from desktop_relay.simulator.peer import Link, Peer
from desktop_relay.simulator.peers import Peers
from desktop_relay.simulator.station import Station
from desktop_relay.simulator.virtual_shop import open_shop


@dataclass(frozen=True, slots=True)
class World:
    """What all lines of a simulation have in common; ``draw`` gives numbers in [0, 1)."""

    clock: VirtualClock
    agenda: Agenda
    peers: Peers
    conduct: Conduct
    accounts: dict[str, AccountScore]
    draw: Callable[[], float]


class Owner(Protocol):
    """Who hears of what became of people."""

    def settled(self, station: Station, parcel: Parcel, verdict: Verdict) -> None:
        """An attempt ended and was judged."""
        ...

    def unsent(self, station: Station, outcome: Outcome) -> None:
        """Somebody was settled without an attempt."""
        ...


class Wire:
    """``working`` counts the connections at work."""

    def __init__(self, line: Line, world: World, owner: Owner) -> None:
        self.line = line
        self.working = 0
        self._world = world
        self._owner = owner
        self._clock = world.clock
        self._stations: dict[Stream, Station] = {}
        self._feeding = Feeding(world.clock, world.agenda, self.pump)
        self._dispatcher = Dispatcher(
            line,
            open_shop(world.agenda),
            on_taken=self._taken,
            on_stale=self._stale,
            on_settled=self._unsent,
        )
        self._dispatcher.on_ready = self.pump

    def add(self, station: Station) -> None:
        """A station whose stream goes over this line."""
        self._stations[station.stream] = station

    def wake(self, stations: list[Station]) -> None:
        """People may be due there."""
        for station in stations:
            station.stream.drained = False
        self._feeding.hungry.extend(stations)
        self.pump()

    def withdraw(self, station: Station) -> None:
        """What was not begun goes back."""
        self._feeding.withdraw(station, self._dispatcher)

    def close(self) -> None:
        """Nothing is begun any more, whatever time brings."""
        self._feeding.close()
        self._dispatcher.on_ready = None

    def pump(self) -> None:
        """Put connections to work while there are messages that may be sent."""
        line, dispatcher = self.line, self._dispatcher
        while True:
            self._feeding.feed(dispatcher)
            capacity = line.capacity(self._clock.seconds)
            if capacity == 0:
                dispatcher.suspend(line.account_suspended_for(self._clock.seconds) or CROWDED_SECONDS)
                return
            parcel = dispatcher.take() if self.working < capacity else None
            if parcel is not None:
                self._send(parcel)
            elif not self._feeding.hungry:
                return

    # the dispatcher's call-backs

    def _taken(self, stream: Stream, octets: list[int]) -> None:
        if stream.is_hungry():
            self._feeding.hungry.append(self._stations[stream])

    def _stale(self, stream: Stream, seconds: float) -> None:
        station = self._stations[stream]
        self._feeding.withdraw(station, self._dispatcher)
        self._feeding.later(station, seconds)

    def _unsent(self, stream: Stream, outcome: Outcome) -> None:
        self._owner.unsent(self._stations[stream], outcome)

    # one message

    def _send(self, parcel: Parcel) -> None:
        at = self._clock.seconds
        station = self._stations[parcel.stream]
        self.working += 1
        station.score.look(at)
        station.score.begin(at)
        account = self._account_of(parcel)
        if account is not None:
            account.look(at)
            account.begin(at)
        self._carry(station, parcel)

    def _carry(self, station: Station, parcel: Parcel) -> None:
        world, egress = self._world, parcel.egress or self.line.egresses[0]
        peer, key = world.peers.find(parcel.domain, egress.route)
        permit = egress.permit_of(parcel.stream.lane.governor)
        attempt = peer.attempt(parcel.key, parcel.domain, key, self._clock.seconds, permit)
        if isinstance(attempt, float):
            world.agenda.after(attempt, partial(self._carry, station, parcel))
        else:
            conclude = partial(self._conclude, station, parcel, peer, attempt.link, attempt.exchange)
            world.agenda.after(attempt.seconds, conclude)

    def _conclude(
        self, station: Station, parcel: Parcel, peer: Peer, link: Link | None, exchange: Exchange
    ) -> None:
        at, lane, recipient = self._clock.seconds, parcel.stream.lane, parcel.recipient
        if link is not None:
            peer.release(link, self.line.session_limits(lane), at)
        verdict = judge(
            exchange,
            lane=lane.key,
            directory=self.line.directory,
            attempts=recipient.attempts + 1,
            at=self._clock.now(),
            expires_at=recipient.expires_at,
            route_kind=(parcel.egress or self.line).route.kind,
            jitter=self._world.draw(),
        )
        verdict = self._world.conduct.learn(self.line, parcel, exchange, verdict, at)
        outcome = verdict.outcome
        counts_for = self.line.ended(parcel, outcome.disposition)
        station.score.end(outcome, at)
        station.score.look(at, outcome)
        self._keep_account(parcel, outcome, counts_for)
        if outcome.disposition is Disposition.DEFERRED and outcome.retry_after is not None:
            self._feeding.defer(station, recipient, at + outcome.retry_after.total_seconds())
        self._leave(parcel)
        self._owner.settled(station, parcel, verdict)
        self.pump()

    def _keep_account(self, parcel: Parcel, outcome: Outcome, counts_for: str) -> None:
        account = self._account_of(parcel)
        if account is not None:
            if counts_for:
                account.take(self._clock.seconds)
            account.look(self._clock.seconds, outcome)

    def _account_of(self, parcel: Parcel) -> AccountScore | None:
        accounts = self._world.accounts
        return accounts.get(parcel.egress.name) if accounts and parcel.egress is not None else None

    def _leave(self, parcel: Parcel) -> None:
        stream = parcel.stream
        self.working -= 1
        stream.lane.busy -= 1
        stream.in_flight -= 1
        stream.run.in_flight -= 1
        self._dispatcher.freed(stream.lane)
