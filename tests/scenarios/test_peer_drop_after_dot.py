"""The server hangs up after the final dot.

It may have taken the message or not, and nothing will tell. Sending again could deliver it twice, so nobody
does but a person who says so; the others of the campaign go on over other connections.

Result: unknown (lost_after_data); everybody else accepted; "resend unknown" sends it.
"""

from __future__ import annotations

from desktop_relay.domain.command import Resend, RetryNow
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_the_doubt_is_shown_and_never_resolved_by_guessing(scene: Scene) -> None:
    def answer(said: Said) -> Act | None:
        return Act.CLOSE if said.verb == "DOT" and said.recipient.startswith("lost") else None

    people = [f"p{n}@{LANE}" for n in range(20)]
    people[7] = f"lost@{LANE}"
    async with Receiver(answer) as receiver:
        campaign = await scene.submit(people, account(receiver.port))
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 19, "unknown": 1}, receiver)
        assert scene.outcomes(campaign)["lost"] == ("unknown", "lost_after_data")
        assert (await scene.engine.handle(RetryNow(campaign)))["count"] == 0
        await scene.restart()
        await scene.engine.steering.find(campaign)
        await scene.check(campaign, {"accepted": 19, "unknown": 1}, receiver)
        assert max(receiver.seen.values()) == 1, "not even by the next engine"

        receiver.answer = lambda said: None
        assert (await scene.engine.handle(Resend(campaign, "unknown")))["count"] == 1
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 20}, receiver)
