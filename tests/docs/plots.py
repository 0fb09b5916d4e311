"""Plots of simulations, for the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from desktop_relay.simulator.result import LaneResult, PaceStep, SimulationResult

mpl.use("Agg")

_ACCEPTED, _REFUSED, _LIMIT, _PACE = "#2a9d6f", "#d1495b", "#555555", "#1d6fb8"
_HOUR = 3600.0
_SHOWN_LANES = 8
_DOTS_PER_INCH = 100


def plot_contest(lanes: Mapping[str, LaneResult], limit_per_minute: float, hours: float, path: Path) -> None:
    """Attempts by minute under each conduct: those accepted, and all others."""
    figure = Figure(figsize=(9, 2.1 * len(lanes)), layout="constrained")
    rows = figure.subplots(len(lanes), 1, sharex=True, squeeze=False)[:, 0]
    for axes, (name, lane) in zip(rows, lanes.items(), strict=True):
        minutes = 10
        begun, accepted = (_by_minutes(times, minutes, hours) for times in (lane.begun, lane.accepted))
        at = [place * minutes / 60 for place in range(len(begun))]
        axes.fill_between(at, begun, step="post", color=_REFUSED, linewidth=0, label="not accepted")
        axes.fill_between(at, accepted, step="post", color=_ACCEPTED, linewidth=0, label="accepted")
        axes.axhline(
            limit_per_minute, color=_LIMIT, linestyle="--", linewidth=1, label="what the carrier bears"
        )
        axes.set_title(name, loc="left", fontsize=10)
        axes.set_xlim(0, hours)
        axes.set_ylabel("a minute")
    rows[0].legend(loc="upper right", fontsize=8)
    rows[-1].set_xlabel("hours")
    _save(figure, path)


def plot_pace(lane: LaneResult, changes: Sequence[PaceStep], bears: float, hours: float, path: Path) -> None:
    """One lane's allowed pace as replies change it, and what was accepted."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    axes = figure.subplots()
    accepted = _by_minutes(lane.accepted, 1, hours)
    minutes = [place / 60 for place in range(len(accepted))]
    axes.fill_between(
        minutes, accepted, step="post", color=_ACCEPTED, alpha=0.5, linewidth=0, label="accepted"
    )
    at, paces = _steps(changes, hours)
    axes.step(at, paces, where="post", color=_PACE, linewidth=1.5, label="allowed pace")
    axes.axhline(bears, color=_LIMIT, linestyle="--", linewidth=1, label="what the carrier bears")
    axes.set_xlim(0, hours)
    axes.set_xlabel("hours")
    axes.set_ylabel("messages a minute")
    axes.legend(loc="upper right", fontsize=8)
    _save(figure, path)


def plot_campaign(result: SimulationResult, names: Mapping[str, str], path: Path) -> None:
    """How many of the largest lanes' people were reached by when."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    axes = figure.subplots()
    largest = sorted(result.lanes.values(), key=lambda lane: -lane.recipients)[:_SHOWN_LANES]
    for lane in largest:
        step = max(1, len(lane.accepted) // 400)
        at = [moment / _HOUR for moment in lane.accepted[::step]]
        axes.plot(
            at, [place * step / 1000 for place in range(len(at))], label=names.get(lane.lane, lane.lane)
        )
    _label(axes, "hours", "thousands accepted")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    _save(figure, path)


def plot_accounts(result: SimulationResult, path: Path) -> None:
    """Messages a minute over each account, and what each day's midnight is."""
    figure = Figure(figsize=(9, 1.9 * len(result.accounts)), layout="constrained")
    rows = figure.subplots(len(result.accounts), 1, sharex=True, squeeze=False)[:, 0]
    hours = result.seconds / _HOUR
    for axes, account in zip(rows, result.accounts.values(), strict=True):
        taken = _by_minutes(account.taken, 10, hours + 1)
        at = [place / 6 for place in range(len(taken))]
        axes.fill_between(at, taken, step="post", color=_ACCEPTED, linewidth=0)
        for midnight in range(24, int(hours) + 1, 24):
            axes.axvline(midnight, color=_LIMIT, linestyle="--", linewidth=1)
        axes.set_title(account.account, loc="left", fontsize=10)
        axes.set_xlim(0, hours)
        axes.set_ylabel("a minute")
    rows[-1].set_xlabel("hours (midnight dashed)")
    _save(figure, path)


def _label(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)


def _steps(changes: Sequence[PaceStep], hours: float) -> tuple[list[float], list[float]]:
    """The allowed pace by minute; nothing is allowed during a suspension."""
    at, paces = [0.0], [(changes[0].pace_before or 0.0) * 60 if changes else 0.0]
    for change, following in pairwise((*changes, None)):
        if change is None:
            break
        at.append(change.at / _HOUR)
        paces.append(0.0 if change.suspended > 0 else (change.pace or 0.0) * 60)
        ends = change.at + change.suspended
        if change.suspended > 0 and (following is None or ends < following.at):
            at.append(ends / _HOUR)
            paces.append((change.pace or 0.0) * 60)
    at.append(hours)
    paces.append(paces[-1])
    return at, paces


def _by_minutes(times: Sequence[float], minutes: int, hours: float) -> list[float]:
    """Per minute, counted over so many of them."""
    span = minutes * 60
    counted = Counter(int(at // span) for at in times)
    return [counted[place] / minutes for place in range(int(hours * _HOUR / span))]


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=_DOTS_PER_INCH, metadata={"Software": None})
