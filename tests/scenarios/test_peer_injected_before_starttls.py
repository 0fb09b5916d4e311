"""Replies slipped in before STARTTLS.

Whoever sits on the line may append replies in the clear behind the server's "go ahead". Everything that was
heard before the handshake is forgotten (RFC 3207 4.2): either the server is asked anew inside, or the
connection is given up. What was slipped in never counts as an answer.

Result: deferred or paused, never accepted on a stranger's word; no password was said.
"""

from __future__ import annotations

import trustme

from desktop_relay.domain.route import TlsMode
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.scenarios.certificates import authority_file, server_context
from tests.scenarios.scene import LANE, Scene, account

DIALOGUE = r"""
S: 220 mx.example ESMTP
C: EHLO *
R: 250-mx.example\r\n250 STARTTLS\r\n
C: STARTTLS
R: 220 go ahead\r\n250 AUTH PLAIN\r\n235 welcome\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 taken\r\n
!starttls
C? EHLO *
R: 250-mx.example\r\n250 AUTH PLAIN\r\n
C? AUTH PLAIN *
S: 535 5.7.8 no such user
"""


async def test_what_was_slipped_in_is_no_answer(scene: Scene) -> None:
    authority = trustme.CA()
    scene.network.ca_file = authority_file(authority, scene.directory)
    scene.network.password = "secret"
    async with ScriptedSmtpServer(DIALOGUE, tls=server_context(authority)) as server:
        route = account(server.port, user="shop", tls=TlsMode.STARTTLS, connections=1)
        campaign = await scene.submit([f"p@{LANE}"], route)
        await scene.until(lambda: set(scene.states(campaign)) == {"deferred"})
        await scene.check(campaign, {"deferred": 1})
        assert server.bodies == []
        in_the_clear = server.heard[: server.heard.index("STARTTLS") + 1]
        assert not any(line.startswith("AUTH") for line in in_the_clear)
