"""Remakes the measurements of ``docs/throttling.md`` and their plots: ``python -m tests.docs.throttling``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from desktop_relay.domain.outcome import Disposition
from desktop_relay.operations.carriers import lane_names
from desktop_relay.simulator.result import LaneResult, PaceStep, SimulationResult
from desktop_relay.simulator.trouble import TroubleKind
from desktop_relay.transport.sandbox.carriers_file import load_carriers
from tests.docs.forecasts import MOMENTS, SHORT, TRIALS, Scatter, Seen, Trial, scatter, watch
from tests.docs.optional_plots import plots
from tests.docs.trials import (
    CONDUCTS,
    CONTESTS,
    LARGE_LANE,
    Contest,
    Timed,
    accepted_by,
    campaign,
    compete,
    cost_of_trouble,
    refusals,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "throttling.md"
_SECTION = re.compile(r"^## Measurements\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SHOWN_LANES = 8
_CONTEST_HOURS = 48.0
_PACE_HOURS = 6.0

_HEAD = """## Measurements

All of it in virtual time: the engine's own dispatcher, governor, judgement and retry schedule over the
practice carriers of the [sandbox](sandbox.md), whose limits are estimates (EST). Remade, with the plots, by
`python -m tests.docs.throttling` (needs the extra `docs`).
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the section tells."""

    people: int
    contests: Mapping[Contest, Mapping[str, LaneResult]]
    steps: Mapping[Contest, Sequence[PaceStep]]
    whole: Timed
    troubled: int
    trouble: Mapping[TroubleKind, float]
    forecasts: Mapping[Trial, Seen]
    short: Mapping[str, Scatter]


def measure(recipients: int, people: int) -> Figures:
    """Run all simulations: one campaign to ``recipients``, contests with ``people`` each."""
    contests, steps = {}, {}
    for contest in CONTESTS:
        results = {name: compete(contest, people, conduct()) for name, conduct in CONDUCTS.items()}
        contests[contest] = {name: result.lanes[contest.lane] for name, result in results.items()}
        steps[contest] = results["ours"].changes
    troubled = max(1, recipients // 10)
    forecasts = {trial: watch(trial) for trial in TRIALS}
    whole, trouble = campaign(recipients), cost_of_trouble(troubled)
    short = {name: scatter(people) for name, people in SHORT.items()}
    return Figures(people, contests, steps, whole, troubled, trouble, forecasts, short)


def compose(figures: Figures) -> str:
    """The section."""
    parts = (_HEAD, _contests(figures), _trouble(figures), _forecasts(figures), _whole(figures.whole))
    return "\n".join(parts)


def write_page(page: Path, section: str) -> None:
    """Put the section in the place of the old one, or at the end."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Throttling\n"
    found = _SECTION.search(text)
    if found is None:
        text = f"{text.rstrip()}\n\n{section}"
    else:
        text = f"{text[: found.start()]}{section}\n{text[found.end() :]}".rstrip() + "\n"
    page.write_text(text, encoding="utf-8")


def draw(figures: Figures, directory: Path) -> None:
    """Write the plots, where that can be done."""
    if plots is None:
        return
    first = CONTESTS[0]
    bears = load_carriers().of_domain(first.domain).limits.messages_per_minute
    plots.plot_contest(figures.contests[first], bears, _CONTEST_HOURS, directory / "contest.png")
    ours = figures.contests[first]["ours"]
    plots.plot_pace(ours, figures.steps[first], bears, _PACE_HOURS, directory / "pace.png")
    plots.plot_campaign(figures.whole.result, lane_names("en"), directory / "campaign.png")


def _contests(figures: Figures) -> str:
    rows = [
        _contest_row(contest, name, lane)
        for contest, lanes in figures.contests.items()
        for name, lane in lanes.items()
    ]
    return f"""### A pace that is guessed too high

{figures.people:,} people at one carrier; the sender believes in two and a half times the pace that it bears.
*Fixed rate* sends at that pace whatever is answered. *Postfix-like* has no pace, and Postfix's shipped
feedback on connections: 5 at first, 20 at most, one up or down for each success or failed handshake, a
minute's rest when a whole cohort failed. All three judge replies and plan retries as we do; mail expires
after two days.

| carrier | | attempts | turned away | for each 1,000 accepted | accepted | expired | 95 % of them by |
|---|---|---|---|---|---|---|---|
{"".join(rows)}
![Attempts by minute at the practice docomo under the three conducts](images/throttling/contest.png)

![Our lane's allowed pace: halved by complaints, held under what was learned](images/throttling/pace.png)
"""


def _contest_row(contest: Contest, name: str, lane: LaneResult) -> str:
    accepted = len(lane.accepted)
    reached = accepted_by(lane, 0.95)
    cells = (
        f"{lane_names('en')[contest.lane]}, {contest.guess:g}/s",
        name,
        f"{lane.attempts:,}",
        f"{refusals(lane):,}",
        f"{1000 * refusals(lane) / accepted:,.0f}" if accepted else "–",
        f"{accepted:,}",
        f"{lane.outcomes.get(Disposition.EXPIRED, 0):,}",
        _hours(reached),
    )
    return f"| {' | '.join(cells)} |\n"


def _trouble(figures: Figures) -> str:
    rows = "".join(f"| {kind.value} | {cost:+.1%} |\n" for kind, cost in figures.trouble.items())
    return f"""### What one bad destination costs the others

{figures.troubled:,} people of the Japanese mix; docomo is in trouble for the first twelve hours. Told is the
delay of the lane (of those with {LARGE_LANE} people and more) that is delayed most, by when three quarters of
its people had their first attempt. A test holds it below 5 %.

| docomo is | delay of the others |
|---|---|
{rows}"""


def _forecasts(figures: Figures) -> str:
    head = " | ".join(f"at {moment:.0%}" for moment in MOMENTS)
    rows = "".join(_forecast_row(trial.name, seen) for trial, seen in figures.forecasts.items())
    return f"""### Forecasts on the way against the end that came

What the engine's own outlook told at these shares of the whole time: how much too late (+) or too early (−)
the end was foreseen, as a share of the whole time. *Worst* is the worst of all forecasts from 5 % on. Full
mailboxes are left out. A test holds all but the last row within 10 % from 5 % on, and that one within 12 %
from 10 % on: before the carrier complained nobody can know.

| limited by | lasted | {head} | worst |
|---|---|{"---|" * len(MOMENTS)}---|
{rows}
{_short(figures.short)}"""


def _short(short: Mapping[str, Scatter]) -> str:
    rows = "".join(_short_row(name, found) for name, found in short.items())
    return f"""**Short campaigns.** When the first tries take ten or twenty minutes, the end is that of
the last few who are put off: one retry of 6 to 16 minutes, or a second one, is a third of the whole,
and which it will be is chance. The same campaign was sent eight times over; *known* is how much
somebody would err on average who knew beforehand how long half of the eight take. Forecasts come close
to that from a quarter of the way on, and no rule for the last retry did better. Tried and not taken:
the median of what the last one waits, by the schedule of greylisting, in place of 15 minutes. Over
twenty campaigns of such kinds the mean error went from 7.1 % to 7.7 % at a quarter of the way, from 5.8
% to 5.7 % at half of it, and the worst single moment from 29 % to 33 %. Rounding to minutes has no part
in it.

| campaign | lasted | known | at 0% | at 25% | at 50% | worst single moment |
|---|---|---|---|---|---|---|
{rows}"""


def _short_row(name: str, found: Scatter) -> str:
    off = (f"±{found.off[moment]:.0%}" for moment in (0.0, 0.25, 0.50))
    lasted = f"{found.shortest:.0f} to {found.longest:.0f} min"
    return f"| {' | '.join((name, lasted, f'±{found.known:.0%}', *off, f'{found.worst:.0%}'))} |\n"


def _forecast_row(name: str, seen: Seen) -> str:
    errors = [f"{seen.by_moment[moment]:+.1%}" for moment in MOMENTS]
    return f"| {' | '.join((name, _hours(seen.lasted), *errors, f'{seen.worst:.1%}'))} |\n"


def _whole(timed: Timed) -> str:
    result = timed.result
    largest = sorted(result.lanes.values(), key=lambda lane: -lane.recipients)[:_SHOWN_LANES]
    rows = "".join(_lane_row(lane) for lane in largest)
    return f"""### A whole campaign

{result.recipients:,} people of the Japanese mix (EST) at the shipped profiles' paces:
{result.attempts:,} attempts, {result.total(Disposition.ACCEPTED):,} accepted,
{result.total(Disposition.BOUNCED):,} bounced, {result.total(Disposition.UNKNOWN):,} unknown,
{result.total(Disposition.EXPIRED):,} expired (most of them at full mailboxes).
Simulating it took {timed.seconds:.0f} s ({timed.processor_seconds:.0f} s of one slow processor core,
{timed.processor_seconds / result.recipients * 1e6:.0f} µs a recipient).

| lane | people | done after | most in 1 s | 1 min | 10 min | 1 h | 1 day | of the limit over 10 min |
|---|---|---|---|---|---|---|---|---|
{rows}
{_over(result)} (the numbers in brackets).

![People accepted by lane over time](images/throttling/campaign.png)
"""


def _over(result: SimulationResult) -> str:
    """Messages are whole: evenly spread ones come to the next whole number of what is allowed."""
    windows = [window for lane in result.lanes.values() for window in lane.windows]
    over = sum(1 for w in windows if w.allowed is not None and w.most > max(1, ceil(w.allowed - 1e-6)))
    kept = f"In none of the {len(result.lanes):,} lanes a window of any length holds"
    return f"{kept} more than its limit" if over == 0 else f"{over} of {len(windows):,} windows hold too many"


def _lane_row(lane: LaneResult) -> str:
    windows = [
        f"{window.most:,}" + (f" ({window.allowed:,.0f})" if window.allowed is not None else "")
        for window in lane.windows
    ]
    ten_minutes = lane.windows[2]
    share = f"{ten_minutes.most / ten_minutes.allowed:.1%}" if ten_minutes.allowed else "–"
    name = lane_names("en").get(lane.lane, lane.lane)
    cells = (name, f"{lane.recipients:,}", _hours(lane.finished_at), *windows, share)
    return f"| {' | '.join(cells)} |\n"


def _hours(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds / 3600:.1f} h"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the section and the plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=1_000_000)
    parser.add_argument("--contest", type=int, default=20_000)
    parser.add_argument("--docs", type=Path, default=DOCS)
    options = parser.parse_args(arguments)
    figures = measure(options.recipients, options.contest)
    draw(figures, options.docs / "images" / "throttling")
    write_page(options.docs / PAGE.name, compose(figures))


if __name__ == "__main__":
    main()
