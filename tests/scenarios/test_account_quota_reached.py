"""The account's quota is reached.

A provider that takes no more today says so for everybody, not for one recipient. Nobody bounces for it and
nobody goes on the list above all lists; the pace gives way instead of knocking on.

Result: deferred, with few tries against the closed door; then accepted.
"""

from __future__ import annotations

import pytest

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account

PEOPLE = 60
QUOTA = 20


@pytest.mark.parametrize(
    "reply",
    [
        "452 4.5.3 Daily sending quota exceeded",
        "550 5.4.5 Daily user sending limit exceeded",
        "421 4.7.0 Too many messages, sending limit reached",
    ],
)
async def test_nobody_is_blamed(timed: Scene, reply: str) -> None:
    open_again = False

    def answer(said: Said) -> str | None:
        full = said.verb in ("MAIL", "RCPT") and said.seen >= QUOTA and not open_again
        return reply if full else None

    async with Receiver(answer) as receiver:
        route = account(receiver.port, connections=1)
        campaign = await timed.submit([f"p{n}@{LANE}" for n in range(PEOPLE)], route, rate=20.0)
        await timed.turn_until(lambda: timed.states(campaign)["deferred"] > 0, 0.1)
        await timed.clock.awake(20)  # type: ignore[attr-defined]
        states = timed.states(campaign)
        assert set(states) <= {"accepted", "deferred", "pending", "ready"}, "nobody bounced"
        assert states["accepted"] == QUOTA
        for row in timed.ledger(campaign):
            assert timed.engine.shop.suppressions.reason_for(row.address) is None
        open_again = True
        await timed.turn_until(lambda: timed.states(campaign)["accepted"] == PEOPLE, 120)
        await timed.check(campaign, {"accepted": PEOPLE}, receiver)
