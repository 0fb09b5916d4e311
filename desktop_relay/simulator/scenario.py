"""What is to be simulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desktop_relay.domain.campaign import (
    CampaignKind,
    CampaignSnapshot,
    CampaignState,
    PauseReason,
    SubmittedCampaign,
)
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.lane import LaneOverride
from desktop_relay.domain.route import PRACTICE, Route
from desktop_relay.domain.template import Template
from desktop_relay.simulator.peer import Timing
from desktop_relay.simulator.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Scenario:
    """A campaign to ``audience`` (domain to addresses) from the aware time ``start``.

    ``seed`` decides the carriers' behaviour, the spread of times and of retries. ``overrides`` are the
    user's limits by lane. What is not over ``expires_after`` expires. ``until`` ends the simulation after
    so much time. ``brakes`` stop a lane as they do outside practice, and nobody releases it.
    """

    audience: Mapping[str, Sequence[str]]
    start: datetime
    seed: int = 1
    route: Route = PRACTICE
    overrides: Mapping[str, LaneOverride] = field(default_factory=dict)
    expires_after: timedelta | None = timedelta(days=2)
    until: timedelta = timedelta(days=60)
    troubles: Sequence[Trouble] = ()
    timing: Timing = field(default_factory=Timing)
    faults: bool = True
    brakes: bool = False


def compose_campaign(scenario: Scenario) -> SubmittedCampaign:
    """The campaign as the engine would know it; what it says is of no interest here."""
    expires = scenario.expires_after
    snapshot = CampaignSnapshot(
        id=0,
        uid="simulated",
        kind=CampaignKind.CAMPAIGN,
        name="",
        template=Template("", "", "", ""),
        identity=Identity(""),
        route=scenario.route,
        expires_at=None if expires is None else scenario.start + expires,
        brakes=scenario.brakes,
    )
    return SubmittedCampaign(
        snapshot, CampaignState.SENDING, PauseReason.NONE, 0, scenario.start, scenario.start, None
    )
