"""More replies than were asked for.

A server that says more than it was asked is out of step: nothing it says afterwards can be paired with a
command. The connection is closed, and nothing counts as accepted on a surplus reply.

Result: deferred; the other recipients go over new connections.
"""

from __future__ import annotations

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_a_surplus_reply_accepts_nobody(scene: Scene) -> None:
    def answer(said: Said) -> str | None:
        odd = said.verb == "MAIL" and said.connection == 1
        return "250 fine\r\n250 fine\r\n250 fine\r\n250 fine" if odd else None

    async with Receiver(answer, extensions=("8BITMIME",)) as receiver:
        campaign = await scene.submit(
            [f"p{n}@{LANE}" for n in range(4)], account(receiver.port, connections=1)
        )
        await scene.settled(campaign)
        states = scene.states(campaign)
        assert set(states) <= {"accepted", "deferred"}
        assert states["deferred"] >= 1
        await scene.check(campaign, states, receiver)
