"""Replies a byte at a time.

Each command has a time in which its whole reply must be there (RFC 5321 4.5.3.2): a server that dribbles
cannot stretch it by saying a little now and then. Other lanes go on meanwhile.

Result: deferred for the dribbling lane; the others accepted before that.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.smtp_server import ScriptedSmtpServer
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import IMPATIENT, STRAIGHT, Scene

DIALOGUE = """
S: 220 slow.example ESMTP
C: EHLO *
S: 250 slow.example
C: MAIL FROM:<*>*
!drip 0.1 250 2.1.0 sender fine, and how are you today
"""


async def test_time_is_for_the_whole_reply(scene: Scene) -> None:
    scene.network.timeouts = replace(IMPATIENT, mail=2.5)
    async with ScriptedSmtpServer(DIALOGUE) as slow, Receiver() as quick:
        hosts = {"slow.example": slow.port, "quick.example": quick.port}
        scene.network.resolver = TableResolver(
            {name: [MxRecord(10, name)] for name in hosts},
            {name: [Endpoint("127.0.0.1", port)] for name, port in hosts.items()},
        )
        people = ["p@slow.example", *(f"p{n}@quick.example" for n in range(10))]
        campaign = await scene.submit(people, STRAIGHT, *hosts)
        # it is still being dribbled to when everybody else has it
        await scene.until(lambda: scene.states(campaign) == {"accepted": 10, "in_flight": 1})
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 10, "deferred": 1}, quick)
