"""One of the two databases is lost, or an older copy of it put back: nothing is left unsent in silence."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.operations import campaigns
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import LIBRARY_FILE, SPOOL_FILE, open_library
from desktop_relay.store.drafts import load_draft
from tests.fakes.engine_link import FakeEngineLink
from tests.unit.engine.desk import ROUTE, SENDER, Desk


def lose(directory: Path, name: str) -> None:
    for path in directory.glob(f"{name}*"):
        path.unlink()


async def test_a_draft_in_a_new_library_is_sent_under_a_number_of_its_own(desk: Desk) -> None:
    first = await desk.send(desk.write(["a@lane0.example"]))
    await desk.until_state(first, CampaignState.FINISHED)
    await desk.crash()
    lose(desk.directory, LIBRARY_FILE)
    desk.write(["b@lane0.example"])
    with open_library(desk.directory) as library:
        library.execute("DELETE FROM drafts")
        library.execute("DELETE FROM sqlite_sequence WHERE name = 'drafts'")
    await desk.start()
    with closing(Workspace(desk.directory, FakeEngineLink(desk.directory))) as ws:
        draft, _ = campaigns.create(
            ws,
            "春",
            template="letter",
            sender=SENDER.address,
            route=ROUTE.name,
            lists=("people 1 b@lane0.example",),
        )
    assert draft.id > first
    second = await desk.send(draft.id)
    await desk.until_state(second, CampaignState.FINISHED)
    assert set(desk.way.begun) == {"a@lane0.example", "b@lane0.example"}


async def test_a_draft_under_the_number_of_another_campaign_is_refused(desk: Desk) -> None:
    first = await desk.send(desk.write(["a@lane0.example"]))
    await desk.until_state(first, CampaignState.FINISHED)
    await desk.crash()
    lose(desk.directory, LIBRARY_FILE)
    number = desk.write(["b@lane0.example"])
    assert number == first
    with open_library(desk.directory) as library:
        later = desk.clock.now() + timedelta(minutes=1)
        library.execute("UPDATE drafts SET created_at = ?", [int(later.timestamp() * 1000)])
    await desk.start()
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            await desk.send(number)
        assert caught.value.code is ErrorCode.CAMPAIGN_IS_ANOTHER
        with open_library(desk.directory) as library:
            draft = load_draft(library, number)
        assert draft is not None
        assert draft.submitted_at is None, "nobody is told that it was sent"
    assert desk.way.begun == ["a@lane0.example"]


async def test_a_draft_in_an_older_copy_of_the_library_is_known_to_be_sent(desk: Desk) -> None:
    number = desk.write(["a@lane0.example"])
    with open_library(desk.directory) as library:
        library.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(desk.directory / LIBRARY_FILE, desk.directory / "copy")
    await desk.until_state(await desk.send(number), CampaignState.FINISHED)
    await desk.crash()
    lose(desk.directory, LIBRARY_FILE)
    (desk.directory / "copy").rename(desk.directory / LIBRARY_FILE)
    await desk.start()
    with open_library(desk.directory) as library:
        draft = load_draft(library, number)
    assert draft is not None
    assert draft.submitted_at is not None
    assert await desk.send(number) == number
    assert desk.way.begun == ["a@lane0.example"]


async def test_what_was_sent_by_a_spool_that_is_lost_is_not_sent_again(desk: Desk) -> None:
    number = await desk.send(desk.write(["a@lane0.example"]))
    await desk.until_state(number, CampaignState.FINISHED)
    await desk.crash()
    lose(desk.directory, SPOOL_FILE)
    await desk.start()
    with pytest.raises(Refused) as caught:
        await desk.send(number)
    assert caught.value.code is ErrorCode.CAMPAIGN_ALREADY_SENT
    assert desk.way.begun == ["a@lane0.example"]
    with closing(Workspace(desk.directory, FakeEngineLink(desk.directory))) as ws:
        (row,) = campaigns.overview(ws)
        assert (row.state, row.counts) == (CampaignState.UNRECORDED, None)
        assert row.submitted_at is not None
        assert campaigns.status(ws, number).state is CampaignState.UNRECORDED


async def test_what_is_sent_is_listed_without_its_library(desk: Desk) -> None:
    number = await desk.send(desk.write(["a@lane0.example"]))
    await desk.until_state(number, CampaignState.FINISHED)
    await desk.crash()
    lose(desk.directory, LIBRARY_FILE)
    await desk.start()
    with closing(Workspace(desk.directory, FakeEngineLink(desk.directory))) as ws:
        (row,) = campaigns.overview(ws)
        assert (row.id, row.state, row.route) == (number, CampaignState.FINISHED, ROUTE.name)
        assert row.counts is not None
        assert row.counts.accepted == 1
        assert row.lists == ()
