"""Lanes: the profile, what the user set on top, and nothing that makes no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.command import SetLane
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.lane import LIMITS, LaneOverride, PassingLimit
from desktop_relay.domain.lane_memory import LaneMemory, PaceMemory
from desktop_relay.domain.route import Route, RouteKind
from desktop_relay.operations import campaigns, lanes, routes
from desktop_relay.operations.workspace import Workspace
from desktop_relay.policy.lane_limits import override_of
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import add_people, make_draft, make_parts, person


def test_every_profile_with_its_standing(ws: Workspace) -> None:
    rows = {row.lane: row for row in lanes.overview(ws, "sandbox")}
    assert {"docomo", "au", "softbank", "google"} <= set(rows)
    docomo = rows["docomo"]
    assert docomo.pace_allowed == docomo.pace_learned == docomo.profile.limits.rate
    assert docomo.profile.source
    assert docomo.profile.source_ja
    assert docomo.profile.dated
    assert docomo.profile.confidence == "estimate"


def test_a_limit_of_ones_own_on_one_route_only(ws: Workspace, engine: FakeEngineLink) -> None:
    lanes.set_lane(ws, SetLane("sandbox", "docomo", rate=0.5, connections=1))
    assert engine.commands == [SetLane("sandbox", "docomo", 0.5, 1)]
    assert lanes.load(ws, "sandbox", "docomo").pace_allowed == 0.5
    usual = lanes.load(ws, "other", "docomo")
    assert usual.override is None
    assert usual.pace_allowed == usual.profile.limits.rate


LATER = NOW + timedelta(hours=1)
limits = st.none() | st.integers(1, 100)
moments = st.none() | st.just(LATER)
passing = st.lists(
    st.builds(PassingLimit, st.sampled_from(LIMITS), st.integers(0, 100), st.just(LATER)),
    max_size=3,
    unique_by=lambda limit: limit.name,
).map(tuple)
overrides = st.builds(
    LaneOverride,
    rate=limits,
    connections=limits,
    per_hour=limits,
    per_day=limits,
    paused=st.booleans(),
    paused_until=moments,
    passing=passing,
).map(lambda made: made if made.paused else replace(made, paused_until=None))
changes = st.builds(
    SetLane,
    st.just("sandbox"),
    st.just("docomo"),
    rate=st.none() | st.integers(0, 100),
    connections=st.none() | st.integers(0, 100),
    per_day=st.none() | st.integers(0, 100),
    paused=st.none() | st.booleans(),
    until=moments,
)


@given(overrides, changes)
def test_what_is_taken_back_is_as_it_was(before: LaneOverride, wanted: SetLane) -> None:
    after = override_of(before, wanted)
    for command in lanes.take_back(wanted, before):
        after = override_of(after, command)
    assert replace(after, passing=frozenset(after.passing)) == replace(
        before, passing=frozenset(before.passing)
    )


def test_setting_a_lane_answers_what_takes_it_back(ws: Workspace) -> None:
    lanes.set_lane(ws, SetLane("sandbox", "docomo", rate=0.5))
    slower = SetLane("sandbox", "docomo", rate=0.1, until=LATER)
    assert lanes.set_lane(ws, slower) == (SetLane("sandbox", "docomo", rate=0.5),)


def test_what_a_lane_learned(ws: Workspace) -> None:
    with open_spool_for_engine(ws.directory) as db:
        learned = {("sandbox", "docomo"): LaneMemory(NOW, pace=PaceMemory(pace=0.25))}
        Spool(db).apply([], [], NOW, learned)
    row = lanes.load(ws, "sandbox", "docomo")
    assert row.pace_allowed is not None
    assert row.pace_learned == row.pace_allowed * 0.25


@pytest.mark.parametrize("lane", ["shop.example", "mx:hosting.example"])
def test_lanes_without_a_profile(ws: Workspace, lane: str) -> None:
    row = lanes.load(ws, "sandbox", lane)
    assert row.lane == lane
    assert row.profile.name == lane.removeprefix("mx:")


def test_a_lane_nobody_knows(ws: Workspace) -> None:
    with pytest.raises(NotFound) as caught:
        lanes.load(ws, "sandbox", "nowhere")
    assert caught.value.code is ErrorCode.NO_SUCH_LANE


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"rate": -1.0}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"rate": float("inf")}, "rate"),
        ({"connections": -1}, "connections"),
        ({"until": NOW + timedelta(hours=1)}, "until"),
        ({"until": NOW, "paused": False}, "until"),
    ],
)
def test_what_makes_no_sense(
    ws: Workspace, engine: FakeEngineLink, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        lanes.set_lane(ws, SetLane("sandbox", "docomo", **options))
    assert caught.value.params["field"] == field
    assert engine.commands == []


def test_routes_in_the_library_or_in_use(ws: Workspace) -> None:
    lanes.check_route(ws, "sandbox")
    with pytest.raises(NotFound):
        lanes.check_route(ws, "gone")
    routes.save(ws, Route("account", RouteKind.SMARTHOST, "smtp.example.jp"))
    make_parts(ws)
    add_people(ws, person("a@example.jp"))
    draft = make_draft(ws, route="account")
    campaigns.send(ws, draft.id)
    campaigns.cancel(ws, draft.id)
    routes.delete(ws, "account")
    lanes.check_route(ws, "account")


def test_what_holds_for_a_while_is_shown_as_long_as_it_holds(ws: Workspace) -> None:
    now = ws.now()
    coming = PassingLimit("rate", 0.25, now + timedelta(hours=1))
    over = PassingLimit("per_day", 5, now - timedelta(seconds=1))
    with open_spool_for_engine(ws.directory) as db:
        override = LaneOverride(rate=2.0, per_day=900, passing=(coming, over))
        Spool(db).save_lane_override("sandbox", "docomo", override)
    row = lanes.load(ws, "sandbox", "docomo")
    assert (row.pace_allowed, row.per_day, row.until) == (0.25, 900, coming.until)
