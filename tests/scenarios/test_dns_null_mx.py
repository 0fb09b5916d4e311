"""A domain that takes no mail.

``MX 0 .`` says so itself (RFC 7505): the recipient bounces at once, and no host of the domain is bothered.

Result: bounced (null_mx), without a connection.
"""

from __future__ import annotations

from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene


async def test_nobody_is_bothered(scene: Scene) -> None:
    zone = {(LANE, "MX"): ["300 MX 0 ."], (LANE, "A"): ["300 A 127.0.0.1"]}
    async with Receiver() as receiver, NameServer(zone) as names:
        scene.network.nameserver, scene.network.port = names.address, receiver.port
        campaign = await scene.submit([f"p@{LANE}"], STRAIGHT)
        await scene.settled(campaign)
        await scene.check(campaign, {"bounced": 1}, receiver)
        assert scene.outcomes(campaign)["p"] == ("bounced", "null_mx")
        assert receiver.connections == 0
