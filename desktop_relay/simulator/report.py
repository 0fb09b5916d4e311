"""Puts together what was counted while a scenario was simulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.simulator.account_score import AccountScore
from desktop_relay.simulator.course import Course
from desktop_relay.simulator.days import plan_days
from desktop_relay.simulator.result import LaneResult, PaceStep, SimulationResult
from desktop_relay.simulator.scenario import Scenario
from desktop_relay.simulator.score import Score

LaneOfRoute = tuple[str, str]
"""A route's name, and the lane's key."""


def compose_result(
    scenario: Scenario,
    seconds: float,
    courses: Sequence[Course],
    scores: Mapping[LaneOfRoute, Score],
    accounts: Mapping[str, AccountScore],
    changes: Sequence[PaceStep],
) -> SimulationResult:
    """All of it; the last thing happened to anybody after so many ``seconds``."""
    lanes = _lanes(courses, scores)
    account_results = {name: score.result() for name, score in accounts.items()}
    return SimulationResult(
        start=scenario.start,
        seed=scenario.seed,
        seconds=seconds,
        campaigns=tuple(course.result() for course in courses),
        lanes=lanes,
        accounts=account_results,
        days=plan_days(scenario.start, seconds, courses, lanes, account_results),
        changes=tuple(changes),
    )


def _lanes(courses: Sequence[Course], scores: Mapping[LaneOfRoute, Score]) -> Mapping[str, LaneResult]:
    waiting: Counter[LaneOfRoute] = Counter()
    braked: dict[LaneOfRoute, BrakeFinding] = {}
    for course in courses:
        for key, station in course.stations.items():
            place = (course.plan.route.name, key)
            waiting[place] += station.left
            if station.stream.brake.stopped is not None:
                braked[place] = station.stream.brake.stopped
    single = len({route for route, _ in scores}) == 1
    return {
        key if single else f"{route}/{key}": score.result(waiting[route, key], braked.get((route, key)))
        for (route, key), score in scores.items()
    }
