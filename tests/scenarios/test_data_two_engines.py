"""Two engines on one directory.

The second is told that the first has the data, with its process number, and touches nothing. The first goes
on sending as if nothing had happened.

Result: data_locked for the second; everybody accepted once by the first.
"""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.engine.process import run_engine
from desktop_relay.store.lock import EngineLock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_the_second_is_refused_and_the_first_goes_on(scene: Scene) -> None:
    lock = EngineLock(scene.directory)
    lock.acquire()
    try:
        async with Receiver() as receiver:
            receiver.seconds = 0.01
            campaign = await scene.submit([f"p{n}@{LANE}" for n in range(30)], account(receiver.port))
            await scene.until(lambda: bool(receiver.taken))
            with pytest.raises(StoreUnusable) as refused:
                await asyncio.to_thread(run_engine, scene.directory, foreground=False)
            assert refused.value.code is ErrorCode.DATA_LOCKED
            assert refused.value.params["pid"]
            await scene.until_state(campaign, CampaignState.FINISHED)
            await scene.check(campaign, {"accepted": 30}, receiver)
    finally:
        lock.release()
