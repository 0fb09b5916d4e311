"""Killed (-9) between the final dot and the settlement.

The server has the whole message and may have taken it; the engine that would have heard its answer is dead.
The recipient is in doubt for the next engine, which sends to everybody else and not to this one.

Result: unknown (engine_stopped), no more than was in flight; everybody else accepted once.
"""

from __future__ import annotations

from tests.scenarios.process import EngineProcess, doubt_is_kept
from tests.scenarios.scene import Scene


async def test_the_doubt_is_kept(still: Scene, process: EngineProcess) -> None:
    await doubt_is_kept(still, process, "DOT")
