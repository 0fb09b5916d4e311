"""Killed (-9) while very many people are being written.

A submission is cut into slices, so that others need not wait; until the last one nobody sees the campaign.
The next engine starts as fast as ever, finds what was left of it and takes it away while it already works.

Result: no campaign, no row left; the draft is still a draft, and submitted again it is whole.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.command import Submit
from desktop_relay.domain.errors import RelayError
from desktop_relay.store.database import open_library, open_spool
from desktop_relay.store.drafts import insert_draft, load_draft
from desktop_relay.store.ledger import load_campaign_row, load_counts
from tests.scenarios.process import EngineProcess
from tests.scenarios.scene import Scene
from tests.unit.engine.desk import LETTER, ROUTE, SENDER
from tests.unit.store.crowd import LANES, add_crowd

PEOPLE = 60_000
TABLES = ("recipients", "merge_fields", "recipient_keys", "submissions")


def written(scene: Scene) -> dict[str, int]:
    with open_spool(scene.directory) as spool:
        return {table: spool.number(f"SELECT count(*) FROM {table}") for table in TABLES}


def draft_to_a_crowd(scene: Scene) -> int:
    scene.write(["a@lane0.example"])
    with open_library(scene.directory) as library:
        add_crowd(library, "crowd", range(2, PEOPLE + 2))
        draft = Draft(0, "冬", LETTER.name, SENDER.address, ROUTE.name, ("crowd",))
        return insert_draft(library, draft, datetime.now(UTC))


@pytest.mark.parametrize("table", ["recipients", "recipient_keys"])
async def test_it_never_was(table: str, still: Scene, process: EngineProcess) -> None:
    draft = draft_to_a_crowd(still)
    command = Submit(draft, datetime.now(UTC) + timedelta(days=1))
    submitting = asyncio.create_task(process.call(command))
    await still.until(lambda: written(still)[table] > PEOPLE / 8)
    process.kill()
    with pytest.raises(RelayError):
        await submitting
    left = written(still)
    assert left["submissions"] == 1
    assert 0 < left[table] < PEOPLE

    await process.start()
    with open_spool(still.directory) as spool:
        assert load_campaign_row(spool, draft) is None
    await still.until(lambda: not any(written(still).values()))
    with open_library(still.directory, read_only=True) as library:
        found = load_draft(library, draft)
        assert found is not None
        assert found.submitted_at is None

    assert (await process.call(command))["campaign"] == draft
    assert (await process.call(command))["campaign"] == draft
    with open_spool(still.directory) as spool:
        counts = load_counts(spool, draft)
        assert spool.row("PRAGMA integrity_check") == ("ok",)
    assert [lane.pending for lane in counts.values()] == [PEOPLE // LANES] * LANES
    assert written(still) == {**dict.fromkeys(TABLES, PEOPLE), "submissions": 0}
