"""The password stops being right in mid-campaign.

Providers change passwords and lock accounts. The first refusal pauses the campaign with that reason: no more
logins are tried, which would lock the account, and no recipient is blamed. With the right one it goes on.

Result: paused (login_failed) after a handful of logins; then everybody accepted once.
"""

from __future__ import annotations

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.command import ReloadSettings, Resume, RetryNow
from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene, account

CONNECTIONS = 3


async def test_it_stops_at_once_and_goes_on_with_the_right_one(scene: Scene) -> None:
    scene.network.password = "old"
    changed = False

    def answer(said: Said) -> str | None:
        if said.verb == "AUTH" and changed:
            return "535 5.7.8 authentication failed"
        # each connection is good for a few messages, so that there are logins in mid-campaign
        return "421 4.7.0 that is enough" if said.verb == "MAIL" and changed else None

    async with Receiver(answer, extensions=("PIPELINING", "AUTH PLAIN")) as receiver:
        receiver.seconds = 0.005
        route = account(receiver.port, user="shop", connections=CONNECTIONS)
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(60)], route)
        await scene.until(lambda: receiver.taken.total() >= 10)
        logins = sum(line.startswith("AUTH") for line in receiver.heard)
        changed = True
        assert await scene.until_paused(campaign) is PauseReason.LOGIN_FAILED
        await scene.until(lambda: set(scene.states(campaign)) <= {"accepted", "pending", "deferred"})
        assert sum(line.startswith("AUTH") for line in receiver.heard) - logins <= 2 * CONNECTIONS
        states = scene.states(campaign)
        await scene.check(campaign, states, receiver)

        changed = False
        scene.network.password = "new"
        await scene.engine.handle(ReloadSettings())
        await scene.engine.handle(Resume(campaign))
        await scene.engine.handle(RetryNow(campaign))
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 60}, receiver)
