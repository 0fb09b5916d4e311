"""A VPN comes up: the old connections are dead, and nobody says so.

No reset and no end arrives, only silence. A transaction is given up when its time is over; the session goes
with it, idle sessions that turn out dead are replaced, and new connections take the new way.

Result: accepted once, or in doubt where the final dot was out; nobody is sent to twice.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_silence_is_given_up_and_new_connections_are_made(timed: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.002
        draft = timed.write([f"p{n}@{LANE}" for n in range(60)], route=account(receiver.port, connections=3))
        await timed.open_lanes(LANE)
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 15, 0.01)
        connections = receiver.connections
        receiver.go_deaf()
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 5)
        assert receiver.connections > connections
        states = timed.states(campaign)
        assert set(states) <= {"accepted", "unknown"}
        assert states["unknown"] <= 3
        await timed.check(campaign, states, receiver)
