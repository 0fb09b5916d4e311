"""A greeting without end.

A server that goes on greeting is given up when the time for a greeting is over, however much it says, and
what it says is not kept.

Result: deferred; memory does not grow with what is said.
"""

from __future__ import annotations

from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.scenarios.scene import LANE, Scene, account


async def test_it_is_given_up(scene: Scene) -> None:
    async with ScriptedSmtpServer("!flood 220-mx.example is glad to see you") as server:
        campaign = await scene.submit([f"p@{LANE}"], account(server.port))
        await scene.settled(campaign)
        await scene.check(campaign, {"deferred": 1})
    (row,) = scene.ledger(campaign)
    assert len(row.text) < 1000
