"""Killed (-9) while settlements go to the disk.

Either a group of settlements is on the disk, or none of it. What was accepted and not written is in doubt,
not lost: counters and rows are of one transaction and agree whatever the moment.

Result: accepted or unknown, counters and rows agree, nobody is sent to twice.
"""

from __future__ import annotations

import asyncio
import random

from desktop_relay.store.database import open_spool
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import Scene

PEOPLE = 80
CONNECTIONS = 4


async def test_counters_and_rows_agree(still: Scene, process: EngineProcess) -> None:
    alive = True

    def answer(said: Said) -> None:
        nonlocal alive
        if said.verb == "DOT" and said.seen >= 30 and alive:
            alive = False
            # the answer is on its way, and somewhere in these milliseconds it is written down
            asyncio.get_running_loop().call_later(random.uniform(0.0, 0.008), process.kill)

    async with Receiver(answer) as receiver:
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=CONNECTIONS)
        await process.gone()
        still.check_received(campaign, receiver)
        await process.start()
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        states = still.states(campaign)
        assert states.total() == PEOPLE
        still.check_received(campaign, receiver)
        assert set(receiver.seen.values()) == {1}
        with open_spool(still.directory) as spool:
            counted = dict(spool.rows("SELECT state, sum(n) FROM counters WHERE n > 0 GROUP BY state"))
        assert counted == states
