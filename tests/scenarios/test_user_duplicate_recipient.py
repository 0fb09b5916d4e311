"""One address on two lists, written in two ways.

A campaign has each address once, whatever the case it is written in and however many of its lists it is on.

Result: one row, one mail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.store.contacts import find_contact
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import insert_draft, load_draft
from desktop_relay.store.lists import add_members, create_list
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_it_gets_one_mail(scene: Scene) -> None:
    async with Receiver() as receiver:
        draft = scene.write([f"Anna@{LANE}", f"berta@{LANE}"], route=account(receiver.port))
        with open_library(scene.directory) as library:
            anna = find_contact(library, f"anna@{LANE}")
            first = load_draft(library, draft)
            assert anna is not None
            assert first is not None
            add_members(library, create_list(library, "second"), [anna.id])
            both = replace(first, lists=(*first.lists, "second", first.lists[0]))
            draft = insert_draft(library, both, datetime(2026, 1, 1, tzinfo=UTC))
        await scene.open_lanes(LANE)
        campaign = await scene.send(draft)
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 2}, receiver)
        assert receiver.taken.total() == 2
