"""The name server fails.

SERVFAIL says nothing about the recipient: it is tried again in minutes. Nobody bounces, and the lane learns
nothing from it.

Result: deferred (dns_temporary), then accepted.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import ReloadSettings
from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene


async def test_it_is_temporary(timed: Scene) -> None:
    async with (
        Receiver() as receiver,
        NameServer({(LANE, "MX"): "SERVFAIL", (LANE, "A"): "SERVFAIL"}) as names,
    ):
        timed.network.nameserver, timed.network.port = names.address, receiver.port
        campaign = await timed.submit([f"p{n}@{LANE}" for n in range(2)], STRAIGHT)
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": 2}, receiver)
        assert {reason for _, reason in timed.outcomes(campaign).values()} == {"dns_temporary"}
        names.zone = {(LANE, "MX"): ["300 MX 10 mx.example."], ("mx.example", "A"): ["300 A 127.0.0.1"]}
        await timed.engine.handle(ReloadSettings())  # the retry comes when the failure is long forgotten
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20)
        await timed.check(campaign, {"accepted": 2}, receiver)
