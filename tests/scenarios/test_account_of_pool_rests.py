"""An account of a pool cannot send: its login is refused, its password is missing, its quota is used up.

The others carry its mail, so the campaign goes on and nothing pauses. Somebody has to hear of it all the
same: the engine tells of each account of the pool, and Home makes of it what needs a person.

Result: everybody accepted over the other account; Home names the account, why, until when, and who goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_relay.domain.command import SetLane, Submit
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.route import Member, Route, RouteKind, TlsMode
from desktop_relay.ipc.launcher import Link
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_library
from desktop_relay.store.routes import save_route
from desktop_relay.store.vault import Vault, password_name
from tests.scenarios.process import EngineProcess
from tests.scenarios.receiver import Receiver, Said
from tests.scenarios.scene import LANE, Scene

from ui.pages.home.attention import Attention, Trouble
from ui.pages.home.presenter import read_home

PEOPLE = 40
QUOTA = 5
POOL = Route("Pool", RouteKind.POOL, members=(Member("A"), Member("B")))


def _refuse_login(said: Said) -> str | None:
    return "535 5.7.8 no" if said.verb == "AUTH" else None


def _account(name: str, receiver: Receiver, **changes: object) -> Route:
    route = Route(name, RouteKind.SMARTHOST, "127.0.0.1", receiver.port, TlsMode.NONE, max_connections=1)
    return replace(route, **changes)  # type: ignore[arg-type]


async def _send(still: Scene, process: EngineProcess, route: Route, *accounts: Route, password: str) -> int:
    with open_library(still.directory) as library:
        for account in accounts:
            save_route(library, account)
            if account.user and password:
                Vault(still.directory).put(library, password_name(account.name), password)
    draft = still.write([f"p{n}@{LANE}" for n in range(PEOPLE)], route=route)
    await process.call(SetLane(route.name, LANE, rate=100_000.0, connections=20))
    return int((await process.call(Submit(draft)))["campaign"])


def _look(still: Scene) -> dict[str, Attention]:
    """What Home tells of accounts, by their names; read as the window does."""
    with Workspace(still.directory, Link(still.directory)) as ws:
        items = read_home(ws).attention
    return {item.route: item for item in items if item.trouble in (Trouble.RESTING, Trouble.CLOSED)}


async def _until(still: Scene, true: Callable[[dict[str, Attention]], bool]) -> dict[str, Attention]:
    async with asyncio.timeout(20):
        while not true(found := await asyncio.to_thread(_look, still)):  # noqa: ASYNC110  (a process has no event)
            await asyncio.sleep(0.02)
    return found


@pytest.mark.parametrize(
    ("password", "cause", "ends"),
    [("wrong", Reason.LOGIN_FAILED, True), ("", Reason.PASSWORD_MISSING, False)],
)
async def test_who_is_refused_is_told_of(
    still: Scene, process: EngineProcess, password: str, cause: Reason, ends: bool
) -> None:
    async with (
        Receiver(_refuse_login, extensions=("AUTH PLAIN",)) as refusing,
        Receiver() as taking,
    ):
        taking.seconds = 0.05
        a, b = _account("A", refusing, user="shop"), _account("B", taking)
        campaign = await _send(still, process, POOL, a, b, password=password)
        told = (await _until(still, lambda found: "A" in found))["A"]
        assert (told.trouble, told.lane_reason, told.cause) == (
            Trouble.RESTING,
            LaneReason.ACCOUNTS_RESTING,
            cause,
        )
        assert told.others == ("B",)
        assert (told.until is not None) is ends
        await still.until(lambda: still.states(campaign)["accepted"] == PEOPLE)
        assert (refusing.taken.total(), taking.taken.total()) == (0, PEOPLE)


async def test_a_quota_that_is_used_up_is_told_of(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as first, Receiver() as second:
        second.seconds = 0.1
        a, b = _account("A", first, daily_quota=QUOTA), _account("B", second)
        campaign = await _send(still, process, POOL, a, b, password="")
        told = (await _until(still, lambda found: "A" in found))["A"]
        assert (told.trouble, told.lane_reason, told.others) == (
            Trouble.RESTING,
            LaneReason.QUOTA_USED,
            ("B",),
        )
        assert told.until is not None
        midnight = told.until.astimezone() + timedelta(seconds=1)
        assert (midnight.hour, midnight.minute) == (0, 0)
        await still.until(lambda: still.states(campaign)["accepted"] == PEOPLE)
        assert (first.taken.total(), second.taken.total()) == (QUOTA, PEOPLE - QUOTA)


async def test_the_quota_of_the_only_account_is_told_of(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as receiver:
        route = _account("A", receiver, daily_quota=QUOTA)
        campaign = await _send(still, process, route, password="")
        await still.until(lambda: still.states(campaign)["accepted"] == QUOTA)
        told = (await _until(still, lambda found: "A" in found and found["A"].count == PEOPLE - QUOTA))["A"]
        assert (told.trouble, told.lane_reason) == (Trouble.CLOSED, LaneReason.QUOTA_USED)
        assert told.until is not None
        assert still.states(campaign)["accepted"] == QUOTA


async def test_when_nobody_can_send_each_is_told_of(still: Scene, process: EngineProcess) -> None:
    async with Receiver() as first, Receiver() as second:
        accounts = [_account("A", first), _account("B", second)]
    await _send(still, process, POOL, *accounts, password="")
    found = await _until(still, lambda found: found.keys() >= {"A", "B", "Pool"})
    assert (found["Pool"].trouble, found["Pool"].lane_reason) == (
        Trouble.CLOSED,
        LaneReason.ACCOUNTS_RESTING,
    )
    for name in ("A", "B"):
        told = found[name]
        assert (told.trouble, told.cause, told.others) == (Trouble.RESTING, Reason.CONNECT_REFUSED, ())


async def test_a_pause_for_a_login_names_the_accounts(still: Scene, process: EngineProcess) -> None:
    extensions = ("AUTH PLAIN",)
    async with (
        Receiver(_refuse_login, extensions=extensions) as first,
        Receiver(_refuse_login, extensions=extensions) as second,
    ):
        accounts = [_account(name, at, user="me") for name, at in (("A", first), ("B", second))]
        await _send(still, process, POOL, *accounts, password="wrong")
        found = await _until(still, lambda found: found.keys() >= {"A", "B"})
        assert [found[name].cause for name in ("A", "B")] == [Reason.LOGIN_FAILED] * 2
