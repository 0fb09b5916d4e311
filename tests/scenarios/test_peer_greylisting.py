"""Greylisting.

A server turns strangers away and lets in who comes back after some minutes. The first retry comes six to
fifteen minutes later, the lane keeps its pace, and the message is the same.

Result: deferred (greylisted), then accepted at the second try.
"""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_it_comes_back_in_time(timed: Scene) -> None:
    met: dict[str, float] = {}

    def answer(said: Said) -> str | None:
        if said.verb != "RCPT":
            return None
        at = timed.clock.monotonic()
        first = met.setdefault(said.recipient, at)
        return None if at - first >= 300 else "451 4.7.1 Greylisted, please try again later"

    async with Receiver(answer) as receiver:
        campaign = await timed.submit([f"p{n}@{LANE}" for n in range(3)], account(receiver.port))
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": 3}, receiver)
        assert {reason for _, reason in timed.outcomes(campaign).values()} == {"greylisted"}
        now = timed.clock.now()
        for row in timed.ledger(campaign):
            assert row.next_attempt is not None
            assert timedelta(minutes=5) < row.next_attempt - now < timedelta(minutes=16)
        await timed.turn_until(lambda: timed.states(campaign)["accepted"] == 3, 10)
        await timed.check(campaign, {"accepted": 3}, receiver)
        assert {row.attempts for row in timed.ledger(campaign)} == {2}
