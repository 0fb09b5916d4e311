"""The canary of a simulated campaign: the engine's steps, looked for once a second of virtual time."""

from __future__ import annotations

from collections.abc import Callable

from desktop_relay.domain.canary import Canary, CanaryPhase
from desktop_relay.engine.canaries import can_go, wait_of
from desktop_relay.policy.canary import (
    begin_canary,
    begin_wait,
    end_wait,
    has_told,
    hold_time,
    is_due,
    stop_troubled,
    try_on,
)
from desktop_relay.simulator.clock import Agenda, VirtualClock
from desktop_relay.simulator.course import Course
from desktop_relay.simulator.result import CanaryStep

_LOOK_SECONDS = 1.0
_SHUT_SECONDS = 60.0


class CanaryWatch:
    """``on_held`` hears of lanes that are stopped, ``on_over`` of the end of the canary of a campaign."""

    def __init__(
        self,
        clock: VirtualClock,
        agenda: Agenda,
        *,
        on_held: Callable[[Course, str], None],
        on_over: Callable[[Course], None],
    ) -> None:
        self._clock = clock
        self._agenda = agenda
        self._on_held = on_held
        self._on_over = on_over

    def begin(self, course: Course) -> None:
        """Choose who goes first, where the campaign wants that."""
        run = course.run
        if run.submitted.snapshot.canary_minutes is None:
            return
        waiting = {lane: station.waiting.untried for lane, station in course.stations.items()}
        self._keep(course, begin_canary(waiting, self._clock.now() + wait_of(run)))
        self._look_soon(course)

    def _look_soon(self, course: Course) -> None:
        self._agenda.after(_LOOK_SECONDS, lambda: self._look(course))

    def _look(self, course: Course) -> None:
        run, now = course.run, self._clock.now()
        canary = run.canary
        if canary is None or not canary.holds or course.stopped or not course.left:
            return
        if run.sending and is_due(canary, now, run.in_flight):
            if canary.phase is CanaryPhase.TRYING:
                if self._is_shut(course):
                    self._hold(course, canary)
                    return
                self._try(course, canary)
            elif self._is_untold(course):
                self._keep(course, try_on(canary, now, wait_of(run)))
            else:
                self._decide(course, canary)
                return
        self._look_soon(course)

    def _try(self, course: Course, canary: Canary) -> None:
        tried = self._is_tried(course)
        waiting = begin_wait(canary, self._clock.now(), wait_of(course.run), tried=tried)
        if waiting is not None:
            self._keep(course, waiting)

    def _hold(self, course: Course, canary: Canary) -> None:
        later = hold_time(canary, self._clock.now(), wait_of(course.run))
        if later is not None:
            self._keep(course, later)
        # nobody can go for long, and to find that out all stations are looked at
        self._agenda.after(_SHUT_SECONDS, lambda: self._look(course))

    def _is_shut(self, course: Course) -> bool:
        """Some of those chosen were not tried, and nobody of the campaign can be sent to."""
        now = self._clock.now()
        left = [each for each in course.stations.values() if each.left and each.stream.brake.stopped is None]
        return any(not each.is_tried for each in left) and not any(can_go(each.stream, now) for each in left)

    def _is_untold(self, course: Course) -> bool:
        """No answer came so far, and some may still come."""
        return not has_told(course.run.brakes.values()) and any(
            each.left > course.run.kept(lane) for lane, each in course.stations.items()
        )

    def _is_tried(self, course: Course) -> bool:
        """A lane that cannot send now does not keep the others waiting."""
        now = self._clock.now()
        return all(station.is_tried for station in course.stations.values() if station.stream.is_open(now))

    def _decide(self, course: Course, canary: Canary) -> None:
        strict = course.run.submitted.snapshot.brakes
        if strict:
            for lane in stop_troubled(course.run.brakes, canary.kept, self._clock.now()):
                self._on_held(course, lane)
        self._keep(course, end_wait(canary, course.run.brakes.values(), strict=strict))
        self._on_over(course)

    def _keep(self, course: Course, canary: Canary) -> None:
        course.run.canary = canary
        course.canary_steps.append(CanaryStep(self._clock.seconds, canary.phase, canary.size, canary.finding))
