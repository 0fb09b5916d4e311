"""Somebody unsubscribes while their mail is ready to go.

The list above all lists is asked once more right before a message is begun: who is on it by then gets
nothing, even if the message is built and its turn has come.

Result: suppressed; nothing received by that address; the others accepted.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane, Suppress
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_the_last_look_counts(timed: Scene) -> None:
    assert isinstance(timed.clock, JumpingClock)
    async with Receiver() as receiver:
        people = [f"p{n}@{LANE}" for n in range(8)]
        draft = timed.write(people, route=account(receiver.port))
        await timed.engine.handle(SetLane("account", LANE, rate=1.0))
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: timed.states(campaign)["ready"] > 0, 0.1)
        ready = [row.address for row in timed.ledger(campaign) if row.state == "ready"]
        await timed.engine.handle(Suppress((ready[-1],)))
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 0.2)
        await timed.check(campaign, {"accepted": 7, "suppressed": 1}, receiver)
        assert not any(ready[-1] in line for line in receiver.heard)
