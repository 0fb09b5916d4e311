"""The name server is dead when a campaign is submitted.

Lanes are found by name servers only where names do not tell, and for that there are five seconds in all: the
campaign is submitted without them, each unknown domain in a lane of its own. Mail goes when names are found.

Result: submitted in bounded time; deferred while names are not found, then accepted.
"""

from __future__ import annotations

import asyncio

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import ReloadSettings
from tests.fakes.name_server import NameServer
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import STRAIGHT, Scene

DOMAINS = [f"shop{n}.example" for n in range(120)]


async def test_submission_does_not_wait_for_it(timed: Scene) -> None:
    async with Receiver() as receiver, NameServer({}, silent=frozenset(DOMAINS)) as names:
        timed.network.nameserver, timed.network.port = names.address, receiver.port
        draft = timed.write([f"p@{domain}" for domain in DOMAINS], route=STRAIGHT)
        async with asyncio.timeout(8):
            campaign = await timed.send(draft)
        assert {row.lane for row in timed.ledger(campaign)} == set(DOMAINS)
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": len(DOMAINS)}, receiver)
        names._silent = frozenset()
        names.zone = {(domain, "A"): ["300 A 127.0.0.1"] for domain in DOMAINS}
        await timed.engine.handle(ReloadSettings())
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20)
        await timed.check(campaign, {"accepted": len(DOMAINS)}, receiver)
