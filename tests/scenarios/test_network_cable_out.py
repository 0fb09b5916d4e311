"""The cable is pulled out in mid-campaign, and plugged in again.

There is no other way to the world, so it is not the server's fault: after the first attempts that fail,
nothing more is tried. Nobody's pace suffers and nothing looks like a block. The lanes, the command line and
the window say that there is no network. Plugged in, the campaign goes on within seconds.

Result: everybody accepted, after one attempt more for the few that noticed.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.progress import CampaignProgress
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from tests.scenarios.internet import HOME, NEAR, ROLLED_UP, Internet, names
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, waited

PEOPLE = 100
CONNECTIONS = 2
PACE = 20.0


@pytest.mark.real
async def test_nobody_is_blamed_and_it_goes_on(
    still: Scene, internet: Internet, machine: EngineProcess
) -> None:
    used: set[int] = set()

    def answer(said: Said) -> Act | None:
        """One message a connection, so that there is always somebody who connects."""
        is_second = said.verb == "MAIL" and said.connection in used
        used.add(said.connection if said.verb == "MAIL" else 0)
        return Act.CLOSE if is_second else None

    route = Route(
        "account", RouteKind.SMARTHOST, "mx.example", 587, TlsMode.NONE, max_connections=CONNECTIONS
    )
    near = Receiver(answer, host=NEAR, port=587)
    async with internet.listening(near, names(HOME, NEAR)):
        internet.plug_in(HOME)
        await machine.start()
        await machine.call(SetLane(route.name, ROLLED_UP, rate=PACE, connections=CONNECTIONS))
        draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=route)
        campaign = int((await machine.call(Submit(draft)))["campaign"])
        await still.until(lambda: near.taken.total() >= 20)
        internet.pull_out(HOME)
        await still.until(lambda: still.states(campaign)["deferred"] > 0)
        await waited(2.0)
        progress = await machine.until_told(NetworkState.GONE)
        (told,) = progress.campaigns
        assert told.state is CampaignState.SENDING
        assert {lane.reason for lane in told.lanes} == {LaneReason.NO_NETWORK}
        noticed = told.counts.deferred
        assert noticed <= 2 * CONNECTIONS, "the others were not even tried"

        internet.plug_in(HOME)
        paces = [await pace_of(machine)]
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        states = still.states(campaign)
        assert states["unknown"] <= CONNECTIONS
        assert paces == [PACE]
        still.check_received(campaign, near)


async def pace_of(machine: EngineProcess) -> float | None:
    """What the lane is allowed."""
    progress = await machine.progress()
    assert progress is not None
    campaign: CampaignProgress = progress.campaigns[0]
    return campaign.lanes[0].pace_allowed
