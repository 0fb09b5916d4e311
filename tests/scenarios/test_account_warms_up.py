"""A new account is warmed up, and its engine is killed twice in the middle of the day.

The day's number is a promise to carriers that do not know the account yet: no restart may open it anew, and
what another program sent over the account counts, too. Home says why mail waits until tomorrow.

Result: the provider never got more than the day allows; the rest waits, and nobody is sent to twice.
"""

from __future__ import annotations

import asyncio
from functools import partial

from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.warmup import Warmup
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations import account_usage
from desktop_relay.operations.account_usage import AccountUsage
from desktop_relay.operations.workspace import Workspace
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver
from tests.scenarios.scene import LANE, Scene

from ui.pages.home.attention import Attention, Trouble
from ui.pages.home.presenter import read_home

PEOPLE = 60
FIRST_DAY = 20
ELSEWHERE = 4


def _count_elsewhere(still: Scene) -> AccountUsage:
    with Workspace(still.directory, Link(still.directory)) as ws:
        return account_usage.count_elsewhere(ws, "new", ELSEWHERE)[0]


def _usage(still: Scene) -> AccountUsage:
    with Workspace(still.directory, Link(still.directory)) as ws:
        return account_usage.usage(ws, "new")


def _told(still: Scene) -> list[Attention]:
    with Workspace(still.directory, Link(still.directory)) as ws:
        return [item for item in read_home(ws).attention if item.trouble is Trouble.CLOSED]


def _took(receiver: Receiver, number: int) -> bool:
    return receiver.taken.total() >= number


def _began(still: Scene, campaign: int) -> int:
    states = still.states(campaign)
    return states["accepted"] + states["unknown"]


async def test_no_restart_opens_the_day_anew(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as receiver:
        receiver.seconds = 0.03
        account = Route(
            *("new", RouteKind.SMARTHOST, "127.0.0.1", receiver.port, TlsMode.NONE),
            max_connections=1,
            warmup=Warmup(FIRST_DAY, 500, 20),
        )
        draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=account)
        found = await asyncio.to_thread(_count_elsewhere, still)
        assert (found.today, found.left) == (ELSEWHERE, FIRST_DAY - ELSEWHERE)
        await process.call(SetLane("new", LANE, rate=100_000.0, connections=1))
        campaign = int((await process.call(Submit(draft)))["campaign"])
        for taken in (3, 7):
            await still.until(partial(_took, receiver, taken))
            process.kill()
            await process.gone()
            await process.start()
        async with asyncio.timeout(20):
            while not (told := await asyncio.to_thread(_told, still)):  # noqa: ASYNC110  (a process has no event)
                await asyncio.sleep(0.05)
        assert [(item.route, item.lane_reason) for item in told] == [("new", LaneReason.WARMING_UP)]
        room = FIRST_DAY - ELSEWHERE
        await still.until(lambda: _began(still, campaign) == room)
        assert still.states(campaign)["in_flight"] == 0
        assert receiver.taken.total() <= room
        assert set(receiver.taken.values()) == {1}
        found = await asyncio.to_thread(_usage, still)
        assert found.warmup is not None
        assert (found.today, found.left, found.warmup.step) == (FIRST_DAY, 0, 1)
