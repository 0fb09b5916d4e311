"""The outlook before sending: each lane's end and the rule that decides it, as the engine would see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_relay.domain.errors import NotFound
from desktop_relay.domain.lane import LaneOverride, LaneReason
from desktop_relay.domain.lane_memory import ACCOUNT as ACCOUNT_MEMORY
from desktop_relay.domain.lane_memory import HealthMemory, LaneMemory
from desktop_relay.domain.route import PRACTICE, Member, Route, RouteKind
from desktop_relay.operations import campaigns, outlook, routes, settings
from desktop_relay.operations.outlook import LaneOutlook, Outlook
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.routing import parse_rule
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.lane_standing import save_lane_memory, save_lane_override
from desktop_relay.store.usage import add_usage, step_of
from tests.fakes.engine_link import NOW
from tests.unit.operations.parts import add_people, make_draft, make_parts, person

ACCOUNT = Route("account", RouteKind.SMARTHOST, host="mail.example.jp", port=587)


@pytest.fixture
def ready(ws: Workspace) -> Workspace:
    make_parts(ws)
    settings.set_value(ws, "sandbox.speed", "1")
    return ws


def lane(found: Outlook, key: str) -> LaneOutlook:
    return next(one for one in found.lanes if one.lane == key)


def seconds(found: Outlook, key: str) -> float:
    told = lane(found, key).forecast
    assert told is not None
    return (told.end - NOW).total_seconds()


def limit(found: Outlook, key: str) -> LaneReason:
    told = lane(found, key).forecast
    assert told is not None
    return told.limit


def test_a_draft_is_seen_to_its_end(ready: Workspace) -> None:
    add_people(ready, *(person(f"p{n}@docomo.ne.jp") for n in range(30)), {"email": "held@docomo.ne.jp"})
    found = outlook.before_sending(ready, make_draft(ready).id)
    (only,) = found.lanes
    assert (only.lane, only.people) == ("docomo", 30)
    assert seconds(found, "docomo") == pytest.approx(30, rel=0.02)
    assert limit(found, "docomo") is LaneReason.PROFILE
    assert found.last is only


def test_the_lane_that_ends_last_comes_first(ready: Workspace) -> None:
    found = outlook.over_route(ready, {"docomo": 10, "google": 10, "au": 300}, "sandbox")
    assert [one.lane for one in found.lanes] == ["au", "docomo", "google"]


def test_practice_goes_faster_than_life(ready: Workspace) -> None:
    settings.set_value(ready, "sandbox.speed", "20")
    assert seconds(outlook.over_route(ready, {"docomo": 20}, "sandbox"), "docomo") == pytest.approx(
        1, rel=0.02
    )


def test_the_user_s_limits_and_what_went_already(ready: Workspace) -> None:
    with open_spool_for_engine(ready.directory) as spool:
        save_lane_override(spool, "sandbox", "docomo", LaneOverride(rate=5.0))
        save_lane_override(spool, "sandbox", "au", LaneOverride(per_hour=100))
        save_lane_memory(spool, {("sandbox", "au"): LaneMemory(NOW, tokens=1.0, hour=((600.0, 100),))})
    found = outlook.over_route(ready, {"docomo": 30, "au": 30}, "sandbox")
    assert seconds(found, "docomo") == pytest.approx(6, rel=0.02)
    assert seconds(found, "au") == pytest.approx(3000 + 30, rel=0.02)
    assert (limit(found, "docomo"), limit(found, "au")) == (LaneReason.USER_LIMIT, LaneReason.HOUR_LIMIT)


def test_an_account_and_its_quota_are_shared(ready: Workspace) -> None:
    routes.save(ready, replace(ACCOUNT, rate=0.5, hourly_quota=100))
    slow = outlook.over_route(ready, {"docomo": 20, "google": 20}, "account")
    assert seconds(slow, "google") == pytest.approx(80, rel=0.05)
    assert limit(slow, "google") is LaneReason.ACCOUNT_LIMIT
    with open_spool_for_engine(ready.directory) as spool, spool.transaction():
        add_usage(spool, {("account", step_of(NOW - timedelta(minutes=10))): 90})
    spent = outlook.over_route(ready, {"docomo": 20}, "account")
    assert seconds(spent, "docomo") > 40 * 60
    assert limit(spent, "docomo") is LaneReason.QUOTA_USED


def test_a_pool_is_as_fast_as_its_accounts(ready: Workspace) -> None:
    for name in ("one", "two"):
        routes.save(ready, replace(ACCOUNT, name=name, rate=0.25))
    routes.save(ready, Route("both", RouteKind.POOL, members=(Member("one"), Member("two"))))
    found = outlook.over_route(ready, {"docomo": 20}, "both")
    assert seconds(found, "docomo") == pytest.approx(40, rel=0.05)


def test_what_cannot_be_done_in_time_is_told(ready: Workspace) -> None:
    found = outlook.over_route(ready, {"docomo": 1_000_000}, "sandbox")
    assert limit(found, "docomo") is LaneReason.DEADLINE
    lasts = float(str(settings.get(ready, "engine.expire")))
    assert seconds(found, "docomo") == pytest.approx(lasts)


def test_a_later_start(ready: Workspace) -> None:
    found = outlook.over_route(ready, {"docomo": 20}, "sandbox", NOW + timedelta(hours=1))
    assert seconds(found, "docomo") == pytest.approx(3600 + 20, rel=0.01)


def test_nobody_has_no_end(ready: Workspace) -> None:
    assert outlook.over_route(ready, {}, PRACTICE.name).last is None
    with pytest.raises(NotFound):
        outlook.over_route(ready, {"docomo": 1}, "gone")
    with pytest.raises(NotFound):
        outlook.before_sending(ready, 99)
    assert campaigns.drafts(ready) == []


def pool_of(ready: Workspace, rule: str, **limits: float) -> None:
    """Two accounts, the first of which has these limits."""
    routes.save(ready, replace(ACCOUNT, name="one", **limits))  # type: ignore[arg-type]
    routes.save(ready, replace(ACCOUNT, name="two"))
    members = (Member("one"), Member("two"))
    routes.save(ready, Route("both", RouteKind.POOL, members=members, rules=(parse_rule(rule),)))


def test_a_rule_binds_a_lane_to_its_account(ready: Workspace) -> None:
    pool_of(ready, "lane:docomo -> one only", rate=0.1)
    found = outlook.over_route(ready, {"docomo": 20, "google": 20}, "both")
    assert seconds(found, "docomo") == pytest.approx(200, rel=0.05)
    assert seconds(found, "google") < 30
    told = lane(found, "docomo").forecast
    assert told is not None
    assert (told.limit, told.account) == (LaneReason.ACCOUNT_LIMIT, "one")


def test_a_rule_for_a_sender_and_one_for_what_is_large(ready: Workspace) -> None:
    pool_of(ready, "from:@news.example.com -> one only", rate=0.1)
    people = {"docomo": 20}
    bound = outlook.over_route(ready, people, "both", sender="shop@news.example.com")
    free = outlook.over_route(ready, people, "both", sender="shop@other.example.com")
    assert seconds(bound, "docomo") > 5 * seconds(free, "docomo")
    add_people(ready, *(person(f"p{n}@docomo.ne.jp") for n in range(20)))
    for size, is_bound in (("1", True), ("900MB", False)):
        pool_of(ready, f"over:{size} -> one only", rate=0.1)
        found = outlook.before_sending(ready, make_draft(ready, route="both").id)
        assert (limit(found, "docomo") is LaneReason.ACCOUNT_LIMIT) is is_bound


def test_what_is_kept_back_waits_for_the_next_day(ready: Workspace) -> None:
    pool_of(ready, "lane:docomo keep:90 -> one only", daily_quota=100)
    found = outlook.over_route(ready, {"docomo": 15, "google": 20}, "both")
    assert seconds(found, "docomo") > 3600
    told = lane(found, "docomo").forecast
    assert told is not None
    assert (told.limit, told.account) == (LaneReason.QUOTA_USED, "one")
    pool_of(ready, "lane:docomo keep:90 -> one", daily_quota=100)
    assert seconds(outlook.over_route(ready, {"docomo": 15}, "both"), "docomo") < 60, "over the other one"


def test_an_account_that_rests_is_gone_around(ready: Workspace) -> None:
    pool_of(ready, "lane:docomo -> one")
    with open_spool_for_engine(ready.directory) as spool:
        resting = LaneMemory(NOW, tokens=1.0, health=HealthMemory(3600.0, 9))
        save_lane_memory(spool, {("one", ACCOUNT_MEMORY): resting})
    assert seconds(outlook.over_route(ready, {"docomo": 15}, "both"), "docomo") < 60
    pool_of(ready, "lane:docomo -> one only")
    found = outlook.over_route(ready, {"docomo": 15}, "both")
    assert seconds(found, "docomo") == pytest.approx(3600 + 15, rel=0.02)
    assert limit(found, "docomo") is LaneReason.ACCOUNTS_RESTING
