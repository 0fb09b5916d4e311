"""A backup is made while mail is sent, and restored on another computer.

The sending does not stop for it. What was accepted before the backup is accepted there, too. There, nothing
is sent by itself: the campaign waits for a person, since the first computer went on meanwhile. Who resumes
all the same sends to those once more whom the backup does not know to have it, and to nobody else.

Result: everybody accepted once by the first; paused (restored) on the second until it is resumed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import Resume
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account, waited
from tests.unit.store.shops import back_up, restore

PEOPLE = 120


async def test_the_first_goes_on_and_the_second_waits(scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "meanwhile.drbackup"
    async with Receiver() as receiver:
        receiver.seconds = 0.02
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(PEOPLE)], account(receiver.port))
        await scene.until(lambda: receiver.taken.total() >= 10)
        before = set(receiver.taken)
        await asyncio.to_thread(back_up, scene.directory, target)
        assert receiver.taken.total() < PEOPLE, "it is still being sent"
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": PEOPLE}, receiver)
        await scene.stop(drain=True)

        restored = await asyncio.to_thread(restore, tmp_path / "other", target)
        other = Scene(tmp_path / "other")
        await other.start()
        try:
            await waited(0.5)
            assert receiver.seen.total() == PEOPLE, "nothing is sent by itself"
            states = other.states(campaign)
            assert states["unknown"] == restored.unknown
            assert states["accepted"] + states["unknown"] + states["pending"] == PEOPLE
            known = {row.message_id for row in other.ledger(campaign) if row.state == "accepted"}
            doubtful = {row.message_id for row in other.ledger(campaign) if row.state == "unknown"}
            assert before <= known | doubtful
            run = await other.engine.steering.find(campaign)
            assert (run.state, run.pause_reason) == (CampaignState.PAUSED, PauseReason.RESTORED)

            await other.engine.handle(Resume(campaign))
            await other.until_state(campaign, CampaignState.FINISHED)
            twice = {number for number, seen in receiver.seen.items() if seen == 2}
            assert len(twice) == states["pending"] > 0
            assert not twice & (known | doubtful)
        finally:
            await other.end()
