"""What a simulation found, in the words of either language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from desktop_relay.cli.console import Console
from desktop_relay.domain.brake import BrakeFinding
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Disposition, Reason
from desktop_relay.operations.carriers import lane_names
from desktop_relay.simulator.result import LaneResult, PaceStep, SimulationResult

_SHOWN_LANES = 25
_SHOWN_CHANGES = 40
OUTCOMES = (
    Disposition.ACCEPTED,
    Disposition.BOUNCED,
    Disposition.DEFERRED,
    Disposition.EXPIRED,
    Disposition.UNKNOWN,
)


def tell(result: SimulationResult, console: Console) -> None:
    """Print it."""
    names = lane_names(console.language)
    counts = {outcome.value: f"{result.total(outcome):,}" for outcome in OUTCOMES}
    print(
        console.phrase(
            "cli",
            "simulate_done",
            recipients=f"{result.recipients:,}",
            attempts=f"{result.attempts:,}",
            lasted=_span(result.seconds),
            **counts,
        )
    )
    _tell_campaigns(result, console)
    lanes = sorted(result.lanes.values(), key=lambda lane: -lane.recipients)
    routes = {lane.route for lane in lanes}
    for lane in lanes[:_SHOWN_LANES]:
        name = names.get(lane.lane, lane.lane)
        print(_lane_line(lane, name if len(routes) == 1 else f"{name} ({lane.route})", result, console))
    _tell_rest(lanes[_SHOWN_LANES:], console)
    _tell_accounts(result, console)
    _tell_days(result, console)
    changes = [change for change in result.changes if is_of_pace(change)]
    print(console.phrase("cli", "simulate_changes" if changes else "simulate_steady", number=len(changes)))
    for change in changes[:_SHOWN_CHANGES]:
        print(_change_line(change, names.get(change.lane, change.lane or change.route), console))
    if len(changes) > _SHOWN_CHANGES:
        print(console.phrase("cli", "simulate_more", number=len(changes) - _SHOWN_CHANGES))


def _tell_campaigns(result: SimulationResult, console: Console) -> None:
    for campaign in result.campaigns:
        name = campaign.name or campaign.route
        for _, steps in groupby(campaign.canary, key=lambda step: step.phase):
            step = next(steps)  # what follows is tried for longer, which is no news
            at = _span(step.at)
            print(console.phrase("cli", f"simulate_canary_{step.phase}", name=name, size=step.size, at=at))
        if campaign.stopped:
            why = console.phrase("pause_reasons", campaign.stopped.value, route=campaign.route)
            print(console.phrase("cli", "simulate_stopped", name=name, why=why))


def _tell_accounts(result: SimulationResult, console: Console) -> None:
    for account in result.accounts.values():
        if account.finished_at is None:
            print(console.phrase("cli", "simulate_account_unused", name=account.account))
            continue
        finished = result.start + timedelta(seconds=account.finished_at)
        print(
            console.phrase(
                "cli",
                "simulate_account",
                name=account.account,
                taken=f"{len(account.taken):,}",
                lasted=_span(account.finished_at),
                finished=f"{finished.astimezone():%Y-%m-%d %H:%M}",
                suspended=_span(account.suspended),
            )
        )


def _tell_days(result: SimulationResult, console: Console) -> None:
    if any(day.left for day in result.days):
        for day in result.days:
            told = {"day": f"{day.day:%Y-%m-%d}", "accepted": f"{day.accepted:,}", "left": f"{day.left:,}"}
            print(console.phrase("cli", "simulate_day", **told))


def _tell_rest(lanes: Sequence[LaneResult], console: Console) -> None:
    if lanes:
        last = max((lane.finished_at or 0.0 for lane in lanes), default=0.0)
        people = sum(lane.recipients for lane in lanes)
        print(
            console.phrase(
                "cli", "simulate_rest", number=len(lanes), recipients=f"{people:,}", lasted=_span(last)
            )
        )


def _lane_line(lane: LaneResult, name: str, result: SimulationResult, console: Console) -> str:
    pace = _pace(lane.windows[2].most / lane.windows[2].seconds)
    accepted, bounced = (
        f"{lane.outcomes.get(outcome, 0):,}" for outcome in (Disposition.ACCEPTED, Disposition.BOUNCED)
    )
    if lane.braked is not None:
        return console.phrase("cli", "simulate_braked", name=name, found=_found(lane.braked, console))
    if lane.finished_at is None:
        return console.phrase("cli", "simulate_unfinished", name=name, accepted=accepted, bounced=bounced)
    finished = result.start + timedelta(seconds=lane.finished_at)
    return console.phrase(
        "cli",
        "simulate_lane",
        name=name,
        recipients=f"{lane.recipients:,}",
        accepted=accepted,
        bounced=bounced,
        lasted=_span(lane.finished_at),
        finished=f"{finished.astimezone():%Y-%m-%d %H:%M}",
        pace=pace,
    )


def _found(finding: BrakeFinding, console: Console) -> str:
    return console.phrase(
        "brakes",
        finding.cause.value,
        share=f"{finding.share:.1%}",
        limit=f"{finding.limit:.1%}",
        number=finding.number,
        sample=finding.sample,
    )


def _change_line(change: PaceStep, name: str, console: Console) -> str:
    if change.cause is not Reason.NONE:
        why = console.phrase("reason_words", change.cause.value)
    elif change.suspended > 0 and change.reason is not LaneReason.NONE:
        why = console.phrase("limit_words", change.reason.value)
    else:
        why = console.phrase("cli", "simulate_by_itself")
    told = "simulate_suspended" if change.suspended > 0 else "simulate_change"
    return console.phrase(
        "cli",
        told,
        at=_span(change.at),
        name=name,
        before=_pace(change.pace_before),
        after=_pace(change.pace),
        suspended=_span(change.suspended),
        why=f"{why} {change.text[:80]}".rstrip(),
    )


def is_of_pace(change: PaceStep) -> bool:
    """Not only another number of connections."""
    return change.pace != change.pace_before or change.suspended > 0


def _pace(pace: float | None) -> str:
    return "∞" if pace is None else f"{pace:.3g}"


def _span(seconds: float) -> str:
    """Hours, minutes and seconds, with days before them where there are any."""
    days, rest = divmod(round(seconds), 86400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    return f"{days}+{clock}" if days else clock
