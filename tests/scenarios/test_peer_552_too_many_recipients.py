"""552 for "too many recipients".

An old code for a passing state: it is taken for 452 (RFC 5321 4.5.3.1.10), so nobody bounces and nobody is
put on the list above all lists.

Result: deferred (too_many_recipients), then accepted.
"""

from __future__ import annotations

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_it_is_temporary(timed: Scene) -> None:
    def answer(said: Said) -> str | None:
        return "552 Too many recipients" if said.verb == "RCPT" else None

    async with Receiver(answer) as receiver:
        campaign = await timed.submit([f"p@{LANE}"], account(receiver.port))
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": 1}, receiver)
        assert timed.outcomes(campaign)["p"] == ("deferred", "too_many_recipients")
        assert timed.engine.shop.suppressions.reason_for(f"p@{LANE}") is None
        receiver.answer = lambda said: None
        await timed.turn_until(lambda: timed.states(campaign)["accepted"] == 1, 20)
        await timed.check(campaign, {"accepted": 1}, receiver)
