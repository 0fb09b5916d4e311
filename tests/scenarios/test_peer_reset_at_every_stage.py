"""RST at any moment.

Up to the last octet of the message a reset means that nothing was taken: the recipient waits for a retry.
A reset after the final dot leaves open whether the message was taken, and nobody but a person sends it again.

Result: deferred (connection_lost and its like), after the dot unknown (lost_after_data).
"""

from __future__ import annotations

import pytest

from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
async def test_only_the_end_of_the_message_is_in_doubt(timed: Scene, verb: str) -> None:
    shaky = True

    def answer(said: Said) -> Act | None:
        return Act.RESET if shaky and said.verb == verb else None

    doubtful = verb == "DOT"
    async with Receiver(answer) as receiver:
        campaign = await timed.submit([f"p@{LANE}"], account(receiver.port))
        await timed.settled(campaign)
        await timed.check(campaign, {"unknown" if doubtful else "deferred": 1}, receiver)
        ((_, reason),) = timed.outcomes(campaign).values()
        assert reason == ("lost_after_data" if doubtful else reason)
        shaky = False
        end = "unknown" if doubtful else "accepted"
        await timed.turn_until(lambda: timed.states(campaign)[end] == 1, 20)
        await timed.check(campaign, {end: 1}, receiver)
        assert set(receiver.seen.values()) == {1}
