"""Remakes the simulated figures of ``docs/scaling.md`` and its plot: ``python -m tests.docs.scaling``."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_relay.domain.outcome import Disposition
from desktop_relay.operations.carriers import lane_names
from desktop_relay.simulator.result import SimulationResult
from tests.docs import accounts, pools
from tests.docs.optional_plots import plots
from tests.docs.pools import PoolFigures, PoolTrial
from tests.docs.trials import accepted_by, campaign

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "scaling.md"
_DAY = 86400.0
_HOUR = 3600.0
_SHOWN_LANES = 8

_TRIALS: Mapping[PoolTrial, str] = {
    PoolTrial(
        50_000, 1
    ): "an account at a provider, or nothing: direct to MX from a fixed address with a PTR record",
    PoolTrial(500_000, 1): "one Postfix or one KumoMTA on a server with a fixed address, used as a smarthost",
    PoolTrial(2_000_000, 4, shrunk=10): "a pool route of four Postfix relays, each with its own address",
    PoolTrial(
        10_000_000, 20, shrunk=10
    ): "a KumoMTA cluster with twenty egress addresses, or a provider who has one",
}
"""People and relays, with what to put behind the program."""

_POOL_COLUMNS = (
    "people (Japanese mix)",
    "relays",
    "half accepted by",
    "99 % by",
    "within a day",
    "a second, busiest minute",
    "share of the mail by relay",
    "what to put behind this program",
)

_DEATH = pools.with_a_death(PoolTrial(2_000_000, 4, shrunk=10))


@dataclass(slots=True)
class Tally:
    """What all sources did together."""

    recipients: int = 0
    attempts: int = 0
    within_a_day: int = 0
    outcomes: Counter[Disposition] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    reached: dict[str, float] = field(default_factory=dict)

    def add(self, result: SimulationResult) -> None:
        """One more source."""
        self.recipients += result.recipients
        self.attempts += result.attempts
        for key, lane in result.lanes.items():
            self.outcomes.update(lane.outcomes)
            self.minutes.update(int(at // 60.0) for at in lane.begun)
            self.within_a_day += sum(1 for at in lane.accepted if at <= _DAY)
            self.people[key] += lane.recipients
            late = accepted_by(lane, 0.99)
            if late is not None:
                self.reached[key] = max(late, self.reached.get(key, 0.0))


def run_sources(sources: int, each: int) -> tuple[Tally, float]:
    """Simulate that many sources, each with a seed of its own; real seconds besides."""
    tally, began = Tally(), time.perf_counter()
    for seed in range(1, sources + 1):
        tally.add(campaign(each, seed=seed).result)
    return tally, time.perf_counter() - began


def compose_sources(tally: Tally, sources: int, seconds: float) -> str:
    """The section on carriers that answer many sources."""
    accepted = tally.outcomes[Disposition.ACCEPTED]
    rows = "".join(
        f"| {lane_names('en').get(key, key)} | {people:,} | {people / sources:,.0f} "
        f"| {tally.reached[key] / 3600:.1f} h |\n"
        for key, people in tally.people.most_common(_SHOWN_LANES)
    )
    each = tally.recipients // sources
    busiest = max(tally.minutes.values()) / 60.0
    mean = sum(number for minute, number in tally.minutes.items() if minute < _DAY / 60) / _DAY
    return f"""## Simulated: {tally.recipients:,} people from {sources} sources

Run: {sources} campaigns one after the other in the simulator, each with {each:,} people of the Japanese
mix (EST) and a seed of its own, at the shipped profiles' paces, over the practice carriers with all their
faults. A carrier judges each source by itself, so the sources do not meet. It took {seconds / 60:.0f} minutes
of real time. Remade by `python -m tests.docs.scaling sources`.

- {tally.attempts:,} attempts; {accepted:,} accepted; {tally.outcomes[Disposition.BOUNCED]:,} bounced,
  {tally.outcomes[Disposition.UNKNOWN]:,} unknown,
  {tally.outcomes[Disposition.EXPIRED]:,} expired after two days (most of them at full mailboxes).
- Within the first day {tally.within_a_day / tally.recipients:.1%} of all people were accepted.
- All sources together begin {mean:,.0f} messages a second on average over the first day, and {busiest:,.0f}
  in their busiest minute: the first one, when the small lanes of all companies start at once. A PC that does
  2,000 spreads those over a few minutes more.

| lane | people | for each source | 99 % of those accepted, slowest source |
|---|---|---|---|
{rows}
"""


def compose_pools(found: Sequence[PoolFigures], death: PoolFigures) -> str:
    """The section on pools of relays."""
    rows = "".join(_pool_row(*pair) for pair in zip(found, _TRIALS.values(), strict=True))
    alike = next((figures for figures in found if figures.trial.relays == death.trial.relays), death)
    minutes = sum(figures.seconds for figures in (*found, death)) / 60
    return f"""## Simulated: pools of relays

One campaign over a pool route, as the engine spreads it. The lanes of the route are set to the shipped
profiles' paces (EST) times the number of relays. Relays take everything and pass it on, but for one in a
thousand that they put off (EST); what carriers answer them is the section before. Pools of several relays
are played with a tenth of the people at a tenth of the lanes' paces, which takes as long. The simulations
took {minutes:.0f} minutes of real time. Remade by `python -m tests.docs.scaling pools`.

| {" | ".join(_POOL_COLUMNS)} |
|{"---|" * len(_POOL_COLUMNS)}
{rows}
How many are needed follows from the slowest large carrier: docomo has 15 % of the Japanese mix and takes one
a second from each address (both EST), so one source serves about half a million people a day.

**A relay that dies.** The same {death.trial.people:,} people over {death.trial.relays} relays, one of which
does not answer from the second to the fifth hour: 99 % are accepted by {_hours(death.accepted_by[0.99])}
({_hours(alike.accepted_by[0.99])} without it), since the lanes hold for the pool and the others carry its
share; it has {death.least:.1%} of the mail in the end. {_twice(death)}
Each of the others sends more than its share meanwhile, which carriers may hold against it: set the lanes
lower while a relay is away for long.

"""


def _twice(figures: PoolFigures) -> str:
    if figures.twice == 0:
        return "No relay took a message that another one had taken."
    return f"{figures.twice:,} messages were taken twice."


def _pool_row(figures: PoolFigures, behind: str) -> str:
    shares = (
        f"{figures.least:.1%}"
        if figures.trial.relays == 1
        else f"{figures.least:.1%} to {figures.largest:.1%}"
    )
    cells = (
        f"{figures.trial.people:,}",
        str(figures.trial.relays),
        _hours(figures.accepted_by[0.5]),
        _hours(figures.accepted_by[0.99]),
        f"{figures.within_a_day:.1%}",
        f"{figures.busiest:,.0f}",
        shares,
        behind,
    )
    return f"| {' | '.join(cells)} |\n"


def compose_accounts(result: SimulationResult) -> str:
    """The section on two accounts with quotas."""
    large, small = accounts.LARGE, accounts.SMALL
    rows = "".join(
        f"| {day.day.isoformat()} | {day.accounts[large.name]:,} | {day.accounts[small.name]:,} "
        f"| {day.accepted:,} | {day.left:,} |\n"
        for day in result.days
    )
    found = result.accounts[large.name]
    back = next((at for at in found.taken if at >= accounts.DEATH.until), None)
    resting = f"{_hours(back)} after the start" if back is not None else "not any more"
    return f"""## Simulated: two accounts and a day's quota

{result.recipients:,} people of the Japanese mix over two accounts, from midnight on:

- *large*: {large.rate:g} a second, {large.daily_quota:,} a day, weight 2
- *small*: {small.rate:g} a second, {small.hourly_quota:,} an hour, {small.daily_quota:,} a day, weight 1

*large* does not answer from the second to the fifth hour; it is used again {resting}. What neither may take
any more goes on by itself after midnight; all are sent to after {_hours(result.seconds)}.
Remade by `python -m tests.docs.scaling accounts`.

| day | large took | small took | accepted | left for the days after |
|---|---|---|---|---|
{rows}
![Messages a minute over each account: one dies and comes back, quotas end a day](images/scaling/accounts.png)

"""


def _hours(seconds: float) -> str:
    return f"{seconds / _HOUR:.1f} h"


def make_sources(options: argparse.Namespace) -> str:
    """Simulate and compose."""
    tally, seconds = run_sources(options.sources, options.each)
    return compose_sources(tally, options.sources, seconds)


def make_pools(options: argparse.Namespace) -> str:
    """Simulate and compose; ``options.scale`` makes the campaigns smaller."""
    found = [pools.measure(_smaller(trial, options.scale)) for trial in _TRIALS]
    return compose_pools(found, pools.measure(_smaller(_DEATH, options.scale)))


def _smaller(trial: PoolTrial, scale: int) -> PoolTrial:
    return replace(trial, people=max(100 * trial.shrunk, trial.people // scale))


def make_accounts(options: argparse.Namespace) -> str:
    """Simulate, compose and, where that can be done, plot."""
    result = accounts.simulate(max(100, 60_000 // options.scale))
    if plots is not None:
        plots.plot_accounts(result, options.docs / "images" / "scaling" / "accounts.png")
    return compose_accounts(result)


SECTIONS: Mapping[str, tuple[str, Callable[[argparse.Namespace], str]]] = {
    "sources": (r"## Simulated: [\d,]+ people from", make_sources),
    "pools": ("## Simulated: pools", make_pools),
    "accounts": ("## Simulated: two accounts", make_accounts),
}
"""What can be remade: how its heading begins, and what makes it."""


def write_section(page: Path, heading: str, section: str) -> None:
    """Put a section in the place of the one with that heading; raises ``ValueError`` when there is none."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^{heading}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(heading)
    page.write_text(text[: found.start()] + section + text[found.end() :], encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and write the sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("section", nargs="*", choices=[[], *SECTIONS], metavar="SECTION")
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--each", type=int, default=500_000)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--docs", type=Path, default=DOCS)
    options = parser.parse_args(arguments)
    for name in options.section or SECTIONS:
        heading, make = SECTIONS[name]
        write_section(options.docs / PAGE.name, heading, make(options))


if __name__ == "__main__":
    main()
