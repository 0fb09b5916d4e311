"""The spool's one thread: work in order, large work in slices."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.engine.writer import Writer
from desktop_relay.store.slicing import Slices


@pytest.fixture
async def writer() -> AsyncIterator[Writer]:
    made = Writer()
    yield made
    made.close()


class Work:
    """Counts its slices, and remembers whether it was closed."""

    def __init__(self) -> None:
        self.done = 0
        self.closed = False

    def run(self, number: int) -> Slices[str]:
        try:
            for _ in range(number):
                self.done += 1
                yield
        finally:
            self.closed = True
        return "whole"


async def test_others_come_in_between(writer: Writer) -> None:
    work, handed_in = Work(), threading.Event()

    def run() -> Slices[str]:
        handed_in.wait()
        return (yield from work.run(3))

    whole = asyncio.create_task(writer.call_sliced(run))
    others = [asyncio.create_task(writer.call(lambda: work.done)) for _ in range(5)]
    await asyncio.sleep(0)
    handed_in.set()
    assert await asyncio.gather(*others) == [1] * 5, "all that waited, before the second slice"
    assert await whole == "whole"
    assert work.done == 3


async def test_two_large_works_take_turns(writer: Writer) -> None:
    first, second, handed_in = Work(), Work(), threading.Event()

    def watch(work: Work, other: Work) -> Slices[None]:
        handed_in.wait()
        for _ in work.run(50):
            assert abs(work.done - other.done) <= 1
            yield

    works = [
        asyncio.create_task(writer.call_sliced(watch, first, second)),
        asyncio.create_task(writer.call_sliced(watch, second, first)),
    ]
    await asyncio.sleep(0)
    handed_in.set()
    await asyncio.gather(*works)
    assert (first.done, second.done) == (50, 50)


async def test_what_it_raises(writer: Writer) -> None:
    def broken() -> Slices[None]:
        yield
        raise Refused(ErrorCode.CAMPAIGN_ALREADY_SENT)

    with pytest.raises(Refused):
        await writer.call_sliced(broken)
    assert await writer.call(lambda: 1) == 1


async def test_a_caller_that_is_cancelled_stops_nothing(writer: Writer) -> None:
    work = Work()
    call = asyncio.create_task(writer.call_sliced(work.run, 50))
    await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    while not work.closed:
        await writer.call(lambda: None)
    assert work.done == 50


async def test_the_end_of_the_thread_ends_it_between_two_slices() -> None:
    writer = Writer()
    work = Work()
    call = asyncio.create_task(writer.call_sliced(work.run, 1_000_000_000))
    await asyncio.sleep(0)
    await writer.call(lambda: None)
    await asyncio.to_thread(writer.close)
    with pytest.raises(Refused) as caught:
        await call
    assert caught.value.code is ErrorCode.ENGINE_STOPPING
    assert work.closed
