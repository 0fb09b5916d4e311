"""Lanes: the shipped profiles with what the user set on top, and setting it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desktop_relay.domain.command import Release, SetLane
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.lane import HIGHEST_LIMIT, LIMITS, LaneOverride, LaneProfile
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.ledger import (
    load_campaign_row,
    load_campaign_rows,
    load_counts,
    load_lane_memory,
    load_lane_overrides,
    load_pace_changes,
)
from desktop_relay.store.routes import load_route


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane: its profile, the user's own limits on a route as they are in force, and what it learned there.

    ``changes`` are the last answers that changed its pace, oldest first; ``overview`` leaves them out.
    """

    lane: str
    profile: LaneProfile
    override: LaneOverride | None = None
    memory: LaneMemory | None = None
    changes: tuple[PaceChange, ...] = ()

    @property
    def pace_allowed(self) -> float | None:
        """Messages per second in force before anything was learned."""
        override = self.override
        return override.rate if override and override.rate is not None else self.profile.limits.rate

    @property
    def pace_learned(self) -> float | None:
        """Messages per second after what the carrier's replies taught."""
        allowed = self.pace_allowed
        learned = None if self.memory is None else self.memory.pace.pace
        return min((pace for pace in (allowed, learned) if pace is not None), default=None)

    @property
    def until(self) -> datetime | None:
        """When the first of what the user set ends by itself."""
        override = self.override or LaneOverride()
        ends = [override.paused_until, *(limit.until for limit in override.passing)]
        return min((end for end in ends if end is not None), default=None)

    @property
    def per_hour(self) -> int | None:
        """Messages in any hour, ``None`` without a limit."""
        own = self.override.per_hour if self.override else None
        return self.profile.limits.per_hour if own is None else own

    @property
    def per_day(self) -> int | None:
        """Messages in any 24 hours, ``None`` without a limit."""
        own = self.override.per_day if self.override else None
        return self.profile.limits.per_day if own is None else own


def check_route(ws: Workspace, name: str) -> None:
    """Raises ``NotFound`` for a route that is neither in the library nor in use by a campaign."""
    if load_route(ws.library, name) is None and not any(
        submitted.snapshot.route.name == name for submitted in load_campaign_rows(ws.spool)
    ):
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)


def overview(ws: Workspace, route: str) -> list[LaneRow]:
    """Every profile, as it goes on ``route``."""
    overrides = _overrides(ws, route)
    memories = load_lane_memory(ws.spool, route)
    profiles = load_directory().profiles.values()
    return [LaneRow(p.key, p, overrides.get(p.key), memories.get(p.key)) for p in profiles]


def load(ws: Workspace, route: str, lane: str) -> LaneRow:
    """One lane: a carrier's, or that of a domain or of a host that others share; raises ``NotFound``."""
    directory = load_directory()
    if lane not in directory.profiles and "." not in lane:
        raise NotFound(ErrorCode.NO_SUCH_LANE, lane=lane)
    overrides = _overrides(ws, route)
    memories = load_lane_memory(ws.spool, route)
    changes = load_pace_changes(ws.spool, route).get(lane, ())
    profile = directory.profile_of_lane(lane)
    return LaneRow(lane, profile, overrides.get(lane), memories.get(lane), changes)


def set_lane(ws: Workspace, wanted: SetLane) -> tuple[SetLane, ...]:
    """Change a lane of a route, live; a limit of 0 goes back to the profile. Answers what takes it back.

    What is set ends by itself at ``wanted.until``, where it has one: then holds what held before.
    Raises ``BadInput`` (``value_invalid``).
    """
    for field in LIMITS:
        value = getattr(wanted, field)
        if value is not None and not 0 <= value <= HIGHEST_LIMIT:
            raise BadInput(ErrorCode.VALUE_INVALID, field=field, value=value)
    sets = wanted.paused or any(getattr(wanted, limit) is not None for limit in LIMITS)
    if wanted.until is not None and not sets:
        raise BadInput(ErrorCode.VALUE_INVALID, field="until", value=wanted.until.isoformat())
    before = load_lane_overrides(ws.spool, wanted.route).get(wanted.lane, LaneOverride())
    ws.engine.call(wanted)
    return take_back(wanted, before)


def take_back(wanted: SetLane, before: LaneOverride) -> tuple[SetLane, ...]:
    """What sets a lane, one after the other, as it was ``before`` wherever ``wanted`` changes it. Pure."""
    limits = [name for name in LIMITS if getattr(wanted, name) is not None]
    lane = SetLane(wanted.route, wanted.lane)
    commands = []
    if limits:
        values: dict[str, Any] = {name: getattr(before, name) or 0 for name in limits}
        commands.append(replace(lane, **values))
    commands += [
        replace(lane, **{limit.name: limit.value}, until=limit.until)  # type: ignore[arg-type]
        for limit in before.passing
        if limit.name in limits
    ]
    if wanted.paused is not None:
        until = before.paused_until if before.paused else None
        commands.append(replace(lane, paused=before.paused, until=until))
    return tuple(commands)


def release(ws: Workspace, campaign: int, lane: str, *, leave: bool = False) -> bool:
    """Send on in a lane of a campaign that its brake stopped, or leave it stopped; whether it was stopped.

    Raises ``NotFound`` for a campaign that was not submitted and for a lane it has nobody in.
    """
    if load_campaign_row(ws.spool, campaign) is None:
        raise NotFound(ErrorCode.NO_SUCH_CAMPAIGN, campaign=campaign)
    if lane not in load_counts(ws.spool, campaign):
        raise NotFound(ErrorCode.NO_SUCH_LANE, lane=lane)
    return bool(ws.engine.call(Release(campaign, lane, leave))["count"])


def _overrides(ws: Workspace, route: str) -> dict[str, LaneOverride]:
    now = ws.now()
    return {lane: override.at(now) for lane, override in load_lane_overrides(ws.spool, route).items()}
