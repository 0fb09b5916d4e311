"""Somebody else's certificate.

A portal or a box on the line answers for the account's server, with a certificate of its own. The handshake
fails, the campaign waits for its owner, and neither password nor mail is said. Mended, it goes on.

Result: paused (tls_refused), nothing received; after that everybody accepted once.
"""

from __future__ import annotations

import trustme

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import ReloadSettings, Resume, RetryNow
from desktop_relay.domain.route import TlsMode
from tests.scenarios.certificates import authority_file, server_context
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene, account


async def test_nothing_is_said_to_a_stranger(scene: Scene) -> None:
    honest, stranger = trustme.CA(), trustme.CA()
    scene.network.ca_file = authority_file(honest, scene.directory)
    scene.network.password = "secret"
    async with Receiver(tls=server_context(stranger), extensions=("PIPELINING", "AUTH PLAIN")) as receiver:
        route = account(receiver.port, user="shop", tls=TlsMode.STARTTLS)
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(3)], route)
        assert await scene.until_paused(campaign) is PauseReason.TLS_REFUSED
        assert {line.split(" ")[0] for line in receiver.heard} <= {"EHLO", "STARTTLS"}
        assert not receiver.seen

        receiver._tls = server_context(honest)
        await scene.engine.handle(ReloadSettings())
        await scene.engine.handle(Resume(campaign))
        await scene.engine.handle(RetryNow(campaign))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 3}, receiver)
