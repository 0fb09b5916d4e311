"""Waiting for something that another task brings about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Return as soon as ``condition`` holds; raises ``TimeoutError`` when it does not come to that."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - whatever brings it about has no event to wait for
            await asyncio.sleep(0.005)
