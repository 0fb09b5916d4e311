"""A VPN takes the way to the world, and gives it back.

It has a name server of its own, for which the account's server is at another address. What is on the wire
when it comes up ends by itself, since the machine keeps the address that replies go to; the next message
takes the new way. When it goes, its connections go with it.

Result: everybody accepted once over one server or the other; in doubt only what was at its final dot when the
VPN went.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from tests.scenarios.internet import FAR, HOME, NEAR, ROLLED_UP, VPN, Internet, names
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene

PEOPLE = 500
CONNECTIONS = 2


@pytest.mark.real
async def test_mail_takes_the_way_that_there_is(
    still: Scene, internet: Internet, machine: EngineProcess
) -> None:
    route = Route(
        "account", RouteKind.SMARTHOST, "mx.example", 587, TlsMode.NONE, max_connections=CONNECTIONS
    )
    near, far = Receiver(host=NEAR, port=587), Receiver(host=FAR, port=587)
    near.seconds = far.seconds = 0.02
    async with internet.listening(near, far, names(HOME, NEAR), names(VPN, FAR)):
        internet.plug_in(HOME)
        await machine.start()
        await machine.call(SetLane(route.name, ROLLED_UP, rate=40.0, connections=CONNECTIONS))
        draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=route)
        campaign = int((await machine.call(Submit(draft)))["campaign"])
        await still.until(lambda: near.taken.total() >= 20)
        internet.plug_in(VPN, metric=50)
        internet.ask(VPN)
        await still.until(lambda: far.taken.total() >= 20)
        assert not {"unknown", "deferred"} & set(still.states(campaign)), "nobody noticed"
        before = near.taken.total()
        internet.pull_out(VPN)
        internet.ask(HOME)
        await still.until(lambda: near.taken.total() > before)
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        assert still.states(campaign)["unknown"] <= CONNECTIONS
        still.check_received(campaign, near, far)
