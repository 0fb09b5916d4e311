"""421 at any moment.

A server may say 421 instead of any answer and hang up. Whatever the stage, nothing was taken: the recipient
waits for a retry on a new connection, and whoever is next in the lane is not lost with the connection.

Result: deferred, then accepted once.
"""

from __future__ import annotations

import pytest

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_nothing_is_lost_and_nothing_comes_twice(timed: Scene, verb: str) -> None:
    busy = True

    def answer(said: Said) -> str | None:
        return "421 4.3.2 closing" if busy and said.verb == verb else None

    async with Receiver(answer) as receiver:
        campaign = await timed.submit(
            [f"p{n}@{LANE}" for n in range(2)], account(receiver.port, connections=1)
        )
        await timed.settled(campaign)
        await timed.check(campaign, {"deferred": 2}, receiver)
        busy = False
        await timed.turn_until(lambda: timed.states(campaign)["accepted"] == 2, 20)
        await timed.check(campaign, {"accepted": 2}, receiver)
