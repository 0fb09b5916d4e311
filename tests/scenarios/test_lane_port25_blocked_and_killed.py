"""Port 25 is blocked on this line, mail goes over the fallback, and the engine is killed and started again.

What the direct route found out is on the disk with the settlement that showed it. The next engine goes over
the fallback at once; after the hour one lane finds out over one connection. On another network all of that is
worth nothing, since another line may let port 25 through.

Result: not one connect to port 25 before its time, one then; mail goes on over the fallback, nobody twice.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.network import Network
from desktop_relay.policy.port25 import BLOCKED_SECONDS, UNRELATED_HOSTS
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import STRAIGHT, Scene, account
from tests.unit.engine.desk import HOME

ROUTE = replace(STRAIGHT, fallback="account")
NAMES = tuple(f"owner{n}.example" for n in range(UNRELATED_HOSTS))
EACH = 150
RATE = 0.02
"""So slow that most of the mail is left whatever happens."""

ELSEWHERE = Network("10.7.0.9", "", frozenset({"10.7.0.9"}), ("10.7.0.1",))


@contextlib.contextmanager
def silence() -> Iterator[int]:
    """A port that answers no connect, as behind OP25B: its queue is full, so the kernel drops what comes."""
    with socket.socket() as listening, contextlib.ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield int(listening.getsockname()[1])


class Tries(TableResolver):
    """Who is tried: an address is asked for before each connect."""

    def __init__(self, port: int) -> None:
        super().__init__(
            {name: [MxRecord(10, f"mx.{name}")] for name in NAMES},
            {f"mx.{name}": [Endpoint("127.0.0.1", port)] for name in NAMES},
        )

    @property
    def number(self) -> int:
        """Of connects so far."""
        return sum(each.startswith("A ") for each in self.asked)


async def open_scene(timed: Scene, port: int, fallback: Receiver) -> tuple[int, Tries]:
    """A campaign in its middle, on its way round, and who is tried for it."""
    tries = Tries(port)
    timed.network.resolver = tries
    timed.network.fallback = account(fallback.port)
    for name in NAMES:
        for route in (ROUTE.name, "account"):
            await timed.engine.handle(SetLane(route, name, rate=RATE))
    campaign = await timed.submit([f"p{n}@{name}" for n in range(EACH) for name in NAMES], ROUTE, rate=None)
    await timed.turn_until(lambda: fallback.taken.total() >= UNRELATED_HOSTS, 0.5)
    return campaign, tries


async def goes_on(timed: Scene, fallback: Receiver) -> None:
    """Some more mail arrives over the fallback."""
    taken = fallback.taken.total()
    await timed.turn_until(lambda: fallback.taken.total() >= taken + UNRELATED_HOSTS, 5.0)


async def test_the_next_engine_does_not_try_again(timed: Scene) -> None:
    async with Receiver() as fallback:
        with silence() as port:
            campaign, tries = await open_scene(timed, port, fallback)
            before = tries.number
            assert before >= UNRELATED_HOSTS
            for _ in range(2):
                await timed.restart()
                await goes_on(timed, fallback)
                assert tries.number == before
            await timed.turn_until(lambda: tries.number > before, BLOCKED_SECONDS / 20)
            await timed.until(lambda: not timed.states(campaign)["in_flight"])
            await timed.restart()
            await goes_on(timed, fallback)
            assert tries.number == before + 1, "one finds out, and nobody after it"
        timed.check_received(campaign, fallback)
        assert set(fallback.seen.values()) == {1}


@pytest.mark.parametrize("seen", [HOME, ELSEWHERE])
async def test_another_network_makes_it_void(timed: Scene, seen: Network) -> None:
    async with Receiver() as fallback:
        with silence() as port:
            _, tries = await open_scene(timed, port, fallback)
            before = tries.number
            await timed.crash()
            timed.seen = seen
            await timed.start()
            await goes_on(timed, fallback)
            assert (tries.number > before) is (seen is ELSEWHERE)
