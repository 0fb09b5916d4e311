"""Campaigns in virtual time: the engine's dispatcher, lanes and judgement, with no disk and no sockets."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import partial
from random import Random

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.effect import EffectKind, Verdict
from desktop_relay.domain.outcome import Disposition, Outcome
from desktop_relay.engine.braking import hear
from desktop_relay.engine.stream import Parcel, Stream
from desktop_relay.policy.profiles import Directory
from desktop_relay.simulator.accounts import Accounts
from desktop_relay.simulator.canary_watch import CanaryWatch
from desktop_relay.simulator.clock import Agenda, VirtualClock
from desktop_relay.simulator.conduct import Conduct, EngineConduct
from desktop_relay.simulator.course import Course
from desktop_relay.simulator.lanes import plan_lanes
from desktop_relay.simulator.peers import Peers
from desktop_relay.simulator.report import compose_result
from desktop_relay.simulator.result import PaceStep, SimulationResult
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.simulator.score import Score
from desktop_relay.simulator.station import Station
from desktop_relay.simulator.waiting import Waiting
from desktop_relay.simulator.wire import Wire, World
from desktop_relay.transport.sandbox.carriers import Carriers

_TOLD_EVERY = 10_000
_LOOK_SECONDS = 1.0


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
        self._clock = VirtualClock(scenario.start)
        self._agenda = Agenda(self._clock)
        self._changes: list[PaceStep] = []
        self._attempts = self._settled = 0
        self._ended_at = 0.0
        self._is_ending = False
        self._accounts = Accounts(scenario, directory, self._clock, self._changes.append)
        draw = Random(scenario.seed).random
        self._world = World(
            self._clock,
            self._agenda,
            Peers(scenario, carriers, draw),
            self._conduct,
            self._accounts.scores,
            draw,
        )
        self._canaries = CanaryWatch(self._clock, self._agenda, on_held=self._hold, on_over=self._end_canary)
        self._wires = {
            name: Wire(self._accounts.open(route), self._world, self)
            for name, route in scenario.routes.items()
        }
        self._scores: dict[tuple[str, str], Score] = {}
        self._courses = [
            Course(number, campaign, scenario.start) for number, campaign in enumerate(scenario.campaigns)
        ]
        for course in self._courses:
            self._settle_in(course, directory, carriers)

    def run(self) -> SimulationResult:
        """Let it happen."""
        scenario = self._scenario
        collecting = gc.isenabled()
        gc.disable()  # nothing here is cyclic, and looking for it takes a fifth of the time
        try:
            for moment in scenario.restarts:
                self._agenda.after(moment.total_seconds(), self._end_engine)
            for course in self._courses:
                self._begin(course)
            self._agenda.run(scenario.until.total_seconds())
        finally:
            if collecting:
                gc.enable()
        return compose_result(
            scenario,
            self._ended_at,
            self._courses,
            self._scores,
            self._accounts.scores,
            self._changes,
        )

    # campaigns

    def _settle_in(self, course: Course, directory: Directory, carriers: Carriers) -> None:
        """A station for each of its lanes."""
        wire = self._wire_of(course)
        course.run.line = wire.line
        for key, people in plan_lanes(course.plan.audience, directory, carriers).items():
            lane = wire.line.lane(key)
            score = self._scores.get((wire.line.route.name, key))
            if score is None:
                self._conduct.prepare(lane, 0.0)
                score = Score(wire.line.route.name, lane, 0.0, self._changes.append)
                self._scores[wire.line.route.name, key] = score
            score.recipients += people.number
            stream = Stream(course.run, lane, 0.0)
            station = Station(course, stream, people, Waiting(people.number), score)
            course.stations[key] = station
            wire.add(station)

    def _begin(self, course: Course) -> None:
        begins = course.plan.begins.total_seconds()
        expires = course.plan.expires_after
        if expires is not None:
            self._agenda.after(begins + expires.total_seconds(), partial(self._expire, course))
        if begins > 0:
            self._agenda.after(begins, partial(self._start, course))
        else:
            self._start(course)

    def _start(self, course: Course) -> None:
        course.run.sending = True
        self._canaries.begin(course)
        self._wake(course)

    def _wake(self, course: Course) -> None:
        self._wire_of(course).wake(list(course.stations.values()))

    def _stop(self, course: Course, reason: PauseReason) -> None:
        """Until a person resumes it, and nobody does."""
        course.stopped = reason
        course.run.sending = False
        self._withdraw(course.stations.values())

    def _hold(self, course: Course, lane: str) -> None:
        """Its brake has just stopped."""
        station = course.stations[lane]
        finding = station.stream.brake.stopped
        for egress in self._wire_of(course).line.egresses:
            if finding is not None:
                egress.allowance.hold(finding)
        self._withdraw([station])

    def _end_canary(self, course: Course) -> None:
        canary = course.run.canary
        if canary is not None and canary.holds:
            self._stop(course, PauseReason.CANARY)
        else:
            self._wake(course)

    def _expire(self, course: Course) -> None:
        """Whoever still waits, as in the engine; what waits for a person is left, since nobody comes."""
        at = self._clock.seconds
        for station in course.stations.values():
            if course.run.sending and station.stream.brake.stopped is None:
                self._withdraw([station])
                number = station.waiting.clear()
                if number:
                    self._ended_at = at
                    self._settled += number
                    station.score.expire(number, at)
                    course.settle(Disposition.EXPIRED, at, number)

    # what became of people (the wires' owner)

    def settled(self, station: Station, parcel: Parcel, verdict: Verdict) -> None:
        """Who was tried, in the order in which the engine's traffic reacts."""
        course, outcome = station.course, verdict.outcome
        self._ended_at = self._clock.seconds
        self._attempts += 1
        if outcome.disposition is not Disposition.DEFERRED:
            self._settled += 1
            course.settle(outcome.disposition, self._ended_at)
        if hear(parcel, verdict) and station.stream.brake.check(station.left, self._clock.now()) is not None:
            self._hold(course, station.stream.lane.key)
        if verdict.effect.kind is EffectKind.STOP_CAMPAIGN and course.run.sending:
            self._stop(course, verdict.effect.pause_reason)
        if self._on_progress is not None and self._attempts % _TOLD_EVERY == 0:
            self._on_progress(self._attempts, self._settled)

    def unsent(self, station: Station, outcome: Outcome) -> None:
        """Who was not tried."""
        self._ended_at = self._clock.seconds
        self._settled += 1
        station.score.end(outcome, self._ended_at)
        station.course.settle(outcome.disposition, self._ended_at)

    # engines that end and begin

    def _end_engine(self) -> None:
        """Nothing is begun any more; what is on the wire ends by itself."""
        if self._is_ending:
            return
        self._is_ending = True
        for course in self._courses:
            course.run.sending = False
            self._withdraw(course.stations.values())
        self._begin_engine()

    def _begin_engine(self) -> None:
        """Another engine goes on with what was kept, once the wire is quiet."""
        if any(wire.working for wire in self._wires.values()):
            self._agenda.after(_LOOK_SECONDS, self._begin_engine)
            return
        self._is_ending = False
        self._accounts.end()
        for name, wire in self._wires.items():
            wire.close()
            line = self._accounts.open(wire.line.route, wire.line.memories(everything=True))
            self._wires[name] = Wire(line, self._world, self)
        for course in self._courses:
            self._move_in(course)

    def _move_in(self, course: Course) -> None:
        wire = self._wire_of(course)
        course.restart(wire.line)
        for key, station in course.stations.items():
            lane = wire.line.lane(key)
            station.score.follow(lane)
            station.stream = Stream(course.run, lane, self._clock.seconds)
            wire.add(station)
        if self._clock.seconds >= course.plan.begins.total_seconds() and not course.stopped:
            course.run.sending = True
            self._wake(course)

    def _withdraw(self, stations: Iterable[Station]) -> None:
        for station in stations:
            self._wire_of(station.course).withdraw(station)

    def _wire_of(self, course: Course) -> Wire:
        return self._wires[course.plan.route.name]
