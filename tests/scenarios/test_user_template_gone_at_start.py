"""The template is deleted before a planned start.

What a campaign is made of was written down when it was submitted. Deleting or changing the template
afterwards changes nothing about it.

Result: everybody accepted with the text as it was submitted.
"""

from __future__ import annotations

from datetime import timedelta

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Submit
from desktop_relay.store.database import open_library
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_the_submitted_text_goes_out(timed: Scene) -> None:
    async with Receiver() as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(3)], route=account(receiver.port))
        await timed.open_lanes(LANE)
        at = timed.clock.now() + timedelta(minutes=5)
        campaign = (await timed.engine.handle(Submit(draft, at)))["campaign"]
        with open_library(timed.directory) as library:
            library.execute("DELETE FROM templates")
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20)
        await timed.check(campaign, {"accepted": 3}, receiver)
