"""Lanes: the shipped profiles with what the user set on top, and setting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.lane import LaneMemory, LaneOverride, LaneProfile
from desktop_relay.operations.carriers import load_directory
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.ledger import load_campaign_rows, load_lane_memory, load_lane_overrides
from desktop_relay.store.routes import load_route


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane: its profile, the user's own limits on a route, and what it learned there."""

    lane: str
    profile: LaneProfile
    override: LaneOverride | None = None
    memory: LaneMemory | None = None

    @property
    def pace_allowed(self) -> float | None:
        """Messages per second in force before anything was learned."""
        override = self.override
        return override.rate if override and override.rate is not None else self.profile.limits.rate

    @property
    def pace_learned(self) -> float | None:
        """Messages per second after what the carrier's replies taught."""
        allowed = self.pace_allowed
        return allowed if allowed is None or self.memory is None else allowed * self.memory.slow_factor


def check_route(ws: Workspace, name: str) -> None:
    """Raises ``NotFound`` for a route that is neither in the library nor in use by a campaign."""
    if load_route(ws.library, name) is None and not any(
        submitted.snapshot.route.name == name for submitted in load_campaign_rows(ws.spool)
    ):
        raise NotFound(ErrorCode.NO_SUCH_ROUTE, name=name)


def overview(ws: Workspace, route: str) -> list[LaneRow]:
    """Every profile, as it goes on ``route``."""
    overrides = load_lane_overrides(ws.spool, route)
    memories = load_lane_memory(ws.spool, route)
    profiles = load_directory().profiles.values()
    return [LaneRow(p.key, p, overrides.get(p.key), memories.get(p.key)) for p in profiles]


def load(ws: Workspace, route: str, lane: str) -> LaneRow:
    """One lane: a carrier's, or that of a domain or of a host that others share; raises ``NotFound``."""
    directory = load_directory()
    if lane not in directory.profiles and "." not in lane:
        raise NotFound(ErrorCode.NO_SUCH_LANE, lane=lane)
    overrides = load_lane_overrides(ws.spool, route)
    memories = load_lane_memory(ws.spool, route)
    return LaneRow(lane, directory.profile_of_lane(lane), overrides.get(lane), memories.get(lane))


def set_lane(
    ws: Workspace,
    route: str,
    lane: str,
    *,
    rate: float | None = None,
    connections: int | None = None,
    paused: bool | None = None,
    until: datetime | None = None,
) -> None:
    """Change a lane of a route, live; a rate or connections of 0 goes back to the profile.

    Raises ``BadInput`` (``value_invalid``).
    """
    if rate is not None and not (isfinite(rate) and rate >= 0):
        raise BadInput(ErrorCode.VALUE_INVALID, field="rate", value=rate)
    if connections is not None and connections < 0:
        raise BadInput(ErrorCode.VALUE_INVALID, field="connections", value=connections)
    if until is not None and not paused:
        raise BadInput(ErrorCode.VALUE_INVALID, field="until", value=until.isoformat())
    ws.engine.call(SetLane(route, lane, rate, connections, paused, until))
