"""Forecasts on the way against the end that came: simulated campaigns, watched while they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from desktop_relay.domain.counts import Counts
from desktop_relay.domain.effect import Verdict
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.lane import LaneOverride, LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.domain.retries import Retries
from desktop_relay.domain.route import PRACTICE, Route, RouteKind
from desktop_relay.engine.line import Line
from desktop_relay.engine.outlook import Outlook
from desktop_relay.engine.reach import Reaches
from desktop_relay.engine.run import Run
from desktop_relay.engine.stream import Parcel
from desktop_relay.operations.carriers import load_directory
from desktop_relay.simulator.audience import MadeUp, People
from desktop_relay.simulator.conduct import EngineConduct
from desktop_relay.simulator.lanes import plan_lanes
from desktop_relay.simulator.scenario import Campaign, Scenario
from desktop_relay.simulator.simulation import Simulation
from desktop_relay.transport.sandbox.carriers_file import load_carriers

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
MOMENTS = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75)
"""Shares of the whole time at which a forecast is read."""

_LOOKS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """``people`` by domain over a route, and the rule that limits them.

    ``is_guess``: the pace is too high, and the carriers' complaints correct it.
    """

    name: str
    people: Mapping[str, int]
    limit: LaneReason
    route: Route = PRACTICE
    overrides: Mapping[str, LaneOverride] = field(default_factory=dict)
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What was foreseen: ``by_moment`` is the error of the end, as a share of the ``lasted`` seconds."""

    lasted: float
    by_moment: Mapping[float, float]
    worst: float
    limit: LaneReason


def account(**limits: float) -> Route:
    """An account with these limits."""
    return Route("account", RouteKind.SMARTHOST, host="smtp.example.jp", **limits)  # type: ignore[arg-type]


_THREE = {"docomo.ne.jp": 600, "gmail.com": 1800, "au.com": 300}

TRIALS = (
    Trial("docomo, 60 a minute", {"docomo.ne.jp": 6000}, LaneReason.PROFILE),
    Trial(
        "docomo, 300 an hour",
        {"docomo.ne.jp": 4500},
        LaneReason.HOUR_LIMIT,
        overrides={"docomo": LaneOverride(per_hour=300)},
    ),
    Trial(
        "docomo, 2,000 a day",
        {"docomo.ne.jp": 4500},
        LaneReason.DAY_LIMIT,
        overrides={"docomo": LaneOverride(per_day=2000)},
    ),
    Trial(
        "three carriers, an account’s 30 a minute",
        {domain: 2 * number for domain, number in _THREE.items()},
        LaneReason.ACCOUNT_LIMIT,
        account(rate=0.5),
    ),
    Trial(
        "three carriers, an account’s 200 an hour", _THREE, LaneReason.QUOTA_USED, account(hourly_quota=200)
    ),
    Trial(
        "three carriers, an account’s 1,000 a day", _THREE, LaneReason.QUOTA_USED, account(daily_quota=1000)
    ),
    Trial(
        "docomo, 5 a second: more than it bears",
        {"docomo.ne.jp": 20000},
        LaneReason.LEARNED_CEILING,
        overrides={"docomo": LaneOverride(rate=5.0)},
        is_guess=True,
    ),
)


def watch(trial: Trial) -> Seen:
    """Simulate it, and compare."""
    directory, carriers = load_directory(), load_carriers()
    audience = {domain: MadeUp(domain, number) for domain, number in trial.people.items()}
    watching = Watching(plan_lanes(audience, directory, carriers))
    campaign = Campaign(audience, trial.route, expires_after=None)
    scenario = Scenario([campaign], START, overrides=trial.overrides)
    Simulation(scenario, directory, carriers, conduct=watching).run()
    return watching.seen()


class Watching(EngineConduct):
    """Asks the engine's outlook now and then what is ahead, and remembers when everybody was through.

    Full mailboxes are left out, as they are of what a forecast tells.
    """

    def __init__(self, people: Mapping[str, People]) -> None:
        self._outlook = Outlook(load_directory(), Reaches())
        self._people = {lane: members.number for lane, members in people.items()}
        self._left = dict(self._people)
        self._deferred: dict[str, dict[int, datetime]] = {lane: {} for lane in people}
        self._full: dict[str, set[int]] = {lane: set() for lane in people}
        self._every = max(1, sum(self._left.values()) // _LOOKS)
        self._heard = 0
        self._ended = 0.0
        self._foreseen: list[tuple[float, float]] = []
        self._limits: Counter[LaneReason] = Counter()

    def learn(self, line: Line, parcel: Parcel, exchange: Exchange, verdict: Verdict, at: float) -> Verdict:
        """Every reply counts, here too."""
        verdict = super().learn(line, parcel, exchange, verdict, at)
        self._hear(parcel, verdict, line.clock.now(), at)
        if self._heard % self._every == 1 or self._every == 1:
            self._look(parcel.stream.run, line.clock.now(), at)
        self._heard += 1
        return verdict

    def _hear(self, parcel: Parcel, verdict: Verdict, now: datetime, at: float) -> None:
        lane, person, outcome = parcel.stream.lane.key, parcel.recipient.id, verdict.outcome
        self._left[lane] -= parcel.recipient.attempts == 0
        self._deferred[lane].pop(person, None)
        if outcome.reason is Reason.MAILBOX_FULL:
            self._full[lane].add(person)
        if outcome.disposition is Disposition.DEFERRED and outcome.retry_after is not None:
            self._deferred[lane][person] = now + outcome.retry_after
        elif person not in self._full[lane]:
            self._ended = at

    def _look(self, run: Run, now: datetime, at: float) -> None:
        run.counts = {
            lane: Counts(
                pending=number,
                deferred=len(self._deferred[lane]),
                accepted=self._people[lane] - number - len(self._deferred[lane]),
            )
            for lane, number in self._left.items()
        }
        run.retries = {lane: self._retries(lane) for lane in self._left}
        ahead = self._outlook.see([run], now)
        seen = [
            ahead[run.id, lane].forecast
            for lane, counts in run.counts.items()
            if counts.open > run.retries[lane].full
        ]
        told = [one for one in seen if one is not None]
        if told and len(told) == len(seen):
            last = max(told, key=lambda one: one.end)
            self._foreseen.append((at, at + (last.end - now).total_seconds()))
            self._limits[last.limit] += 1

    def _retries(self, lane: str) -> Retries:
        waiting, full = self._deferred[lane], self._full[lane]
        others = [due for person, due in waiting.items() if person not in full]
        return Retries(len(waiting), max(others, default=None), len(waiting) - len(others))

    def seen(self) -> Seen:
        """Once it is over."""
        errors = {moment: self._error(moment) for moment in MOMENTS}
        later = [
            abs(end - self._ended)
            for at, end in self._foreseen
            if MOMENTS[1] * self._ended <= at < self._ended
        ]
        (limit, _), *_ = self._limits.most_common()
        return Seen(self._ended, errors, max(later) / self._ended, limit)

    def _error(self, moment: float) -> float:
        past = [end for at, end in self._foreseen if at <= moment * self._ended] or [self._foreseen[0][1]]
        return (past[-1] - self._ended) / self._ended
