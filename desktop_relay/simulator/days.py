"""What calendar days of a simulation came to, and what each left for the next."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from desktop_relay.policy.quota import day_of
from desktop_relay.simulator.course import Course
from desktop_relay.simulator.result import AccountResult, DayResult, LaneResult


def plan_days(
    start: datetime,
    seconds: float,
    courses: Sequence[Course],
    lanes: Mapping[str, LaneResult],
    accounts: Mapping[str, AccountResult],
) -> tuple[DayResult, ...]:
    """Every day, by this machine's midnights, from ``start`` until ``seconds`` later."""
    days = []
    first, following = day_of(start, None)
    end = start + timedelta(seconds=seconds)
    while first <= end:
        since, until = ((moment - start).total_seconds() for moment in (first, following))
        days.append(
            DayResult(
                day=first.astimezone().date(),
                accepted=sum(_within(lane.accepted, since, until) for lane in lanes.values()),
                left=_left(courses, until),
                accounts={name: _within(found.taken, since, until) for name, found in accounts.items()},
            )
        )
        first, following = day_of(following, None)
    return tuple(days)


def _within(times: Sequence[float], since: float, until: float) -> int:
    return bisect_left(times, until) - bisect_left(times, since)


def _left(courses: Iterable[Course], at: float) -> int:
    """People of campaigns that began before, for whom nothing was decided by then."""
    return sum(
        course.recipients - bisect_left(course.settled, at)
        for course in courses
        if course.plan.begins.total_seconds() < at
    )
