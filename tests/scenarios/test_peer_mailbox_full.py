"""A mailbox that is full.

Its owner has to clear up first: the recipient is tried again in hours, not minutes, and nobody else waits.

Result: deferred (mailbox_full) with a retry in an hour or more; the others accepted.
"""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


async def test_only_that_one_waits_for_hours(timed: Scene) -> None:
    def answer(said: Said) -> str | None:
        full = said.verb == "RCPT" and said.recipient.startswith("full")
        return "452 4.2.2 mailbox full" if full else None

    async with Receiver(answer) as receiver:
        people = [f"full@{LANE}", *(f"p{n}@{LANE}" for n in range(4))]
        campaign = await timed.submit(people, account(receiver.port))
        await timed.settled(campaign)
        await timed.check(campaign, {"accepted": 4, "deferred": 1}, receiver)
        assert timed.outcomes(campaign)["full"] == ("deferred", "mailbox_full")
        (row,) = (row for row in timed.ledger(campaign) if row.state == "deferred")
        assert row.next_attempt is not None
        assert row.next_attempt - timed.clock.now() > timedelta(hours=1)
