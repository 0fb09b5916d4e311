"""What is left at the end of a direct campaign are the domains whose hosts are dead.

They are silent one after the other and nobody else is tried any more, but the line lets port 25 through:
everybody else's host has answered over it.

Result: the dead ones deferred (connect_timeout), the others accepted; the campaign is never paused.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.policy.port25 import UNRELATED_HOSTS
from desktop_relay.transport.resolver import Endpoint, MxRecord
from tests.fakes.table_resolver import TableResolver
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import STRAIGHT, Scene
from tests.scenarios.test_lane_port25_blocked_and_killed import silence

ALIVE = [f"alive{n}.example" for n in range(5)]
DEAD = [f"dead{n}.example" for n in range(UNRELATED_HOSTS + 1)]


async def test_port_25_is_not_taken_for_blocked(scene: Scene) -> None:
    with silence() as port:
        async with Receiver() as receiver:
            hosts = {f"mx.{name}": [Endpoint("127.0.0.1", receiver.port)] for name in ALIVE}
            hosts |= {f"mx.{name}": [Endpoint("127.0.0.1", port)] for name in DEAD}
            mx = {name: [MxRecord(10, f"mx.{name}")] for name in (*ALIVE, *DEAD)}
            scene.network.resolver = TableResolver(mx, hosts)
            campaign = await scene.submit([f"p@{name}" for name in (*ALIVE, *DEAD)], STRAIGHT, *ALIVE, *DEAD)
            await scene.settled(campaign)
            await scene.check(campaign, {"accepted": len(ALIVE), "deferred": len(DEAD)}, receiver)
            assert scene.engine.moves.runs[campaign].state is CampaignState.SENDING
