"""A pause in the middle of a transaction.

It takes effect at once: nothing more is begun, whatever long transaction is on the wire. That one ends by
itself and is written down.

Result: answered in a fraction of the transaction's time; accepted for what was on the wire, the rest pending.
"""

from __future__ import annotations

import time

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Pause, Resume, SetLane
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

CONNECTIONS = 2


async def test_it_does_not_wait_for_the_wire(scene: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.5
        route = account(receiver.port, connections=CONNECTIONS)
        draft = scene.write([f"p{n}@{LANE}" for n in range(20)], route=route)
        await scene.engine.handle(SetLane("account", LANE, rate=40.0, connections=CONNECTIONS))
        campaign = await scene.send(draft)
        await scene.until(lambda: receiver.seen.total() == CONNECTIONS)
        began = time.perf_counter()
        await scene.engine.handle(Pause(campaign))
        took = time.perf_counter() - began
        assert took < receiver.seconds / 2, "the pause does not wait for the transaction"
        await scene.until(lambda: not scene.engine.moves.runs[campaign].in_flight)
        await scene.check(campaign, {"accepted": CONNECTIONS, "pending": 20 - CONNECTIONS}, receiver)
        receiver.seconds = 0.0
        await scene.engine.handle(Resume(campaign))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 20}, receiver)
