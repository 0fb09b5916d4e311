"""The disk is full in mid-campaign.

Nothing goes out that could not be remembered: begins are refused, settlements kept and tried again, and the
campaign pauses. Once there is room and a person resumes, it goes on where it was.

Result: paused (disk_full), then everybody accepted once. tests/e2e/test_disk_full.py does it on a real disk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import Resume
from desktop_relay.engine import committer
from desktop_relay.store.connection import Database
from tests.fakes.full_disk import Disk, SpoolOnDisk
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

pytestmark = pytest.mark.expect_warnings


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "RETRY_SECONDS", 0.2)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
async def scene(tmp_path: Path, disk: Disk) -> AsyncIterator[Scene]:
    def make(database: Database) -> SpoolOnDisk:
        spool = SpoolOnDisk(database)
        spool.disk = disk
        return spool

    found = Scene(tmp_path / "data", make_spool=make)
    await found.start()
    yield found
    await found.end()


async def test_it_pauses_remembers_and_goes_on(scene: Scene, disk: Disk) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.02
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(40)], account(receiver.port))
        await scene.until(lambda: receiver.taken.total() >= 5)
        disk.full = True
        assert await scene.until_paused(campaign) is PauseReason.DISK_FULL
        await scene.until(
            lambda: receiver.open_connections == 0 or not scene.engine.moves.runs[campaign].in_flight
        )
        taken = receiver.taken.total()
        await scene.until(lambda: disk.refused >= 2)
        assert receiver.taken.total() == taken, "nothing goes out that cannot be remembered"
        disk.full = False
        await scene.until(lambda: scene.engine.moves.runs[campaign].halted is PauseReason.NONE)
        await scene.engine.handle(Resume(campaign))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 40}, receiver)
