"""A captive portal's name server: every name leads to the portal.

The portal is no mail server, so nothing is said to it and nobody bounces. Once the names lead where they
should, mail goes there.

Result: deferred, then accepted by the right server.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import ReloadSettings
from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene

PAGE = "HTTP/1.0 200 OK\r\n\r\n<html>Welcome</html>"


async def test_nobody_bounces_by_a_lie(timed: Scene) -> None:
    caught = True
    async with Receiver(lambda said: PAGE if caught and said.verb == "CONNECT" else None) as receiver:
        timed.network.port = receiver.port
        lie = {(LANE, "A"): ["1 A 127.0.0.1"]}
        async with NameServer(lie) as names:
            timed.network.nameserver = names.address
            campaign = await timed.submit([f"p{n}@{LANE}" for n in range(2)], STRAIGHT)
            await timed.settled(campaign)
            await timed.check(campaign, {"deferred": 2}, receiver)
            assert receiver.heard == []
            caught = False
            names.zone = {(LANE, "MX"): ["1 MX 10 mx.example."], ("mx.example", "A"): ["1 A 127.0.0.1"]}
            await timed.engine.handle(ReloadSettings())  # as waking and a change of network do
            await timed.turn_until(
                lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20
            )
            await timed.check(campaign, {"accepted": 2}, receiver)
            assert {row.mx for row in timed.ledger(campaign)} == {f"mx.example:{receiver.port}"}
