"""Another program holds the spool.

A backup or a virus scanner may lock the file for a while. Nothing is begun that is not on the disk; what
became of messages is kept and written as soon as that is possible. No campaign stops for it.

Result: a pause of the lock's length, then everybody accepted once.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.engine import committer
from desktop_relay.store.database import SPOOL_FILE
from tests.fakes.busy_file import busy
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account, waited

pytestmark = pytest.mark.expect_warnings


@pytest.mark.parametrize("patience_ms", [5000, 50], ids=["short", "long"])
async def test_it_waits_and_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch, patience_ms: int) -> None:
    monkeypatch.setattr(committer, "RETRY_SECONDS", 0.1)
    scene.engine._database.execute(f"PRAGMA busy_timeout={patience_ms}")
    async with Receiver() as receiver:
        receiver.seconds = 0.005
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(60)], account(receiver.port))
        await scene.until(lambda: receiver.taken.total() >= 5)
        with busy(scene.directory / SPOOL_FILE):
            await waited(0.2)
            began = receiver.seen.total()
            await waited(0.3)
            assert receiver.seen.total() == began, "nothing is sent that is not on the disk"
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 60}, receiver)
