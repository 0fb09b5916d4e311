"""A spool that is damaged.

At the start the engine says so and leaves the file as it is, for a person or a backup to mend. Damage that
shows in mid-campaign pauses it: nothing more goes out, and what became of messages is kept in memory.

Result: data_corrupt at the start; paused (data_unusable) in mid-campaign.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.errors import ErrorCode, StoreUnusable
from desktop_relay.engine import committer
from desktop_relay.store.database import SPOOL_FILE
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_at_the_start_it_is_left_alone(scene: Scene) -> None:
    async with Receiver() as receiver:
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(3)], account(receiver.port))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.stop(drain=True)
        path = scene.directory / SPOOL_FILE
        whole = path.read_bytes()
        broken = bytes(4096) + whole[4096:]
        path.write_bytes(broken)
        with pytest.raises(StoreUnusable) as refused:
            await scene.start()
        scene.over = True
        assert refused.value.code is ErrorCode.DATA_CORRUPT
        assert path.read_bytes() == broken
        path.write_bytes(whole)
        await scene.start()
        assert scene.states(campaign) == {"accepted": 3}
        assert receiver.taken.total() == 3


@pytest.mark.expect_warnings
async def test_in_mid_campaign_nothing_more_goes_out(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "RETRY_SECONDS", 0.2)
    async with Receiver() as receiver:
        receiver.seconds = 0.01
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(40)], account(receiver.port))
        await scene.until(lambda: receiver.taken.total() >= 5)
        # a table that went missing is what a damaged page looks like from above
        await scene.engine.shop.writer.call(
            scene.engine._database.execute, "ALTER TABLE attempts RENAME TO lost_attempts"
        )
        assert await scene.until_paused(campaign) is PauseReason.DATA_UNUSABLE
        await scene.until(lambda: not scene.engine.moves.runs[campaign].in_flight)
        taken = receiver.taken.total()
        await scene.engine.shop.writer.call(
            scene.engine._database.execute, "ALTER TABLE lost_attempts RENAME TO attempts"
        )
        await scene.until(lambda: scene.engine.moves.runs[campaign].halted is PauseReason.NONE)
        await scene.until(lambda: set(scene.states(campaign)) == {"accepted", "pending"})
        assert receiver.taken.total() == taken
        await scene.check(campaign, {"accepted": taken, "pending": 40 - taken}, receiver)
