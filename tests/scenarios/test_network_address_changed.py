"""The machine's address changes.

Every connection is reset at one moment, some in the middle of a message. Idle ones are replaced without a
trace; messages that were not whole wait for a retry; only what was at its final dot is in doubt.

Result: accepted once, or in doubt and never sent again; no more in doubt than there were connections.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account

CONNECTIONS = 4


async def test_only_what_was_on_the_wire_notices(timed: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.002
        route = account(receiver.port, connections=CONNECTIONS)
        draft = timed.write([f"p{n}@{LANE}" for n in range(120)], route=route)
        await timed.open_lanes(LANE)
        campaign = await timed.send(draft)
        for number in (20, 50):
            await timed.turn_until(lambda number=number: receiver.taken.total() >= number, 0.01)
            await receiver.drop(with_reset=True)
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 20)
        states = timed.states(campaign)
        assert set(states) <= {"accepted", "unknown"}
        assert states["unknown"] <= 2 * CONNECTIONS
        await timed.check(campaign, states, receiver)
        assert set(receiver.seen.values()) == {1}
