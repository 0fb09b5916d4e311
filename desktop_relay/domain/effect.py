"""What an attempt teaches its lane and its campaign, beside what becomes of the recipient."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Outcome


class EffectKind(StrEnum):
    """How a lane reacts."""

    NONE = "none"
    SUCCESS = "success"
    SLOW = "slow"
    SUSPEND = "suspend"
    FEWER_CONNECTIONS = "fewer_connections"
    RECONNECT = "reconnect"
    STOP_CAMPAIGN = "stop_campaign"


SLOWING = frozenset({EffectKind.SLOW, EffectKind.SUSPEND, EffectKind.FEWER_CONNECTIONS})
"""After these a lane or an account sends less, and a crash must not make it forget that."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The reaction: ``pause`` for SUSPEND; ``rate`` (messages per second) for SLOW, ``None`` meaning half.

    ``pause_reason`` says why the campaign stops; ``reason`` is what the lane shows meanwhile.
    """

    kind: EffectKind = EffectKind.NONE
    pause: timedelta | None = None
    rate: float | None = None
    pause_reason: PauseReason = PauseReason.NONE
    reason: LaneReason = LaneReason.NONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement on one exchange: what becomes of the recipient, and what the lane does."""

    outcome: Outcome
    effect: Effect = field(default_factory=Effect)
