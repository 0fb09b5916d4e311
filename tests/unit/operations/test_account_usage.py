"""What an account took, by this program and by others, and how its warm-up stands, as people are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_relay.domain.brake import BrakeCause, BrakeFinding, BrakeLevel
from desktop_relay.domain.command import CountElsewhere
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.lane import LaneReason
from desktop_relay.domain.lane_memory import ACCOUNT, LaneMemory
from desktop_relay.domain.route import Member, Route, RouteKind
from desktop_relay.domain.warmup import Warmup, WarmupMemory
from desktop_relay.operations import account_usage, outlook, preflight, routes, settings
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from desktop_relay.store.usage import add_usage, step_of
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import add_people, make_draft, make_parts, person

PLAN = Warmup(50, 20_000, 30)
SHOP = Route("shop", RouteKind.SMARTHOST, "smtp.example.jp")
TODAY = NOW.astimezone().date()
BLOCKS = BrakeFinding(BrakeCause.BLOCKS, BrakeLevel.WARN, 1, 0, 1)


def took(ws: Workspace, number: int, warmup: WarmupMemory | None = None) -> None:
    """The engine sent so many today, and kept how far the plan is."""
    with open_spool_for_engine(ws.directory) as db:
        add_usage(db, {("shop", step_of(NOW)): number})
        Spool(db).apply([], [], NOW, {("shop", ACCOUNT): LaneMemory(NOW, warmup=warmup)})


def test_what_went_by_this_program_and_by_others(ws: Workspace, engine: FakeEngineLink) -> None:
    routes.save(ws, replace(SHOP, daily_quota=100, hourly_quota=40))
    took(ws, 25)
    found, changes = account_usage.count_elsewhere(ws, "shop", 60)
    assert changes.routes
    assert engine.commands[-1] == CountElsewhere("shop", 60)
    assert (found.today, found.hour, found.elsewhere, found.left) == (85, 25, 60, 15)
    found, _ = account_usage.count_elsewhere(ws, "shop", 80)
    assert found.left == 0
    found, _ = account_usage.count_elsewhere(ws, "shop", 0)
    assert (found.today, found.left) == (25, 15)


def test_a_plan_as_it_stands(ws: Workspace) -> None:
    routes.save(ws, replace(SHOP, warmup=PLAN))
    assert account_usage.usage(ws, "shop").left == 50
    took(ws, 40, WarmupMemory(PLAN, TODAY, 3, sent=40, found=BLOCKS, held_by=None))
    found = account_usage.usage(ws, "shop")
    assert found.warmup is not None
    assert (found.warmup.step, found.warmup.days, found.warmup.allowance) == (3, 30, 76)
    assert (found.today, found.left, found.warmup.found) == (40, 36, BLOCKS)


def test_only_accounts_and_lines_are_counted(ws: Workspace, engine: FakeEngineLink) -> None:
    routes.save(ws, SHOP)
    routes.save(ws, Route("both", RouteKind.POOL, members=(Member("shop"),)))
    for name in ("sandbox", "both"):
        assert account_usage.usage_of(ws, routes.load(ws, name)) is None
        with pytest.raises(BadInput):
            account_usage.usage(ws, name)
        with pytest.raises(BadInput):
            account_usage.count_elsewhere(ws, name, 1)
    with pytest.raises(NotFound):
        account_usage.count_elsewhere(ws, "nobody", 1)
    with pytest.raises(BadInput):
        account_usage.count_elsewhere(ws, "shop", -1)
    assert not any(isinstance(command, CountElsewhere) for command in engine.commands)


def test_a_route_that_is_renamed_meanwhile_is_told_as_it_was_read(ws: Workspace) -> None:
    routes.save(ws, SHOP)
    read = routes.load(ws, "shop")
    routes.rename(ws, "shop", "store")
    told = account_usage.usage_of(ws, read)
    assert told is not None
    assert (told.route, told.left) == (read, read.daily_quota)


def test_those_of_a_pool_that_are_warmed_up(ws: Workspace) -> None:
    routes.save(ws, replace(SHOP, warmup=PLAN))
    routes.save(ws, replace(SHOP, name="old"))
    routes.save(ws, Route("both", RouteKind.POOL, members=(Member("old"), Member("shop"))))
    assert [found.route.name for found in account_usage.warming(ws, "both")] == ["shop"]
    assert account_usage.warming(ws, "gone") == ()


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Warmup(50, 20_000, 9), ErrorCode.WARMUP_TOO_FAST),
        (Warmup(0, 20, 9), ErrorCode.VALUE_INVALID),
        (Warmup(50, 49, 9), ErrorCode.VALUE_INVALID),
        (Warmup(50, 20_000, 999), ErrorCode.VALUE_INVALID),
    ],
)
def test_plans_that_cannot_be(ws: Workspace, plan: Warmup, code: ErrorCode) -> None:
    with pytest.raises(BadInput) as caught:
        routes.save(ws, replace(SHOP, warmup=plan))
    assert caught.value.code is code


def test_only_accounts_and_lines_are_warmed_up(ws: Workspace) -> None:
    routes.save(ws, Route("line", RouteKind.DIRECT, warmup=PLAN))
    routes.save(ws, SHOP)
    for route in (
        Route("both", RouteKind.POOL, members=(Member("shop"),), warmup=PLAN),
        Route("sandbox", RouteKind.SANDBOX, warmup=PLAN),
    ):
        with pytest.raises(BadInput):
            routes.save(ws, route)


@pytest.mark.parametrize(("kind", "days"), [(RouteKind.SMARTHOST, 3), (RouteKind.DIRECT, 3)])
def test_the_check_and_the_outlook_know_it(ws: Workspace, kind: RouteKind, days: int) -> None:
    routes.save(ws, replace(SHOP, kind=kind, warmup=Warmup(10, 40, 5)))
    settings.set_value(ws, "engine.expire", "2592000")
    add_people(ws, *(person(f"p{number}@docomo.ne.jp") for number in range(60)))
    make_parts(ws)
    draft = make_draft(ws, route="shop")
    found = next(check for check in preflight.check(ws, draft.id).amber if check.code == "warming_up")
    assert found.params == {"route": "shop", "sent": 0, "allowance": 10, "day": 1, "days": 5}
    last = outlook.before_sending(ws, draft.id).last
    assert last is not None
    assert last.forecast is not None
    assert last.forecast.limit is LaneReason.WARMING_UP
    assert (last.forecast.end.astimezone().date() - TODAY).days == days, "10, 14, 20, and 16 of 28"
