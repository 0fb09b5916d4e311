"""One destination answers slower than treacle.

Lanes have connections of their own: what waits for the slow one holds nobody else up.

Result: the other lanes take less than 5 % longer than without it.
"""

from __future__ import annotations

from desktop_relay.domain.command import SetLane
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import STRAIGHT, Scene

QUICK = ("quick0.example", "quick1.example", "quick2.example")
EACH = 40
RATE = 2.0


async def test_the_others_do_not_notice(timed: Scene) -> None:
    async with Receiver() as quick, Receiver() as tarpit:
        tarpit.seconds = 0.5
        ports = {**dict.fromkeys(QUICK, quick.port), "tar.example": tarpit.port}
        timed.network.resolver = TableResolver(
            {name: [MxRecord(10, name)] for name in ports},
            {name: [Endpoint("127.0.0.1", port)] for name, port in ports.items()},
        )
        alone = await seconds_taken(timed, quick, [])
        quick.taken.clear()
        beside = await seconds_taken(timed, quick, [f"t{n}@tar.example" for n in range(EACH)])
        assert tarpit.connections > 0
        assert beside <= alone * 1.05, (alone, beside)


async def seconds_taken(timed: Scene, quick: Receiver, others: list[str]) -> float:
    """Seconds of the lanes' clock until everybody in the quick lanes has it."""
    people = [f"p{n}-{len(others)}@{name}" for name in QUICK for n in range(EACH)]
    for lane in (*QUICK, "tar.example"):
        await timed.engine.handle(SetLane(STRAIGHT.name, lane, rate=RATE, connections=4))
    began = timed.clock.monotonic()
    campaign = await timed.submit([*others, *people], STRAIGHT, rate=None)
    await timed.turn_until(lambda: quick.taken.total() == len(people), 0.05)
    assert campaign
    return timed.clock.monotonic() - began
