"""A campaign in virtual time: the engine's lanes, dispatcher and judgement over the practice carriers."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from random import Random

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outcome import Disposition, Outcome
from desktop_relay.engine.clock import ScaledClock
from desktop_relay.engine.dispatcher import Dispatcher
from desktop_relay.engine.line import Line, Outlet
from desktop_relay.engine.run import Run
from desktop_relay.engine.spread import CROWDED_SECONDS
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.policy.classify import judge
from desktop_relay.policy.profiles import Directory
from desktop_relay.simulator.audience import People
from desktop_relay.simulator.clock import Agenda, VirtualClock
from desktop_relay.simulator.conduct import Conduct, EngineConduct
from desktop_relay.simulator.feeding import Feeding
from desktop_relay.simulator.lanes import plan_lanes
from desktop_relay.simulator.no_way import NoWay
from desktop_relay.simulator.peer import Link, Peer
from desktop_relay.simulator.peers import Peers
from desktop_relay.simulator.result import PaceStep, SimulationResult
from desktop_relay.simulator.scenario import Scenario, compose_campaign
from desktop_relay.simulator.score import Score
from desktop_relay.simulator.station import Station
from desktop_relay.simulator.virtual_shop import open_shop
from desktop_relay.simulator.waiting import Waiting
from desktop_relay.transport.sandbox.carriers import Carriers

_TOLD_EVERY = 10_000


class Simulation:
    """One run of one scenario. ``on_progress`` hears of attempts made and recipients settled."""

    def __init__(
        self,
        scenario: Scenario,
        directory: Directory,
        carriers: Carriers,
        *,
        conduct: Conduct | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._scenario = scenario
        self._conduct = conduct or EngineConduct()
        self._on_progress = on_progress
        self._random = Random(scenario.seed)
        self._clock = VirtualClock(scenario.start)
        self._agenda = Agenda(self._clock)
        self._run = Run(compose_campaign(scenario), 0.0)
        self._line = Line(
            Outlet(scenario.route, NoWay()), ScaledClock(self._clock, 1.0), directory, scenario.overrides, {}
        )
        self._dispatcher = Dispatcher(
            self._line,
            open_shop(self._agenda),
            on_taken=self._taken,
            on_stale=self._stale,
            on_settled=self._unsent,
        )
        self._dispatcher.on_ready = self._pump
        self._run.line = self._line
        self._peers = Peers(scenario, carriers, self._random.random)
        self._changes: list[PaceStep] = []
        self._working = self._attempts = self._settled = 0
        self._expires_at = self._run.submitted.snapshot.expires_at
        self._stopped = PauseReason.NONE
        self._feeding = Feeding(self._clock, self._agenda, self._expires_at, self._pump)
        people = plan_lanes(scenario.audience, directory, carriers)
        self._stations = {lane: self._station(lane, members) for lane, members in people.items()}

    def run(self) -> SimulationResult:
        """Let the campaign happen."""
        self._run.sending = True
        collecting = gc.isenabled()
        gc.disable()  # nothing here is cyclic, and looking for it takes a fifth of the time
        try:
            self._feeding.hungry.extend(self._stations.values())
            self._pump()
            self._agenda.run(self._scenario.until.total_seconds())
        finally:
            if collecting:
                gc.enable()
        return SimulationResult(
            start=self._scenario.start,
            seed=self._scenario.seed,
            recipients=sum(station.people.number for station in self._stations.values()),
            attempts=self._attempts,
            seconds=self._clock.seconds,
            lanes={
                lane: station.score.result(station.left, station.stream.brake.stopped)
                for lane, station in self._stations.items()
            },
            changes=tuple(self._changes),
            stopped=self._stopped,
        )

    def _station(self, key: str, people: People) -> Station:
        lane = self._line.lane(key)
        self._conduct.prepare(lane, 0.0)
        stream = Stream(self._run, lane, 0.0)
        score = Score(lane, people.number, 0.0, self._changes.append)
        return Station(stream, people, Waiting(people.number), score)

    # the dispatcher's call-backs

    def _taken(self, stream: Stream, octets: list[int]) -> None:
        if stream.is_hungry():
            self._feeding.hungry.append(self._stations[stream.lane.key])

    def _stale(self, stream: Stream, seconds: float) -> None:
        station = self._stations[stream.lane.key]
        self._feeding.withdraw(station, self._dispatcher)
        self._feeding.later(station, seconds)

    def _unsent(self, stream: Stream, outcome: Outcome) -> None:
        self._settled += 1
        self._stations[stream.lane.key].score.end(outcome, self._clock.seconds)

    # the wire (the engine's crew, without sockets)

    def _pump(self) -> None:
        line, dispatcher = self._line, self._dispatcher
        while True:
            self._feeding.feed(dispatcher)
            capacity = line.capacity(self._clock.seconds)
            if capacity == 0:
                dispatcher.suspend(line.account_suspended_for(self._clock.seconds) or CROWDED_SECONDS)
                return
            parcel = dispatcher.take() if self._working < capacity else None
            if parcel is not None:
                self._send(parcel)
            elif not self._feeding.hungry:
                return

    def _send(self, parcel: Parcel) -> None:
        at = self._clock.seconds
        station = self._stations[parcel.stream.lane.key]
        self._working += 1
        self._attempts += 1
        station.score.look(at)
        station.score.begin(at)
        self._carry(station, parcel)

    def _carry(self, station: Station, parcel: Parcel) -> None:
        peer, key = self._peers.find(parcel.domain)
        egress = parcel.egress or self._line.egresses[0]
        permit = egress.permit_of(parcel.stream.lane.governor)
        attempt = peer.attempt(parcel.key, parcel.domain, key, self._clock.seconds, permit)
        if isinstance(attempt, float):
            self._agenda.after(attempt, partial(self._carry, station, parcel))
        else:
            conclude = partial(self._conclude, station, parcel, peer, attempt.link, attempt.exchange)
            self._agenda.after(attempt.seconds, conclude)

    def _conclude(
        self, station: Station, parcel: Parcel, peer: Peer, link: Link | None, exchange: Exchange
    ) -> None:
        at, lane, recipient = self._clock.seconds, parcel.stream.lane, parcel.recipient
        if link is not None:
            peer.release(link, self._line.session_limits(lane), at)
        verdict = judge(
            exchange,
            lane=lane.key,
            directory=self._line.directory,
            attempts=recipient.attempts + 1,
            at=self._clock.now(),
            expires_at=self._expires_at,
            route_kind=(parcel.egress or self._line).route.kind,
            jitter=self._random.random(),
        )
        verdict = self._conduct.learn(self._line, parcel, exchange, verdict, at)
        outcome = verdict.outcome
        self._line.ended(parcel, outcome.disposition)
        station.score.end(outcome, at)
        station.score.look(at, outcome)
        if outcome.disposition is Disposition.DEFERRED and outcome.retry_after is not None:
            self._feeding.defer(station, recipient, at + outcome.retry_after.total_seconds())
        else:
            self._settled += 1
        self._leave(parcel)
        self._stop_for(station, verdict)
        self._pump()

    def _stop_for(self, station: Station, verdict: Verdict) -> None:
        """What the engine's warden and brakes do: end the campaign, or this lane of it."""
        if verdict.effect.kind is EffectKind.STOP_CAMPAIGN:
            self._stopped = verdict.effect.pause_reason
            self._run.sending = False
            for other in self._stations.values():
                self._feeding.withdraw(other, self._dispatcher)
        brake = station.stream.brake
        if (
            self._scenario.brakes
            and brake.take(verdict.outcome, verdict.effect, self._clock.seconds)
            and brake.check(station.left, self._clock.now()) is not None
        ):
            self._feeding.withdraw(station, self._dispatcher)

    def _leave(self, parcel: Parcel) -> None:
        self._working -= 1
        parcel.stream.lane.busy -= 1
        parcel.stream.in_flight -= 1
        self._run.in_flight -= 1
        self._dispatcher.freed(parcel.stream.lane)
        if self._on_progress is not None and self._attempts % _TOLD_EVERY == 0:
            self._on_progress(self._attempts, self._settled)
