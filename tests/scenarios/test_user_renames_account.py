"""A person gives an account another name while the engine runs.

Its quota is a promise to a provider: what it took today counts on under the new name. While a campaign needs
it the name stays.

Result: refused while sending; afterwards the next campaign gets only what is left of the day.
"""

from __future__ import annotations

import asyncio

import pytest

from desktop_relay.domain.campaign import CampaignState
from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.errors import ErrorCode, Refused
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import campaigns, lanes, routes
from desktop_relay.operations.workspace import Workspace
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene

QUOTA = 10
FIRST = 7


def _rename(still: Scene) -> Route:
    with Workspace(still.directory, Link(still.directory)) as ws:
        return routes.rename(ws, "account", "shop")[0]


async def test_the_quota_goes_with_it(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.05
        account = Route(
            *("account", RouteKind.SMARTHOST, "127.0.0.1", receiver.port, TlsMode.NONE),
            max_connections=1,
            daily_quota=QUOTA,
        )
        draft = still.write([f"a{n}@{LANE}" for n in range(FIRST)], route=account)
        await process.call(SetLane("account", LANE, rate=1000.0, connections=1))
        first = int((await process.call(Submit(draft)))["campaign"])
        with pytest.raises(Refused) as caught:
            await asyncio.to_thread(_rename, still)
        assert caught.value.code is ErrorCode.ROUTE_IN_USE
        await still.until(lambda: still.states(first)["accepted"] == FIRST)
        with Workspace(still.directory, Link(still.directory)) as ws:
            await still.until(lambda: campaigns.status(ws, first).state is CampaignState.FINISHED)
            renamed = await asyncio.to_thread(_rename, still)
            assert campaigns.status(ws, first).route == "shop"
            assert lanes.load(ws, "shop", LANE).pace_allowed == 1000.0
        draft = still.write([f"b{n}@{LANE}" for n in range(FIRST)], route=renamed)
        second = int((await process.call(Submit(draft)))["campaign"])
        await still.until(lambda: still.states(second)["accepted"] == QUOTA - FIRST)
        progress = await process.progress()
        assert progress is not None
        assert {shown.route for shown in progress.campaigns} == {"shop"}
        assert receiver.taken.total() == QUOTA
