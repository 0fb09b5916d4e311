"""The engine ends while a server is silent.

Nobody waits for a session that is still being opened: that mail goes back at once. What a server has not got
whole when the patience is over goes back, too. Only after the final dot nobody can say.

Result: pending, after the dot unknown; the next engine sends what is pending, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.transport.timeouts import Timeouts
from tests.scenarios.receiver import Act, Receiver, Said
from tests.scenarios.scene import LANE, Scene, account

PEOPLE = 6
SOON = 20.0
"""Seconds in which a slow machine ends what need not wait, less than the engine's patience."""


class Silence:
    """At one command, until the first engine has ended."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.met = False
        self.over = False

    def __call__(self, said: Said) -> Act | None:
        if self.over or said.verb != self.verb:
            return None
        self.met = True
        return Act.SILENCE


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO"])
async def test_an_opening_is_called_off_at_once(scene: Scene, verb: str) -> None:
    silence = Silence(verb)
    async with Receiver(silence) as receiver:
        campaign = await begun(scene, receiver, silence)
        await asyncio.wait_for(scene.stop(drain=True), SOON)
        assert scene.states(campaign) == {"pending": PEOPLE}
        silence.over = True
        await goes_on(scene, campaign, receiver, {"accepted": PEOPLE})


@pytest.mark.expect_warnings
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_what_is_not_whole_yet_goes_back(scene: Scene, verb: str) -> None:
    silence = Silence(verb)
    async with Receiver(silence) as receiver:
        campaign = await begun(scene, receiver, silence)
        await impatient_end(scene)
        assert scene.states(campaign) == {"pending": PEOPLE}
        silence.over = True
        await goes_on(scene, campaign, receiver, {"accepted": PEOPLE})


@pytest.mark.expect_warnings
async def test_after_the_dot_it_stays_in_doubt_and_what_was_begun_behind_it_does_not(scene: Scene) -> None:
    silence = Silence("DOT")
    async with Receiver(silence) as receiver:
        campaign = await begun(scene, receiver, silence)
        await impatient_end(scene)
        assert scene.states(campaign) == {"in_flight": 1, "pending": PEOPLE - 1}
        silence.over = True
        await goes_on(scene, campaign, receiver, {"accepted": PEOPLE - 1, "unknown": 1})


async def begun(scene: Scene, receiver: Receiver, silence: Silence) -> int:
    scene.network.timeouts = Timeouts()
    route = account(receiver.port, connections=1)
    campaign = await scene.submit([f"p{n}@{LANE}" for n in range(PEOPLE)], route)
    await scene.until(lambda: silence.met)
    return campaign


async def impatient_end(scene: Scene) -> None:
    scene.over = True
    await scene.engine.stop(patience=0.1)


async def goes_on(scene: Scene, campaign: int, receiver: Receiver, states: Mapping[str, int]) -> None:
    await scene.start()
    await scene.until_state(campaign, CampaignState.FINISHED)
    await scene.check(campaign, states, receiver)
