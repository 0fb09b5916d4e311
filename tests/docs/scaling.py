"""Remakes the simulated figures of ``docs/scaling.md``: ``python -m tests.docs.scaling``."""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_relay.domain.outcome import Disposition
from desktop_relay.operations.carriers import lane_names
from desktop_relay.simulator.result import SimulationResult
from tests.docs.trials import accepted_by, campaign

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scaling.md"
_SECTION = re.compile(r"^## Simulated: .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_DAY = 86400.0
_SHOWN_LANES = 8


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


def run(sources: int, each: int) -> tuple[Tally, float]:
    """Simulate that many sources, each with a seed of its own; real seconds besides."""
    tally, began = Tally(), time.perf_counter()
    for seed in range(1, sources + 1):
        tally.add(campaign(each, seed=seed).result)
    return tally, time.perf_counter() - began


def compose(tally: Tally, sources: int, seconds: float) -> str:
    """The section."""
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
of real time. Remade by `python -m tests.docs.scaling`.

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


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--each", type=int, default=500_000)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args(arguments)
    tally, seconds = run(options.sources, options.each)
    text = options.page.read_text(encoding="utf-8")
    found = _SECTION.search(text)
    if found is None:
        parser.error(f"{options.page}: no section to replace")
    section = compose(tally, options.sources, seconds)
    options.page.write_text(text[: found.start()] + section + text[found.end() :], encoding="utf-8")


if __name__ == "__main__":
    main()
