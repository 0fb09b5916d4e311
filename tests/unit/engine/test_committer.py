"""Group commit: together, in order, nothing lost, and one bad row does not take the others with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from desktop_relay.domain.errors import ErrorCode, Refused, StoreUnusable
from desktop_relay.domain.lane_memory import LaneMemories
from desktop_relay.domain.outcome import Disposition, Outcome, Reason
from desktop_relay.domain.settlement import Settlement
from desktop_relay.engine.committer import RETRY_SECONDS, Committer
from desktop_relay.engine.writer import Writer
from tests.fakes.clock import FakeClock

OUTCOME = Outcome(Disposition.ACCEPTED, Reason.ACCEPTED)


@dataclass
class RecordingSpool:
    """Remembers transactions; refuses ``bad`` ids and, while ``full``, everything."""

    transactions: list[tuple[list[int], list[int]]] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    full: bool = False
    full_for_releases: bool = False

    @contextmanager
    def together(self) -> Iterator[None]:
        before = [*self.transactions], [*self.released]
        try:
            yield
        except BaseException:
            self.transactions, self.released = before
            raise

    def apply(
        self,
        begins: Sequence[int],
        settlements: Sequence[Settlement],
        at: datetime,
        learned: LaneMemories = {},  # noqa: B006  (nobody writes to it)
    ) -> None:
        settled = [s.recipient for s in settlements]
        if self.full:
            raise StoreUnusable(ErrorCode.DISK_FULL, path="spool.db")
        if self.bad & {*begins, *settled}:
            raise Refused(ErrorCode.TRANSITION_REFUSED)
        self.transactions.append((list(begins), settled))

    def release(self, ids: Sequence[int], at: datetime) -> int:
        if self.full or self.full_for_releases:
            raise StoreUnusable(ErrorCode.DISK_FULL, path="spool.db")
        self.released += ids
        return len(ids)


@dataclass
class Bench:
    """A committer at work."""

    spool: RecordingSpool = field(default_factory=RecordingSpool)
    clock: FakeClock = field(default_factory=FakeClock)
    writer: Writer = field(default_factory=Writer)
    troubles: list[StoreUnusable] = field(default_factory=list)
    recoveries: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        spool: Any = self.spool
        self.committer = Committer(
            self.writer,
            spool,
            self.clock,
            on_trouble=self.troubles.append,
            on_recovery=lambda: self.recoveries.append(True),
        )

    def settle(self, recipient: int) -> None:
        self.committer.settle(Settlement(recipient, OUTCOME, self.clock.now()))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    found = Bench()
    running = asyncio.create_task(found.committer.run())
    yield found
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    found.writer.close()


async def test_what_comes_together_is_one_transaction(bench: Bench) -> None:
    batches = [bench.committer.begin(n) for n in range(5)]
    bench.settle(9)
    assert all(await asyncio.gather(*(b.has_begun(n) for n, b in enumerate(batches))))
    assert bench.spool.transactions == [([0, 1, 2, 3, 4], [9])]


async def test_flush_waits_for_everything_asked_for(bench: Bench) -> None:
    for n in range(50):
        bench.settle(n)
        if n % 7 == 0:
            await asyncio.sleep(0)
    await bench.committer.flush()
    assert [n for _, settled in bench.spool.transactions for n in settled] == list(range(50))


@pytest.mark.expect_warnings
async def test_one_impossible_row_does_not_take_the_others_with_it(bench: Bench) -> None:
    bench.spool.bad = {2, 8}
    batches = {n: bench.committer.begin(n) for n in (1, 2, 3)}
    for n in (7, 8):
        bench.settle(n)
    begun = {n: await batch.has_begun(n) for n, batch in batches.items()}
    assert begun == {1: True, 2: False, 3: True}
    assert sorted(n for b, s in bench.spool.transactions for n in (*b, *s)) == [1, 3, 7]
    assert bench.troubles == []


@pytest.mark.expect_warnings
async def test_a_full_disk_refuses_begins_and_keeps_settlements(bench: Bench) -> None:
    bench.spool.full = True
    back: list[bool] = []
    batch = bench.committer.begin(1)
    bench.settle(2)
    bench.committer.release([3], lambda: back.append(True))
    assert not await batch.has_begun(1)
    assert [error.code for error in bench.troubles] == [ErrorCode.DISK_FULL]
    bench.settle(4)
    bench.spool.full = False
    assert bench.spool.transactions == []
    await bench.clock.advance(RETRY_SECONDS + 1)
    await bench.committer.flush()
    assert bench.spool.transactions == [([], [2, 4])]
    assert bench.spool.released == [3]
    assert back == [True]
    assert bench.recoveries == [True]


@pytest.mark.expect_warnings
async def test_a_disk_that_fills_up_in_the_midst_leaves_nothing_half_written(bench: Bench) -> None:
    bench.spool.full_for_releases = True
    batch = bench.committer.begin(1)
    bench.settle(2)
    bench.committer.release([3], lambda: None)
    assert not await batch.has_begun(1)
    assert bench.spool.transactions == [], "what was refused is not on the disk either"
    bench.spool.full_for_releases = False
    await bench.clock.advance(RETRY_SECONDS + 1)
    await bench.committer.flush()
    assert bench.spool.transactions == [([], [2])]
    assert bench.spool.released == [3]


async def test_a_waiter_that_is_cancelled_disturbs_nobody(bench: Bench) -> None:
    batch = bench.committer.begin(1)
    first = asyncio.create_task(batch.has_begun(1))
    second = asyncio.create_task(batch.has_begun(1))
    await asyncio.sleep(0)
    first.cancel()
    assert await second
