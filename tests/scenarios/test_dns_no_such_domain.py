"""A domain that does not exist.

NXDOMAIN is final: the recipient bounces at once and goes on the list above all lists, and no server is asked.

Result: bounced (no_such_domain); the others of the campaign accepted.
"""

from __future__ import annotations

from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene

ZONE = {(LANE, "MX"): ["300 MX 10 mx.example."], ("mx.example", "A"): ["300 A 127.0.0.1"]}


async def test_it_is_final(scene: Scene) -> None:
    async with Receiver() as receiver, NameServer(ZONE) as names:
        scene.network.nameserver, scene.network.port = names.address, receiver.port
        campaign = await scene.submit(["gone@gone.example", f"p@{LANE}"], STRAIGHT, LANE, "gone.example")
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 1, "bounced": 1}, receiver)
        assert scene.outcomes(campaign)["gone"] == ("bounced", "no_such_domain")
        assert receiver.connections == 1
