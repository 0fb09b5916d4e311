"""A reply without end.

A reply that never comes to its last line is no reply. The connection is closed once it is longer than any
honest one or its time is over.

Result: deferred (protocol or connection_lost), and other lanes do not notice.
"""

from __future__ import annotations

from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.scenarios.scene import LANE, Scene, account

DIALOGUE = """
S: 220 mx.example ESMTP
C: EHLO *
S: 250 mx.example
C: MAIL FROM:<*>*
!flood 250-and another thing
"""


async def test_it_is_given_up(scene: Scene) -> None:
    async with ScriptedSmtpServer(DIALOGUE) as server:
        campaign = await scene.submit([f"p@{LANE}"], account(server.port))
        await scene.settled(campaign)
        await scene.check(campaign, {"deferred": 1})
        assert server.bodies == []
