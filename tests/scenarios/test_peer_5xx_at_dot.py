"""Everything taken, then a refusal at the final dot.

The reply after the dot is the one that counts. The message was not taken; the connection and the next
messages on it are not concerned.

Result: bounced for that one; everybody else accepted over the same connection.
"""

from __future__ import annotations

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_the_last_word_counts(scene: Scene) -> None:
    def answer(said: Said) -> str | None:
        bad = said.verb == "DOT" and said.recipient.startswith("bad")
        return "554 5.6.0 message refused by content filter" if bad else None

    people = [f"p{n}@{LANE}" for n in range(5)]
    people[2] = f"bad@{LANE}"
    async with Receiver(answer) as receiver:
        campaign = await scene.submit(people, account(receiver.port, connections=1))
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 4, "bounced": 1}, receiver)
        assert scene.outcomes(campaign)["bad"][0] == "bounced"
        assert receiver.connections == 1
        assert receiver.seen.total() == 5
