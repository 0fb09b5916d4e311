"""The clock is set back.

Whoever waits for a moment, waits as long as before: the moment is moved with the clock, in the spool and in
the lanes' memory, while the engine runs and at its next start. A planned start is a wish of a person and
stays at its time of day.

Result: nothing stands still; everybody accepted once.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane
from tests.scenarios.clock import JumpingClock
from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.parametrize("when", ["while it runs", "while it is off", "after it was killed at once"])
async def test_retries_come_as_soon_as_before(timed: Scene, when: str) -> None:
    assert isinstance(timed.clock, JumpingClock)
    met: set[str] = set()

    def answer(said: Said) -> str | None:
        if said.verb != "RCPT" or said.recipient in met:
            return None
        met.add(said.recipient)
        return "451 4.3.0 try later"

    async with Receiver(answer) as receiver:
        draft = timed.write([f"p{n}@{LANE}" for n in range(6)], route=account(receiver.port))
        await timed.engine.handle(SetLane("account", LANE, rate=0.5))
        campaign = await timed.send(draft)
        await timed.turn_until(lambda: timed.states(campaign)["deferred"] >= 2, 0.5)
        if when == "while it runs":
            timed.clock.set(timedelta(days=-400))
            await timed.clock.awake(3)
        elif when == "while it is off":
            await timed.clock.awake(6)
            await timed.stop(drain=True)
            timed.clock.set(timedelta(days=-400))
            await timed.start()
        else:
            await timed.crash()
            timed.clock.set(timedelta(days=-400))
            await timed.start()
        began = timed.clock.monotonic()
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 5)
        assert timed.clock.monotonic() - began < 3600
        unknown = timed.states(campaign)["unknown"]
        assert unknown <= (when == "after it was killed at once"), "what was on the wire"
        await timed.check(campaign, {"accepted": 6 - unknown, "unknown": unknown}, receiver)
