"""What limits a lane: its profile, and on top of it what the user set for good or for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from typing import Any

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.lane import LIMITS, LaneLimits, LaneOverride, PassingLimit

_SPARE_SESSIONS = 2  # times as many as would do if each were used to its end


def limits_in_force(
    limits: LaneLimits, override: LaneOverride, guests: Iterable[LaneOverride] = ()
) -> LaneLimits:
    """The profile's limits with the user's on top; a pace that the user sets has the sessions it needs.

    ``override`` is as it is in force. Of what the user set on ``guests``, whose mail goes here, the lower
    holds.
    """
    connects = limits.connects_per_minute
    if connects is not None and override.rate is not None:
        connects = max(connects, ceil(_SPARE_SESSIONS * override.rate * 60 / limits.messages_per_session))
    limits = replace(limits, **_set(override), connects_per_minute=connects)
    for guest in guests:
        lower: dict[str, Any] = {n: _lower(getattr(limits, n), own) for n, own in _set(guest).items()}
        limits = replace(limits, **lower)
    return limits


def override_of(before: LaneOverride, command: SetLane) -> LaneOverride:
    """What holds for a lane after ``command``: ``None`` keeps, 0 goes back to the profile.

    With an end, limits lie on top of those that are set for good; without one they take their place.
    """
    limits = _set(command)
    after = replace(before, passing=tuple(old for old in before.passing if old.name not in limits))
    if command.until is None:
        lasting: dict[str, Any] = {name: value or None for name, value in limits.items()}
        after = replace(after, **lasting)
    else:
        passing = (PassingLimit(name, value, command.until) for name, value in limits.items())
        after = replace(after, passing=(*after.passing, *passing))
    if command.paused is not None:
        after = replace(after, paused=command.paused, paused_until=command.until if command.paused else None)
    return after


def _set(by: LaneOverride | SetLane) -> dict[str, Any]:
    return {name: value for name in LIMITS if (value := getattr(by, name)) is not None}


def _lower(limit: float | None, own: float) -> float:
    return own if limit is None else min(limit, own)
