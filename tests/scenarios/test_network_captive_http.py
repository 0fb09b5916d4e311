"""A captive portal answers on the mail port with a web page.

What is no SMTP greeting is no mail server. Nothing is said to it, no password and no mail; recipients wait
for a retry.

Result: deferred (protocol); then, behind the portal, accepted.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

PAGE = "HTTP/1.1 302 Found\r\nLocation: http://portal.example/login\r\nContent-Length: 0\r\n"


async def test_a_web_page_is_told_nothing(timed: Scene) -> None:
    timed.network.password = "secret"
    caught = True
    async with Receiver(lambda said: PAGE if caught and said.verb == "CONNECT" else None) as receiver:
        campaign = await timed.submit([f"p{n}@{LANE}" for n in range(2)], account(receiver.port))
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": 2}, receiver)
        assert {reason for _, reason in timed.outcomes(campaign).values()} == {"protocol"}
        assert receiver.heard == []
        caught = False
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20)
        await timed.check(campaign, {"accepted": 2}, receiver)
