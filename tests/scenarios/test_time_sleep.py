"""The machine sleeps and wakes.

Whether its monotonic clock goes on in its sleep or stands still: within a second of waking the sessions of
before are given up, names are asked anew, and what has become due is looked for. The pace is that of any
other moment: nothing is saved up for the hours of sleep.

Result: everybody accepted once, over new connections, at the lane's own pace.
"""

from __future__ import annotations

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene


@pytest.mark.parametrize("counted", [True, False], ids=["clock goes on", "clock stands still"])
async def test_it_goes_on_without_a_burst_and_over_new_connections(timed: Scene, counted: bool) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        resolver = TableResolver(
            {LANE: [MxRecord(10, "mx.example")]}, {"mx.example": [Endpoint("127.0.0.1", receiver.port)]}
        )
        timed.network.resolver = resolver
        draft = timed.write([f"p{n}@{LANE}" for n in range(40)], route=STRAIGHT)
        await timed.engine.handle(SetLane(STRAIGHT.name, LANE, rate=2.0, connections=2))
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 8, 0.2)
        before = receiver.taken.total()
        opened, connections = timed.network.opened, receiver.connections

        receiver.go_deaf()  # the other side has forgotten us; nobody told this machine
        timed.clock.sleep_machine(8 * 3600, counted=counted)
        await timed.clock.awake(3)
        assert timed.network.opened == opened + 1, "names are asked anew"
        assert receiver.taken.total() - before <= 3 * 2 + 2, "nothing was saved up"
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.5)
        assert receiver.connections > connections
        states = timed.states(campaign)
        assert states["unknown"] <= 2, "at most what was on the wire"
        assert states["accepted"] >= 38
        await timed.check(campaign, states, receiver)
