"""The notebook comes to a network that wants a sign-in first.

Its name server says that every host is the portal, and the portal answers with a web page, or with a
certificate of its own. A new network over which no server has answered yet is not believed: nothing is said
to the portal, the campaign does not stop, nobody is blamed, and it is tried again every minute. The window
and the command line say that a sign-in may be wanted.

Result: nobody bounces; after the sign-in everybody accepted by the right server.
"""

from __future__ import annotations

import pytest
import trustme

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import ReloadSettings, SetLane, Submit
from desktop_relay.domain.network import NetworkState
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.store.database import open_library
from desktop_relay.store.settings import save_setting
from tests.fakes.name_server import NameServer
from tests.scenarios.certificates import authority_file, server_context
from tests.scenarios.internet import FAR, HOME, MOBILE, NEAR, PORTAL, ROLLED_UP, Everywhere, Internet, names
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene

PAGE = "HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n"
PEOPLE = 60
CONNECTIONS = 2


@pytest.mark.real
@pytest.mark.parametrize("shows_page", [True, False], ids=["web page", "own certificate"])
async def test_it_waits_for_the_login(
    still: Scene, internet: Internet, machine: EngineProcess, shows_page: bool
) -> None:
    honest, stranger = trustme.CA(), trustme.CA()
    tls = server_context(honest, "mx.example")
    near, far = (Receiver(host=host, port=587, tls=tls) for host in (NEAR, FAR))
    portal = Receiver(
        lambda said: PAGE if shows_page and said.verb == "CONNECT" else None,
        host=PORTAL,
        port=587,
        tls=server_context(stranger, "mx.example"),
    )
    caught = NameServer(Everywhere(), host=MOBILE.router, port=53)
    with open_library(still.directory) as library:
        save_setting(library, "tls.ca_file", authority_file(honest, still.directory))
    async with internet.listening(near, far, portal, names(HOME, NEAR), caught):
        internet.plug_in(HOME)
        await machine.start()
        campaign = await submit(still, machine)
        await still.until(lambda: near.taken.total() >= 10)
        internet.pull_out(HOME)
        internet.plug_in(MOBILE)
        internet.ask(MOBILE)
        progress = await machine.until_told(NetworkState.UNPROVEN)
        assert portal.connections > 0
        assert progress.campaigns[0].state is CampaignState.SENDING
        assert {line.split(" ")[0] for line in portal.heard} <= {"EHLO", "STARTTLS"}

        caught.zone = names(MOBILE, FAR).zone
        await machine.call(ReloadSettings())  # sooner than the minute is over
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        assert still.states(campaign)["unknown"] <= CONNECTIONS
        assert not portal.seen
        still.check_received(campaign, near, far)


async def submit(still: Scene, machine: EngineProcess) -> int:
    """A campaign over an account that must be encrypted."""
    route = Route(
        "account", RouteKind.SMARTHOST, "mx.example", 587, TlsMode.STARTTLS, max_connections=CONNECTIONS
    )
    await machine.call(SetLane(route.name, ROLLED_UP, rate=20.0, connections=CONNECTIONS))
    draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=route)
    return int((await machine.call(Submit(draft)))["campaign"])
