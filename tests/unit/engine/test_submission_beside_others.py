"""While a great many people are submitted, other campaigns go on and are steered as ever."""

from __future__ import annotations

import asyncio
import time

from desktop_relay.domain.campaign import CampaignState, Draft, PauseReason
from desktop_relay.domain.command import Cancel, Pause, Resume, Status, Submit
from desktop_relay.store.database import open_library
from desktop_relay.store.drafts import insert_draft
from tests.unit.engine.desk import LETTER, ROUTE, SENDER, Desk
from tests.unit.store.crowd import add_crowd

PEOPLE = 100_000
SHARE = 0.2
"""Of the time of a submission, the most that anything else waits: a slice is a fiftieth of it, and a busy
machine may hold up one of them."""


def draft_to_a_crowd(desk: Desk, number: int) -> int:
    with open_library(desk.directory) as library:
        first = library.number("SELECT max(id) FROM contacts") + 1
        add_crowd(library, "crowd", range(first, first + number))
        draft = Draft(0, "冬", LETTER.name, SENDER.address, ROUTE.name, ("crowd",))
        return insert_draft(library, draft, desk.clock.now())


async def test_nothing_waits_for_long(desk: Desk) -> None:
    small = desk.write(["a@lane0.example"])
    large = draft_to_a_crowd(desk, PEOPLE)
    await desk.send(small)
    spool, writer = desk.engine.shop.spool, desk.engine.shop.writer
    waits: list[float] = []
    began = time.monotonic()
    submitting = asyncio.create_task(desk.engine.handle(Submit(large)))
    while not submitting.done():
        asked = time.monotonic()
        await writer.call(spool.counts, small)
        waits.append(time.monotonic() - asked)
        await asyncio.sleep(0.001)
    whole = time.monotonic() - began
    await submitting
    await desk.engine.handle(Pause(large))
    assert len(waits) > 20
    assert max(waits) < SHARE * whole
    counts = (await desk.progress(large)).counts
    assert counts.total == PEOPLE


async def test_others_are_steered_and_sent_meanwhile(desk: Desk) -> None:
    small = desk.write([f"p{n}@lane0.example" for n in range(20)])
    large = draft_to_a_crowd(desk, PEOPLE)
    await desk.open_lanes("lane0.example")
    desk.way.gate.clear()
    await desk.send(small)
    await desk.until(lambda: desk.way.at_once > 0)
    submitting = asyncio.create_task(desk.engine.handle(Submit(large)))
    await desk.engine.handle(Pause(small))
    assert desk.pause_reason(small) is PauseReason.USER
    assert (await desk.engine.handle(Status()))["progress"] is not None
    desk.way.gate.set()
    await desk.engine.handle(Resume(small))
    await desk.until_state(small, CampaignState.FINISHED)
    assert not submitting.done(), "twenty were sent before the hundred thousand were written"
    await submitting
    await desk.engine.handle(Cancel(large))
    assert desk.states(small) == {"accepted": 20}
