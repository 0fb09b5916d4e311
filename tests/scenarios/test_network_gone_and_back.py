"""The network goes away and comes back.

While nothing can be reached nobody is lost and nobody is blamed: recipients are put off, the account pauses
for minutes, not for ever. When the network is back the campaign goes on by itself.

Result: deferred, then everybody accepted once, without a person's doing.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_it_goes_on_by_itself(timed: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.002
        draft = timed.write([f"p{n}@{LANE}" for n in range(60)], route=account(receiver.port))
        await timed.open_lanes(LANE)
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: receiver.taken.total() >= 10, 0.01)
        await receiver.stop()
        await timed.turn_until(lambda: timed.states(campaign)["deferred"] > 0, 0.05)
        await timed.turn_until(lambda: not timed.engine.moves.runs[campaign].in_flight, 0.5)
        assert timed.engine.moves.runs[campaign].state is CampaignState.SENDING
        await receiver.start()
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 30)
        states = timed.states(campaign)
        assert set(states) <= {"accepted", "unknown"}, "what was at its final dot stays in doubt"
        await timed.check(campaign, states, receiver)
