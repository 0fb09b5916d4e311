"""Commands, crashes and restarts in any order: nobody is lost, counted twice or sent to twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from desktop_relay.domain.campaign import OVER, CampaignState
from desktop_relay.domain.command import Cancel, Command, Pause, Resend, Resume, RetryNow
from desktop_relay.domain.errors import Refused
from desktop_relay.domain.exchange import Exchange
from desktop_relay.domain.outgoing import Outgoing
from desktop_relay.store.database import open_library, open_spool
from tests.fakes.transport import ACCEPTED, refused
from tests.unit.engine.desk import Desk

PEOPLE = 40
ANSWERS = (refused(451, "later"), refused(550, "nobody"))


def commands(campaign: int) -> list[Command]:
    """None of them sends to whom the mail may have reached."""
    again = [Resend(campaign, outcome) for outcome in ("held", "cancelled", "expired")]
    return [Pause(campaign), Resume(campaign), Cancel(campaign), RetryNow(campaign), *again]


async def do(desk: Desk, *orders: Command) -> None:
    for done in await asyncio.gather(*map(desk.engine.handle, orders), return_exceptions=True):
        if isinstance(done, BaseException) and not isinstance(done, Refused):
            raise done


async def one_step(desk: Desk, campaign: int, chance: Random) -> None:
    match chance.randrange(5):
        case 0:
            await desk.restart()
        case 1:
            await desk.engine.stop(drain=chance.random() < 0.5)
            await desk.start()
        case 2:
            await do(desk, *chance.sample(commands(campaign), 3))
        case _:
            await do(desk, chance.choice(commands(campaign)))
    await asyncio.sleep(chance.random() * 0.03)


async def come_to_rest(desk: Desk, campaign: int) -> None:
    """Go on to the end, unless it was cancelled."""
    with suppress(Refused):
        await desk.engine.handle(Resume(campaign))
    run = desk.engine.moves.runs[campaign]
    async with asyncio.timeout(60):
        while run.state not in OVER or desk.states(campaign)["in_flight"]:
            assert run.state is not CampaignState.PAUSED
            if desk.states(campaign)["deferred"]:
                await desk.engine.handle(RetryNow(campaign))
            await asyncio.sleep(0.02)
    await desk.engine.shop.committer.flush()


@pytest.mark.parametrize("seed", range(5))
async def test_any_order(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    desk = Desk(tmp_path / "data")

    def answer(message: Outgoing) -> Exchange:
        return chance.choice(ANSWERS) if chance.random() < 0.2 else ACCEPTED

    desk.way.answer, desk.way.seconds = answer, 0.002
    await desk.start()
    draft = desk.write([f"p{number}@lane{number % 2}.example" for number in range(PEOPLE)])
    with open_library(desk.directory) as library:
        library.execute("UPDATE contacts SET consent_at = '' WHERE id % 9 = 0")
    await desk.open_lanes("lane0.example", "lane1.example")
    campaign = await desk.send(draft)
    for _ in range(chance.randint(4, 12)):
        await one_step(desk, campaign, chance)
    await come_to_rest(desk, campaign)

    states = desk.states(campaign)
    assert states.total() == PEOPLE
    assert not states.keys() & {"pending", "ready", "in_flight", "deferred"}
    with open_spool(desk.directory) as spool:
        counted = spool.rows(
            "SELECT state, sum(n) FROM counters WHERE campaign = ? GROUP BY state", [campaign]
        )
    assert +Counter(dict(counted)) == states
    for row in desk.ledger(campaign):
        taken = desk.way.taken[row.message_id]
        assert taken == (row.state == "accepted") or (row.state == "unknown" and taken == 1)
    await desk.engine.stop(drain=False)
