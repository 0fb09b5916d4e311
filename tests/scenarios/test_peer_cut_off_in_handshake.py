"""The connection to an account's server breaks in the TLS handshake.

A server that is started anew, or a line that is gone for a moment, says nothing about certificates: nobody
has to look at the encryption. The account rests for seconds and the campaign goes on by itself.

Result: everybody accepted, once, and the campaign was never paused.
"""

from __future__ import annotations

import pytest
import trustme

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.route import TlsMode
from tests.scenarios.certificates import authority_file, server_context
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, account


@pytest.mark.parametrize("act", [Act.RESET, Act.CLOSE])
async def test_it_goes_on_by_itself(timed: Scene, act: Act) -> None:
    authority = trustme.CA()
    timed.network.ca_file = authority_file(authority, timed.directory)
    is_shaky = True

    def answer(said: Said) -> Act | None:
        return act if is_shaky and said.verb == "STARTTLS" else None

    async with Receiver(answer, tls=server_context(authority)) as receiver:
        route = account(receiver.port, tls=TlsMode.STARTTLS, connections=1)
        campaign = await timed.submit([f"p{n}@{LANE}" for n in range(3)], route)
        await timed.turn_until(lambda: timed.states(campaign)["deferred"] > 0, 0.05)
        await timed.turn_until(lambda: not timed.engine.moves.runs[campaign].in_flight, 0.05)
        assert timed.engine.moves.runs[campaign].state is CampaignState.SENDING
        is_shaky = False
        await timed.turn_until(lambda: timed.engine.moves.runs[campaign].state is CampaignState.FINISHED, 30)
        await timed.check(campaign, {"accepted": 3}, receiver)
