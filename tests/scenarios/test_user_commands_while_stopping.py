"""Commands come while the engine stops.

A command that came in before is finished first. One that comes later is refused with a sentence of its own
and has changed nothing; questions are still answered. Whoever asks from the window or the command line is
not bothered with that: the next engine is started and gets the command.

Result: engine_stopping inside; outside the command is done by the next engine.
"""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import Cancel, Pause, Shutdown, Status, Submit
from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.engine.crew import MOST_AHEAD
from tests.fakes.name_server import NameServer
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, STRAIGHT, Scene, account


async def test_late_ones_are_refused_and_change_nothing(scene: Scene) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.3
        campaign = await scene.submit([f"p{n}@{LANE}" for n in range(20)], account(receiver.port))
        await scene.until(lambda: bool(receiver.seen))
        stopping = asyncio.create_task(scene.stop(drain=True))
        await asyncio.sleep(0)
        for command in (Pause(campaign), Cancel(campaign), Submit(campaign)):
            with pytest.raises(Refused) as refused:
                await scene.engine.handle(command)
            assert refused.value.code is ErrorCode.ENGINE_STOPPING
        assert "progress" in await scene.engine.handle(Status())
        assert await scene.engine.handle(Shutdown()) == {}
        await stopping
        taken = receiver.taken.total()
        assert scene.states(campaign) == {"accepted": taken, "pending": 20 - taken}

        receiver.seconds = 0.0
        await scene.start()
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 20}, receiver)


async def test_one_that_came_before_is_finished(scene: Scene) -> None:
    async with Receiver() as receiver, NameServer({}, silent=frozenset({LANE})) as names:
        scene.network.nameserver, scene.network.port = names.address, receiver.port
        draft = scene.write([f"p@{LANE}"], route=STRAIGHT)
        submitting = asyncio.create_task(scene.send(draft))
        await scene.until(lambda: bool(names.asked))
        await scene.stop(drain=False)
        campaign = await submitting
        assert scene.states(campaign) == {"pending": 1}, "written, and not begun any more"
        names.zone = {(LANE, "A"): ["300 A 127.0.0.1"]}
        names._silent = frozenset()
        await scene.start()
        await scene.until_state(campaign, CampaignState.FINISHED)
        await scene.check(campaign, {"accepted": 1}, receiver)


async def test_the_next_engine_gets_what_came_too_late(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.4
        campaign = await process.submit(still, 30, receiver.port, connections=1)
        await still.until(lambda: bool(receiver.seen))
        first = process.pid
        await process.ask_to_end(drain=True)
        assert (await process.call(Pause(campaign)))["campaign"] == campaign
        progress = await process.progress()
        assert progress is not None
        assert progress.pid != first
        assert progress.campaigns[0].state is CampaignState.PAUSED
        taken = receiver.taken.total()
        await still.until(lambda: "in_flight" not in still.states(campaign))
        still.check_received(campaign, receiver)
        assert receiver.taken.total() <= taken + 1 + MOST_AHEAD, "what was begun"
