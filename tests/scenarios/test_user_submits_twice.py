"""A campaign is submitted again and again.

Twice at once, once more while it is sent and once more when it is over: it is one campaign, written once.

Result: the same campaign each time; everybody accepted once.
"""

from __future__ import annotations

import asyncio

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_it_is_one_campaign(scene: Scene) -> None:
    async with Receiver() as receiver:
        draft = scene.write([f"p{n}@{LANE}" for n in range(20)], route=account(receiver.port))
        await scene.open_lanes(LANE)
        campaigns = set(await asyncio.gather(*(scene.send(draft) for _ in range(4))))
        await scene.until(lambda: receiver.taken.total() >= 3)
        campaigns.add(await scene.send(draft))
        (campaign,) = campaigns
        await scene.until_state(campaign, CampaignState.FINISHED)
        assert await scene.send(draft) == campaign
        await scene.restart()
        assert await scene.send(draft) == campaign
        await scene.engine.steering.find(campaign)
        await scene.check(campaign, {"accepted": 20}, receiver)
