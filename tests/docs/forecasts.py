"""Forecasts on the way against the end that came: simulated campaigns, watched while they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import fmean, median

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
from desktop_relay.policy.routing import parse_member, parse_rule
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
    """``people`` by domain over a route, and the rule that limits them, of the ``account`` where it is bound.

    ``accounts`` are all those of a pool; its rules look at ``sender`` and ``octets``. ``is_guess``: the pace
    is too high, and the carriers' complaints correct it. Without ``faults`` everything is taken at once.
    """

    name: str
    people: Mapping[str, int]
    limit: LaneReason
    route: Route = PRACTICE
    overrides: Mapping[str, LaneOverride] = field(default_factory=dict)
    is_guess: bool = False
    accounts: tuple[Route, ...] = ()
    sender: str = ""
    octets: int = 0
    account: str = ""
    faults: bool = True
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What was foreseen: ``by_moment`` is the error of the end, as a share of the ``lasted`` seconds."""

    lasted: float
    by_moment: Mapping[float, float]
    worst: float
    limit: LaneReason
    account: str = ""


def account(name: str = "account", **limits: float) -> Route:
    """An account with these limits."""
    return Route(name, RouteKind.SMARTHOST, host="smtp.example.jp", **limits)  # type: ignore[arg-type]


def pool(*rules: str, members: str = "A B") -> Route:
    """A pool of accounts under these rules."""
    return Route(
        "pool",
        RouteKind.POOL,
        members=tuple(parse_member(member) for member in members.split()),
        rules=tuple(parse_rule(rule) for rule in rules),
    )


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
        "a pool: docomo over A alone, 15 a minute",
        {"docomo.ne.jp": 6000, "gmail.com": 9000},
        LaneReason.ACCOUNT_LIMIT,
        pool("lane:docomo -> A only"),
        accounts=(account("A", rate=0.25), account("B", rate=5.0)),
        account="A",
    ),
    Trial(
        "a pool: docomo over A alone, others over both, 18 and 36 a minute",
        {"docomo.ne.jp": 6000, "gmail.com": 12000, "au.com": 2000},
        LaneReason.ACCOUNT_LIMIT,
        pool("lane:docomo -> A only"),
        accounts=(account("A", rate=0.3), account("B", rate=0.6)),
    ),
    Trial(
        "a pool: docomo over A, over B once A’s 1,000 a day are used up",
        {"docomo.ne.jp": 4500, "gmail.com": 600},
        LaneReason.QUOTA_USED,
        pool("lane:docomo -> A"),
        accounts=(account("A", daily_quota=1000), account("B", daily_quota=1500)),
    ),
    Trial(
        "a pool: 300 of A’s 800 a day kept back from docomo",
        {"docomo.ne.jp": 1500, "gmail.com": 900},
        LaneReason.QUOTA_USED,
        pool("lane:docomo keep:300 -> A only"),
        accounts=(account("A", daily_quota=800), account("B", rate=0.1)),
        account="A",
    ),
    Trial(
        "a pool: large mail of one sender over A alone, 200 an hour",
        {"docomo.ne.jp": 1500, "gmail.com": 900},
        LaneReason.QUOTA_USED,
        pool("from:@news.example.com over:1M -> A only"),
        accounts=(account("A", hourly_quota=200), account("B", rate=5.0)),
        sender="shop@news.example.com",
        octets=2_000_000,
        account="A",
    ),
    Trial(
        "docomo, 5 a second: more than it bears",
        {"docomo.ne.jp": 20000},
        LaneReason.LEARNED_CEILING,
        overrides={"docomo": LaneOverride(rate=5.0)},
        is_guess=True,
    ),
)


SHORT = {"docomo, 600 people": {"docomo.ne.jp": 600}, "docomo, 1,200": {"docomo.ne.jp": 1200}} | {
    "au, 1,200": {"au.com": 1200},
    "Gmail, 6,000": {"gmail.com": 6000},
}
"""Campaigns whose first tries take ten or twenty minutes."""

_TIMES = 8


@dataclass(frozen=True, slots=True)
class Scatter:
    """The same campaign some times over: in minutes how long it lasted, and shares of that for the rest.

    ``off`` is by how much forecasts erred on average at a moment, ``worst`` the worst of all, and
    ``known`` how much somebody errs who knows beforehand what half of the campaigns need.
    """

    shortest: float
    longest: float
    off: Mapping[float, float]
    worst: float
    known: float


def scatter(people: Mapping[str, int]) -> Scatter:
    """Of a short campaign, whose end is a matter of the last few who are put off."""
    trials = [Trial("short", people, LaneReason.PROFILE, seed=seed) for seed in range(1, _TIMES + 1)]
    seen = [watch(trial) for trial in trials]
    usual = median(one.lasted for one in seen)
    return Scatter(
        min(one.lasted for one in seen) / 60,
        max(one.lasted for one in seen) / 60,
        {moment: fmean(abs(one.by_moment[moment]) for one in seen) for moment in MOMENTS},
        max(one.worst for one in seen),
        fmean(abs(usual - one.lasted) / one.lasted for one in seen),
    )


def watch(trial: Trial) -> Seen:
    """Simulate it, and compare."""
    directory, carriers = load_directory(), load_carriers()
    audience = {domain: MadeUp(domain, number) for domain, number in trial.people.items()}
    watching = Watching(plan_lanes(audience, directory, carriers))
    campaign = Campaign(audience, trial.route, expires_after=None, sender=trial.sender, octets=trial.octets)
    scenario = Scenario(
        [campaign],
        START,
        overrides=trial.overrides,
        accounts={account.name: account for account in trial.accounts},
        faults=trial.faults,
        seed=trial.seed,
    )
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
        self._limits: Counter[tuple[LaneReason, str]] = Counter()

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
            self._limits[last.limit, last.account] += 1

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
        ] or [abs(self._foreseen[-1][1] - self._ended)]
        (((limit, account), _), *_) = self._limits.most_common()
        return Seen(self._ended, errors, max(later) / self._ended, limit, account)

    def _error(self, moment: float) -> float:
        past = [end for at, end in self._foreseen if at <= moment * self._ended] or [self._foreseen[0][1]]
        return (past[-1] - self._ended) / self._ended
