"""The counts that are told end up as those on the disk, however often somebody asked meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Cancel, Pause, Submit
from desktop_relay.domain.counts import Counts
from desktop_relay.domain.progress import CampaignProgress, Changed, Progress
from desktop_relay.store.database import Database
from desktop_relay.store.slicing import Slices
from desktop_relay.store.spool import Spool
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


class Listener:
    """Somebody who watches, and remembers what was told last."""

    watched = True

    def __init__(self) -> None:
        self.last: CampaignProgress | None = None

    def push(self, news: Progress | Changed) -> None:
        if isinstance(news, Progress):
            self.last = next(iter(news.campaigns), None)

    @property
    def is_over(self) -> bool:
        return self.last is not None and self.last.state is CampaignState.CANCELLED


class LateToCancel(Spool):
    """Cancels nobody before ``until`` holds, as with very many people."""

    def __init__(self, db: Database, until: Callable[[], bool]) -> None:
        super().__init__(db)
        self._until = until

    def cancel(self, campaign: int, at: datetime) -> Slices[int]:
        while not self._until():
            yield
        return (yield from super().cancel(campaign, at))


async def test_who_is_cancelled_after_the_campaign_was_told_to_be_over_is_told_too(tmp_path: Path) -> None:
    listener = Listener()
    desk = Desk(tmp_path / "data", make_spool=partial(LateToCancel, until=lambda: listener.is_over))
    await desk.start()
    desk.engine.reporter.audience = listener
    draft = desk.write(["p@lane.example", "q@lane.example"])
    later = desk.clock.now() + timedelta(hours=1)  # so that nobody can be on the wire yet
    campaign = (await desk.engine.handle(Submit(draft, later)))["campaign"]
    await desk.engine.handle(Cancel(campaign))
    assert listener.last is not None
    assert listener.last.counts.open == 2
    await desk.until(lambda: listener.last is not None and listener.last.counts == Counts(cancelled=2))
    await desk.engine.stop(drain=False)
