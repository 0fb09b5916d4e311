"""Work that is waited for until somebody calls it off, one piece after the other."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

from desktop_relay.operations.calling_off import until_called_off


async def answer(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def for_ever(begun: threading.Event) -> int:
    begun.set()
    await asyncio.Event().wait()
    return 0


def test_several_pieces_may_be_waited_for_with_one_call_off() -> None:
    call_off: Future[None] = Future()
    assert [asyncio.run(until_called_off(answer(n), call_off)) for n in range(3)] == [0, 1, 2]
    call_off.cancel()
    assert asyncio.run(until_called_off(for_ever(threading.Event()), call_off)) is None


def test_called_off_from_another_thread() -> None:
    call_off: Future[None] = Future()
    begun = threading.Event()

    def stop() -> None:
        begun.wait(30)
        call_off.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    assert asyncio.run(until_called_off(for_ever(begun), call_off)) is None
    thread.join()
