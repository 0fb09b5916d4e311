"""The library is busy at the moment a campaign is submitted, or at which the engine starts.

An import of many people holds the library for as long as it takes. Whom a campaign goes to is in the spool by
then, so the mail goes out at once; the library hears as soon as it can that the draft was sent.

Result: everybody accepted once; the draft counts as sent once the library is free.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.engine import intake
from desktop_relay.store import database
from desktop_relay.store.database import LIBRARY_FILE, open_library
from desktop_relay.store.drafts import load_draft
from tests.fakes.busy_file import busy
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

pytestmark = pytest.mark.expect_warnings


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(intake, "_AGAIN_SECONDS", 0.05)


def is_told(scene: Scene, campaign: int) -> bool:
    with open_library(scene.directory, read_only=True) as library:
        draft = load_draft(library, campaign)
    return draft is not None and draft.submitted_at is not None


@pytest.mark.parametrize("again", [False, True], ids=["once", "submitted again"])
async def test_the_mail_goes_out(scene: Scene, again: bool) -> None:
    async with Receiver() as receiver:
        draft = scene.write([f"p{n}@{LANE}" for n in range(5)], route=account(receiver.port))
        await scene.open_lanes(LANE)
        with busy(scene.directory / LIBRARY_FILE):
            campaign = await scene.send(draft)
            if again:
                assert await scene.send(draft) == campaign
            await scene.until_state(campaign, CampaignState.FINISHED)
            assert not is_told(scene, campaign)
        await scene.until(lambda: is_told(scene, campaign))
        await scene.check(campaign, {"accepted": 5}, receiver)


async def test_the_next_engine_starts(scene: Scene) -> None:
    async with Receiver() as receiver:
        draft = scene.write([f"p{n}@{LANE}" for n in range(5)], route=account(receiver.port))
        await scene.open_lanes(LANE)
        with busy(scene.directory / LIBRARY_FILE):
            campaign = await scene.send(draft)
            await scene.until_state(campaign, CampaignState.FINISHED)
            await scene.crash()
            await scene.start()
            assert not is_told(scene, campaign)
        await scene.until(lambda: is_told(scene, campaign))
        await scene.engine.steering.find(campaign)
        await scene.check(campaign, {"accepted": 5}, receiver)
