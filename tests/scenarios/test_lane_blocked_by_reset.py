"""A carrier blocks by resetting connections.

Some say nothing: they reset every connection before the greeting. Five in a row are understood as a block:
the lane is suspended for an hour, then for longer each time, up to a day; the other lanes go on. Whoever
waits is put off, not given up.

Result: suspended with growing pauses, one try for each; the others accepted; in the end everybody.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import STRAIGHT, Scene


async def test_it_is_recognised_and_the_pauses_grow(timed: Scene) -> None:
    blocked = True
    knocks: list[float] = []

    def answer(said: Said) -> Act | None:
        if said.verb == "CONNECT" and blocked:
            knocks.append(timed.clock.monotonic())
            return Act.RESET
        return None

    async with Receiver(answer) as carrier, Receiver() as other:
        ports = {"carrier.example": carrier.port, "other.example": other.port}
        timed.network.resolver = TableResolver(
            {name: [MxRecord(10, name)] for name in ports},
            {name: [Endpoint("127.0.0.1", port)] for name, port in ports.items()},
        )
        people = [f"p{n}@{name}" for name in ports for n in range(12)]
        campaign = await timed.submit(people, STRAIGHT, "other.example", rate=100.0)
        await timed.turn_until(lambda: other.taken.total() == 12, 0.1)

        def suspended() -> dict[str, float]:
            lanes = timed.engine.lines.all()[0].lanes
            at = timed.clock.monotonic()
            return {key: lane.governor.suspended_for(at) for key, lane in lanes.items()}

        await timed.turn_until(lambda: len(knocks) >= 5, 5)
        await timed.turn_until(lambda: suspended()["carrier.example"] > 3000, 1)
        assert suspended()["other.example"] == 0
        for _ in range(2):
            before, asked = suspended()["carrier.example"], len(knocks)
            await timed.turn_until(lambda asked=asked: len(knocks) > asked, 300)
            await timed.turn_until(lambda: suspended()["carrier.example"] > 0, 1)
            assert suspended()["carrier.example"] > before * 1.2, "each pause is longer"
        assert len(knocks) <= 12
        blocked = False
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 900)
        await timed.check(campaign, {"accepted": 24}, carrier, other)
