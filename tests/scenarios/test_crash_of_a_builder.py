"""A helper process that builds messages is killed.

Building changes nothing, so nothing is lost with it: the messages are built again in the engine's own
process, and the campaign does not stop.

Result: everybody accepted once.
"""

from __future__ import annotations

import os
import signal

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.engine import departure
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

PEOPLE = 600


async def test_the_campaign_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departure, "LARGE", 100)
    preparer = scene.engine.shop.preparer
    async with Receiver() as receiver:
        receiver.seconds = 0.02
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(PEOPLE)], account(receiver.port))
        await scene.until(lambda: any(helper.is_here for helper in preparer._helpers))
        for helper in await preparer.helped():
            assert helper.pid is not None
            os.kill(helper.pid, signal.SIGKILL)
        receiver.seconds = 0.0
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": PEOPLE}, receiver)
