"""Work that a person waits for and may call off, from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


async def until_called_off(work: Coroutine[Any, Any, T], call_off: Future[None]) -> T | None:
    """What ``work`` answers; ``None`` when ``call_off`` was cancelled before. Raises what ``work`` raises.

    ``call_off`` is left as it is: more work may be waited for with it.
    """
    loop = asyncio.get_running_loop()
    task, stop = asyncio.ensure_future(work), asyncio.Event()

    def tell(_: Future[None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the work was done before
            loop.call_soon_threadsafe(stop.set)

    call_off.add_done_callback(tell)
    called_off = asyncio.create_task(stop.wait())
    await asyncio.wait({task, called_off}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return None
    called_off.cancel()
    return task.result()
