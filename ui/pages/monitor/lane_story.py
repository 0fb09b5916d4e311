"""Why a lane goes at its pace, in full: the numbers in force, what was learned, and from which answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.lane import LaneOverride, LaneReason, LaneState
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.progress import LaneProgress
from desktop_relay.operations.lanes import LaneRow

from ui import wording
from ui.brake_words import BrakeView, brake_view
from ui.context import Context
from ui.pages.monitor.lane_pace import PaceView

SHOWN_CHANGES = 5
MOST_LEARNED = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """A caption and its value; ``note`` stands behind it in grey."""

    caption: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One answer that changed the pace; ``words`` are the server's own."""

    time: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class LaneStory:
    """Everything the panel below a lane shows."""

    lane: str
    name: str
    sentence: str
    brake: BrakeView | None
    stopped: bool
    limits: tuple[Fact, ...]
    source: str
    standing: str
    learned: tuple[Fact, ...]
    changes: tuple[ChangeView, ...]
    pace: PaceView | None


def tell_lane(
    context: Context,
    route: str,
    lane: LaneProgress,
    row: LaneRow,
    name: str,
    sentence: str,
    *,
    speed: float,
    now: datetime,
) -> LaneStory:
    """The story of a lane of ``route``; ``speed`` is how many times faster than life that runs."""
    profile, stopped = row.profile, lane.state is LaneState.STOPPED
    return LaneStory(
        lane=lane.lane,
        name=name,
        sentence="" if lane.reason is LaneReason.BRAKED else sentence,
        brake=brake_view(context, lane.brake) if lane.brake is not None else None,
        stopped=stopped,
        limits=_limits(lane, row, speed),
        source=_source(profile.source_ja if context.language == "ja" else profile.source, profile.dated),
        standing=context.phrase("confidence", profile.confidence),
        learned=_learned(lane, row, speed, now),
        changes=tuple(_change(context, change, now) for change in reversed(row.changes[-SHOWN_CHANGES:])),
        # a lane that its brake stopped waits for another decision; one that is through for none
        pace=None if stopped or lane.counts.open == 0 else _pace(route, row, name, speed),
    )


def _limits(lane: LaneProgress, row: LaneRow, speed: float) -> tuple[Fact, ...]:
    tr = QCoreApplication.translate
    override, limits = row.override, row.profile.limits
    yours = tr("Monitor", "set by you")
    pace = row.pace_allowed
    words = tr("Monitor", "no limit") if pace is None else wording.rate(pace * speed)
    own_rate = override is not None and override.rate is not None
    own_connections = override.connections if override is not None else None
    most = limits.connections if own_connections is None else own_connections
    facts = [
        Fact(tr("Monitor", "Pace"), words, yours if own_rate else ""),
        Fact(
            tr("Monitor", "Connections"),
            tr("Monitor", "{now} of {most}").format(now=lane.connections, most=most),
            yours if own_connections is not None else "",
        ),
        Fact(tr("Monitor", "Mails per connection"), wording.number(limits.messages_per_connection)),
    ]
    counted = ((limits.per_hour, tr("Monitor", "Per hour")), (limits.per_day, tr("Monitor", "Per day")))
    facts += [Fact(caption, wording.number(most)) for most, caption in counted if most is not None]
    return tuple(facts)


def _pace(route: str, row: LaneRow, name: str, speed: float) -> PaceView:
    usual, override = row.profile.limits.rate, row.override or LaneOverride()
    own = override.rate
    return PaceView(
        route=route,
        lane=row.lane,
        name=name,
        speed=speed,
        usual=None if usual is None else usual * speed,
        own=None if own is None else own * speed,
        paused=override.paused,
        until=override.paused_until if override.paused else override.until("rate"),
    )


def _source(source: str, dated: str) -> str:
    """Where the numbers come from, with the day they were looked at."""
    return " · ".join(part for part in (source, dated) if part)


def _learned(lane: LaneProgress, row: LaneRow, speed: float, now: datetime) -> tuple[Fact, ...]:
    tr = QCoreApplication.translate
    memory, facts = row.memory, []
    allowed, full = lane.pace_allowed, row.pace_allowed
    if allowed is not None and full is not None and full > 0 and allowed < full * speed * 0.995:
        part = tr("Monitor", "{share} of it").format(share=wording.percent(allowed, full * speed))
        facts.append(Fact(tr("Monitor", "Pace now"), wording.rate(allowed), part))
    if memory is not None:
        ceiling = memory.pace.ceiling
        if ceiling is not None:
            facts.append(Fact(tr("Monitor", "Ceiling found"), wording.rate(ceiling * speed)))
        strikes = memory.suspension.strikes
        if strikes:
            facts.append(
                Fact(tr("Monitor", "Pauses in a row"), wording.number(strikes), tr("Monitor", "each longer"))
            )
    if lane.state is LaneState.SUSPENDED and lane.until is not None:
        facts.append(Fact(tr("Monitor", "Rests until"), wording.day_and_time(lane.until, now)))
    return tuple(facts)


def _change(context: Context, change: PaceChange, now: datetime) -> ChangeView:
    known = change.reason is not Reason.NONE
    cause = context.phrase("reason_words", change.reason.value) if known else ""
    server = " ".join(str(part) for part in (change.code, change.enhanced, change.text) if part)
    return ChangeView(
        wording.day_and_time(change.at, now),
        " → ".join(part for part in (cause, _effect(change, now)) if part),
        server,
    )


def _effect(change: PaceChange, now: datetime) -> str:
    tr = QCoreApplication.translate
    if change.until is not None:
        return tr("Monitor", "rest until {time}").format(time=wording.day_and_time(change.until, now))
    if change.kind is EffectKind.FEWER_CONNECTIONS:
        return tr("Monitor", "fewer connections")
    return wording.rate(change.pace) if change.pace is not None else ""
