"""What is to be simulated: campaigns, the routes they take, and the world they meet."""

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
from desktop_relay.domain.lane_memory import LaneMemory
from desktop_relay.domain.route import PRACTICE, Route
from desktop_relay.domain.template import Template
from desktop_relay.domain.usage import Usage
from desktop_relay.simulator.peer import Timing
from desktop_relay.simulator.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign to ``audience`` (domain to addresses), begun so long after the scenario's start.

    What is not over ``expires_after`` its beginning expires. ``brakes`` stop a lane as they do outside
    practice, and nobody releases it. ``canary_minutes`` is how long the rest waits after a small first part.
    Rules of a pool look at ``sender`` and ``octets``.
    """

    audience: Mapping[str, Sequence[str]]
    route: Route = PRACTICE
    name: str = ""
    begins: timedelta = timedelta()
    expires_after: timedelta | None = timedelta(days=2)
    brakes: bool = False
    canary_minutes: float | None = None
    sender: str = ""
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Campaigns from the aware time ``start`` on.

    ``accounts`` are the routes that pools name as their members. ``memories`` (by route, then by lane) and
    ``used`` (by account) are what earlier engines left. ``seed`` decides the
    carriers' behaviour, the spread of times and of retries. ``overrides`` are the user's limits by
    lane, on every route. ``until`` ends the simulation after so much time. At each of ``restarts`` the engine
    ends and another one begins with what it left. Without ``faults`` everything is taken.
    """

    campaigns: Sequence[Campaign]
    start: datetime
    seed: int = 1
    accounts: Mapping[str, Route] = field(default_factory=dict)
    overrides: Mapping[str, LaneOverride] = field(default_factory=dict)
    memories: Mapping[str, Mapping[str, LaneMemory]] = field(default_factory=dict)
    used: Mapping[str, Usage] = field(default_factory=dict)
    until: timedelta = timedelta(days=60)
    troubles: Sequence[Trouble] = ()
    restarts: Sequence[timedelta] = ()
    timing: Timing = field(default_factory=Timing)
    faults: bool = True

    @property
    def routes(self) -> Mapping[str, Route]:
        """The routes that campaigns take, by name."""
        return {campaign.route.name: campaign.route for campaign in self.campaigns}


def compose_campaign(number: int, campaign: Campaign, start: datetime) -> SubmittedCampaign:
    """The campaign as the engine would know it; what it says is of no interest here."""
    begins = start + campaign.begins
    snapshot = CampaignSnapshot(
        id=number,
        uid="simulated",
        kind=CampaignKind.CAMPAIGN,
        name=campaign.name,
        template=Template("", "", "", ""),
        identity=Identity(campaign.sender),
        route=campaign.route,
        expires_at=None if campaign.expires_after is None else begins + campaign.expires_after,
        canary_minutes=campaign.canary_minutes,
        brakes=campaign.brakes,
    )
    return SubmittedCampaign(snapshot, CampaignState.SENDING, PauseReason.NONE, 0, begins, begins, None)
