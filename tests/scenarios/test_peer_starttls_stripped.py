"""STARTTLS taken out of the offer.

Someone on the line hides the offer of encryption. An account is promised encryption: the campaign waits for
its owner, and neither password nor mail is said in the clear. Towards a recipient's own server encryption is
a gift: mail goes, and the ledger says that it went in the clear.

Result: account: paused (tls_refused). Direct: accepted, without TLS in its row.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import PauseReason
from desktop_relay.domain.route import TlsMode
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene, account


async def test_an_account_says_nothing_in_the_clear(scene: Scene) -> None:
    scene.network.password = "secret"
    async with Receiver() as receiver:
        route = account(receiver.port, user="shop", tls=TlsMode.STARTTLS)
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(3)], route)
        assert await scene.until_paused(campaign) is PauseReason.TLS_REFUSED
        await scene.until(lambda: "in_flight" not in scene.states(campaign))
        assert set(scene.states(campaign)) <= {"pending", "deferred"}
        scene.check_received(campaign, receiver)
        assert {line.split(" ")[0] for line in receiver.heard} <= {"EHLO", "QUIT"}


async def test_a_recipients_server_is_told_in_the_clear_and_the_ledger_knows(scene: Scene) -> None:
    async with Receiver() as receiver:
        scene.network.resolver = TableResolver(
            {LANE: [MxRecord(10, "mx.example")]}, {"mx.example": [Endpoint("127.0.0.1", receiver.port)]}
        )
        campaign = await scene.submit([f"p@{LANE}"], STRAIGHT)
        await scene.settled(campaign)
        await scene.check(campaign, {"accepted": 1}, receiver)
        (row,) = scene.ledger(campaign)
        assert not row.tls
