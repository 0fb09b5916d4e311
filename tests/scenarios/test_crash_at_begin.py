"""Killed (-9) at the begin of a transaction.

The recipient was written down as in flight before the first octet left, so the next engine knows that it
may have been sent. It was not, but nobody can tell: it is in doubt, shown, and not sent again by itself.

Result: unknown (engine_stopped), no more than was in flight; everybody else accepted once.
"""

from __future__ import annotations

from desktop_relay.engine.crew import MOST_AHEAD
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import Scene

PEOPLE = 40
CONNECTIONS = 2


async def test_the_doubt_is_kept(still: Scene, process: EngineProcess) -> None:
    alive = True

    def answer(said: Said) -> Act | None:
        nonlocal alive
        if said.verb == "MAIL" and said.seen >= 10 and alive:
            alive = False
            process.kill()
            return Act.CLOSE
        return None

    async with Receiver(answer) as receiver:
        campaign = await process.submit(still, PEOPLE, receiver.port, connections=CONNECTIONS)
        await process.gone()
        in_flight = still.states(campaign)["in_flight"]
        assert 1 <= in_flight <= CONNECTIONS * (1 + MOST_AHEAD)
        await process.start()
        await still.until(lambda: set(still.states(campaign)) <= {"accepted", "unknown"})
        assert still.states(campaign) == {"accepted": PEOPLE - in_flight, "unknown": in_flight}
        assert {row.reason for row in still.ledger(campaign) if row.state == "unknown"} == {"engine_stopped"}
        still.check_received(campaign, receiver)
        assert set(receiver.seen.values()) == {1}
        progress = await process.progress()
        assert progress is not None
        counts = progress.campaigns[0].counts if progress.campaigns else None
        assert counts is None or (counts.accepted, counts.unknown) == (PEOPLE - in_flight, in_flight)
