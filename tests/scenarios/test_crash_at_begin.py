"""Killed (-9) at the begin of a transaction.

The recipient was written down as in flight before the first octet left, so the next engine knows that it
may have been sent. It was not, but nobody can tell: it is in doubt, shown, and not sent again by itself.

Result: unknown (engine_stopped), no more than was in flight; everybody else accepted once.
"""

from __future__ import annotations

from tests.scenarios.process import EngineProcess, doubt_is_kept
from tests.scenarios.scene import Scene


async def test_the_doubt_is_kept(still: Scene, process: EngineProcess) -> None:
    await doubt_is_kept(still, process, "MAIL")
