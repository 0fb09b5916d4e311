"""Work that a person waits for and may call off, from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


async def until_called_off(work: Coroutine[Any, Any, T], call_off: Future[None]) -> T | None:
    """What ``work`` answers; ``None`` when ``call_off`` was cancelled before. Raises what ``work`` raises."""
    task, stop = asyncio.ensure_future(work), asyncio.wrap_future(call_off)
    either: set[asyncio.Future[Any]] = {task, stop}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return None
    # nobody may knock at this loop once it is closed
    stop.cancel()
    return task.result()
