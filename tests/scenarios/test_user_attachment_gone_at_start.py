"""An attachment is gone when a campaign starts.

A mail without the file it speaks of is worse than a late one: the campaign pauses with that reason and sends
nothing. With the file back in its place it goes on.

Result: paused (attachment_gone), nothing received; then everybody accepted once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import Resume, Submit
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account
from tests.unit.engine.desk import LETTER


async def test_it_waits_for_the_file(timed: Scene, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.pdf"
    file.write_bytes(b"%PDF-1.4")
    template = replace(LETTER, attachments=(str(file),))
    async with Receiver() as receiver:
        draft = timed.write(
            [f"p{n}@{LANE}" for n in range(3)], template=template, route=account(receiver.port)
        )
        await timed.open_lanes(LANE)
        at = timed.clock.now() + timedelta(minutes=5)
        campaign = (await timed.engine.handle(Submit(draft, at)))["campaign"]
        file.unlink()
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.PAUSED, 20)
        assert timed.pause_reason(campaign) is PauseReason.ATTACHMENT_GONE
        await timed.check(campaign, {"pending": 3}, receiver)
        file.write_bytes(b"%PDF-1.4")
        await timed.engine.handle(Resume(campaign))
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 1)
        await timed.check(campaign, {"accepted": 3}, receiver)
