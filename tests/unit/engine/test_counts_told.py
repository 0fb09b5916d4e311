"""The counts that are told end up as those on the disk, however often somebody asked meanwhile."""

from __future__ import annotations

import asyncio

from desktop_relay.domain.command import Pause
from tests.unit.engine.desk import Desk

LANES = tuple(f"lane{n}.example" for n in range(3))


async def test_asking_while_settlements_are_written(desk: Desk) -> None:
    draft = desk.write([f"p{n}@{LANES[n % len(LANES)]}" for n in range(400)])
    await desk.open_lanes(*LANES)
    desk.way.seconds = 0.001
    campaign = await desk.send(draft)
    for _ in range(20):
        await desk.progress(campaign)
        await asyncio.sleep(0.003)
    pausing = asyncio.create_task(desk.engine.handle(Pause(campaign)))
    while not pausing.done() or desk.states(campaign)["in_flight"]:
        await desk.progress(campaign)
        await asyncio.sleep(0)
    told = (await desk.progress(campaign)).counts
    assert (told.in_flight, told.accepted) == (0, desk.states(campaign)["accepted"])
