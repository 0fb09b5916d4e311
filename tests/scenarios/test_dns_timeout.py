"""The name server is silent.

A question that is not answered in time is a temporary failure; meanwhile domains whose names are known go
on: a dead name server holds nobody up but those who need it.

Result: deferred (dns_temporary) for the silent name; the others accepted before that.
"""

from __future__ import annotations

from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene

ZONE = {(LANE, "MX"): ["300 MX 10 mx.example."], ("mx.example", "A"): ["300 A 127.0.0.1"]}


async def test_only_that_name_waits(scene: Scene) -> None:
    async with Receiver() as receiver, NameServer(ZONE, silent=frozenset({"silent.example"})) as names:
        scene.network.nameserver, scene.network.port = names.address, receiver.port
        people = ["p@silent.example", *(f"p{n}@{LANE}" for n in range(5))]
        campaign = await scene.submit(people, STRAIGHT, LANE, "silent.example")
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 5, "deferred": 1}, receiver)
        assert scene.outcomes(campaign)["p"] == ("deferred", "dns_temporary")
