"""Routes: checked when saved, their passwords kept apart, and not taken away from under a campaign."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from desktop_relay.domain.campaign import CampaignState, PauseReason
from desktop_relay.domain.changes import Changes
from desktop_relay.domain.command import Command, ReloadSettings, RenameRoute, SetLane
from desktop_relay.domain.effect import EffectKind
from desktop_relay.domain.errors import (
    BadInput,
    EngineUnreachable,
    ErrorCode,
    NotFound,
    Refused,
    RelayError,
    StoreUnusable,
)
from desktop_relay.domain.lane import HIGHEST_LIMIT
from desktop_relay.domain.outcome import Reason
from desktop_relay.domain.pace_change import PaceChange
from desktop_relay.domain.route import PRACTICE, Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.warmup import Warmup
from desktop_relay.operations import account_usage, campaigns, lanes, routes
from desktop_relay.operations.sign_in import wants_sign_in
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from desktop_relay.store.usage import add_usage, step_of
from desktop_relay.store.vault import password_name, sign_in_name
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import add_people, make_draft, make_parts, person

ACCOUNT = Route("account", RouteKind.SMARTHOST, "smtp.example.jp", user="me")


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_usual_port(ws: Workspace, engine: FakeEngineLink, tls: str, port: int) -> None:
    kept, changes = routes.save(ws, replace(ACCOUNT, name=" account ", tls=TlsMode(tls)))
    assert (kept.name, kept.port) == ("account", port)
    assert changes.routes
    assert routes.load(ws, "account") == kept
    assert engine.commands == [ReloadSettings()], "a running engine hears of it; none is started"


def test_the_practice_route_is_always_there(ws: Workspace) -> None:
    routes.save(ws, ACCOUNT)
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "account"]
    with pytest.raises(Refused) as caught:
        routes.delete(ws, PRACTICE.name)
    assert caught.value.code is ErrorCode.ROUTE_IS_PRACTICE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", ""),
        ("host", "two words"),
        ("host", "a\r\nb"),
        ("host", "-a.example"),
        ("port", -1),
        ("port", 65536),
        ("rate", 0.0),
        ("rate", -1.0),
        ("rate", float("nan")),
        ("rate", float("inf")),
        ("max_connections", 0),
        ("daily_quota", 0),
        ("hourly_quota", -1),
        ("fallback", "account"),
        ("members", (Member("account"),)),
        ("ehlo_name", "me\r\nMAIL FROM:<x@y>"),
        ("user", "a\nb"),
        ("name", " sandbox "),
        ("name", "a\nb"),
    ],
)
def test_impossible_values(ws: Workspace, field: str, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        routes.save(ws, replace(ACCOUNT, **{field: value}))
    assert caught.value.code is ErrorCode.VALUE_INVALID
    assert caught.value.params["field"] == field
    assert [route.name for route in routes.overview(ws)] == ["sandbox"]


@pytest.mark.parametrize("host", ["smtp.example.jp", "localhost", "127.0.0.1", "[::1]", "日本.example"])
def test_hosts_of_every_kind(ws: Workspace, host: str) -> None:
    assert routes.save(ws, replace(ACCOUNT, host=host))[0].host == host


def test_a_nameless_route(ws: Workspace) -> None:
    with pytest.raises(BadInput) as caught:
        routes.save(ws, replace(ACCOUNT, name="  "))
    assert caught.value.code is ErrorCode.NAME_EMPTY


def test_the_password_is_kept_changed_and_forgotten(ws: Workspace) -> None:
    routes.save(ws, ACCOUNT)
    assert not routes.has_password(ws, "account")
    routes.save(ws, ACCOUNT, "ひみつ")
    routes.save(ws, replace(ACCOUNT, port=2525))
    assert ws.vault.get(ws.library, "route:account") == "ひみつ"
    stored = (ws.directory / "library.db").read_bytes()
    assert "ひみつ".encode() not in stored
    routes.save(ws, ACCOUNT, "")
    assert not routes.has_password(ws, "account")


def test_a_deleted_route_takes_its_password_along(ws: Workspace) -> None:
    routes.save(ws, ACCOUNT, "secret")
    gone, _ = routes.delete(ws, "account")
    assert gone == replace(ACCOUNT, port=587)
    with pytest.raises(NotFound):
        routes.load(ws, "account")
    routes.save(ws, gone)
    assert not routes.has_password(ws, "account")


@pytest.mark.expect_warnings
def test_an_unreadable_password_is_told(ws: Workspace) -> None:
    routes.save(ws, ACCOUNT, "secret")
    (ws.directory / "keys" / "master.key").write_bytes(b"short")
    with Workspace(ws.directory, ws.engine) as other, pytest.raises(StoreUnusable) as caught:
        routes.has_password(other, "account")
    assert caught.value.code is ErrorCode.SECRET_UNREADABLE


@pytest.mark.parametrize("steps", [(), (CampaignState.SENDING,), (CampaignState.PAUSED,)])
def test_a_route_that_a_campaign_needs_stays(
    ws: Workspace, engine: FakeEngineLink, steps: tuple[CampaignState, ...]
) -> None:
    routes.save(ws, ACCOUNT, "secret")
    add_people(ws, person("a@example.jp"))
    make_parts(ws)
    draft = make_draft(ws, route="account")
    campaigns.send(ws, draft.id)
    for step in steps:
        move(engine, draft.id, step)
    with pytest.raises(Refused) as caught:
        routes.delete(ws, "account")
    assert caught.value.code is ErrorCode.ROUTE_IN_USE
    assert routes.has_password(ws, "account")
    campaigns.cancel(ws, draft.id)
    routes.delete(ws, "account")


def move(engine: FakeEngineLink, campaign: int, state: CampaignState) -> None:
    with open_spool_for_engine(engine.directory) as db:
        Spool(db).move_campaign(campaign, state, PauseReason.NONE, NOW)


POOL = Route("pool", RouteKind.POOL, members=(Member("account", 2),))


def test_a_pool_and_what_it_needs(ws: Workspace) -> None:
    with pytest.raises(BadInput):
        routes.save(ws, POOL)
    routes.save(ws, ACCOUNT)
    routes.save(ws, replace(POOL, rules=routes.read_rules(["lane:docomo -> account only"])))
    assert routes.rules_text(routes.load(ws, "pool")) == ["lane:docomo -> account only"]
    with pytest.raises(Refused) as caught:
        routes.delete(ws, "account")
    assert caught.value.code is ErrorCode.ROUTE_IS_NAMED
    with pytest.raises(Refused):
        routes.save(ws, replace(ACCOUNT, kind=RouteKind.DIRECT, host="", user=""))
    routes.delete(ws, "pool")
    routes.delete(ws, "account")


def test_a_fallback_is_no_direct_route(ws: Workspace) -> None:
    routes.save(ws, ACCOUNT)
    routes.save(ws, Route("direct", RouteKind.DIRECT, fallback="account"))
    with pytest.raises(BadInput):
        routes.save(ws, Route("other", RouteKind.DIRECT, fallback="direct"))


def test_of_a_pool_the_account_that_fails_is_named(ws: Workspace) -> None:
    routes.save(ws, replace(ACCOUNT, host="127.0.0.1", port=9, tls=TlsMode.NONE, user=""))
    routes.save(ws, POOL)
    found = routes.probe(ws, POOL)
    assert (found.ok, found.problem) == (False, Reason.CONNECT_REFUSED)
    assert found.detail.startswith("account")


def test_practice_always_connects(ws: Workspace) -> None:
    assert routes.probe(ws, PRACTICE).ok


def test_a_closed_port_is_a_finding_not_an_error(ws: Workspace) -> None:
    found = routes.probe(ws, replace(ACCOUNT, host="127.0.0.1", port=9, tls=TlsMode.NONE, user=""))
    assert not found.ok
    assert found.problem is Reason.CONNECT_REFUSED


SIGNED_IN = replace(ACCOUNT, oauth="google", client_id="client")


@pytest.mark.parametrize(
    ("route", "field"),
    [
        (replace(ACCOUNT, egress="not an address"), "egress"),
        (replace(SIGNED_IN, client_id=""), "client_id"),
        (replace(SIGNED_IN, user=""), "oauth"),
        (replace(SIGNED_IN, kind=RouteKind.DIRECT), "oauth"),
        (replace(SIGNED_IN, tls=TlsMode.NONE), "oauth"),
    ],
)
def test_egress_and_sign_in_are_checked(ws: Workspace, route: Route, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        routes.save(ws, route)
    assert caught.value.params["field"] == field


def test_egress_and_client_are_kept(ws: Workspace) -> None:
    kept, _ = routes.save(ws, replace(SIGNED_IN, egress=" 192.0.2.1 "))
    assert routes.load(ws, kept.name) == kept
    assert kept.egress == "192.0.2.1"


def test_another_client_means_another_sign_in(ws: Workspace) -> None:
    routes.save(ws, SIGNED_IN)
    ws.vault.put(ws.library, "oauth:account", "refresh")
    routes.save(ws, replace(SIGNED_IN, rate=2.0))
    assert not wants_sign_in(ws, SIGNED_IN)
    routes.save(ws, replace(SIGNED_IN, client_id="other"))
    assert wants_sign_in(ws, SIGNED_IN)


def test_the_clients_secret_is_no_password(ws: Workspace) -> None:
    routes.save(ws, SIGNED_IN, "client secret")
    found = routes.probe(ws, SIGNED_IN)
    assert (found.ok, found.problem) == (False, Reason.SIGN_IN_NEEDED)


POOLED = (
    ACCOUNT,
    replace(ACCOUNT, name="other"),
    Route(
        "pool",
        RouteKind.POOL,
        members=(Member("account", 2), Member("other")),
        rules=(RoutingRule("account", ("docomo",)), RoutingRule("other", only=True)),
    ),
    Route("direct", RouteKind.DIRECT, fallback="account"),
)


def test_everything_follows_a_new_name(ws: Workspace, engine: FakeEngineLink) -> None:
    for route in POOLED:
        routes.save(ws, route, "geheim" if route is ACCOUNT else None)
    ws.vault.put(ws.library, sign_in_name("account"), "refresh")
    make_parts(ws)
    add_people(ws, person("a@example.jp"))
    draft = make_draft(ws, route="account")
    over = make_draft(ws, route="account")
    campaigns.send(ws, over.id)
    campaigns.cancel(ws, over.id)
    lanes.set_lane(ws, SetLane("account", "docomo", rate=0.5))
    with open_spool_for_engine(ws.directory) as db:
        add_usage(db, {("account", step_of(NOW)): 7, ("new", step_of(NOW)): 99})
        Spool(db).save_pace_changes(
            "account", {"docomo": (PaceChange(NOW, EffectKind.SLOW, Reason.BLOCKED),)}
        )
    renamed, changes = routes.rename(ws, "account", " new ")
    assert renamed == routes.load(ws, "new")
    assert (changes.routes, changes.campaigns) == (True, True)
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "direct", "new", "other", "pool"]
    pool = routes.load(ws, "pool")
    assert pool.members == (Member("new", 2), Member("other"))
    assert pool.rules == (RoutingRule("new", ("docomo",)), RoutingRule("other", only=True))
    assert routes.load(ws, "direct").fallback == "new"
    assert campaigns.load(ws, draft.id).route == "new"
    assert campaigns.status(ws, over.id).route == "new"
    assert ws.vault.get(ws.library, password_name("new")) == "geheim"
    assert ws.vault.get(ws.library, sign_in_name("new")) == "refresh"
    assert not routes.has_password(ws, "account")
    assert account_usage.usage(ws, "new").today == 7, "not what an earlier route of that name took"
    row = lanes.load(ws, "new", "docomo")
    assert (row.pace_allowed, len(row.changes)) == (0.5, 1)
    assert engine.commands[-2:] == [RenameRoute("account", "new"), ReloadSettings()]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", ErrorCode.NAME_EMPTY),
        ("other", ErrorCode.VALUE_INVALID),
        ("sandbox", ErrorCode.VALUE_INVALID),
        ("a\nb", ErrorCode.VALUE_INVALID),
    ],
)
def test_names_that_cannot_be(ws: Workspace, engine: FakeEngineLink, new: str, code: ErrorCode) -> None:
    for route in POOLED:
        routes.save(ws, route)
    with pytest.raises(BadInput) as caught:
        routes.rename(ws, "account", new)
    assert caught.value.code is code
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "account", "direct", "other", "pool"]
    assert RenameRoute not in {type(command) for command in engine.commands}


@pytest.mark.parametrize("used", ["account", "pool", "direct"])
def test_what_a_campaign_needs_keeps_its_name(ws: Workspace, used: str) -> None:
    for route in POOLED:
        routes.save(ws, route)
    make_parts(ws)
    add_people(ws, person("a@example.jp"))
    campaigns.send(ws, make_draft(ws, route=used).id)
    with pytest.raises(Refused) as caught:
        routes.rename(ws, "account", "new")
    assert caught.value.code is ErrorCode.ROUTE_IN_USE
    with pytest.raises(Refused):
        routes.rename(ws, PRACTICE.name, "new")


def test_the_same_name_changes_nothing(ws: Workspace, engine: FakeEngineLink) -> None:
    kept, _ = routes.save(ws, ACCOUNT)
    assert routes.rename(ws, "account", "account ") == (kept, Changes())
    assert engine.commands == [ReloadSettings()]


def test_another_name_and_other_values_at_once(ws: Workspace) -> None:
    for route in POOLED:
        routes.save(ws, route, "geheim" if route is ACCOUNT else None)
    seen = routes.load(ws, "account")
    kept, changes = routes.change(ws, seen, replace(seen, name=" new ", daily_quota=500))
    assert kept == routes.load(ws, "new") == replace(seen, name="new", daily_quota=500)
    assert (changes.routes, changes.campaigns) == (True, True)
    assert ws.vault.get(ws.library, password_name("new")) == "geheim"
    assert routes.load(ws, "direct").fallback == "new"


class Ending(FakeEngineLink):
    """An engine that takes commands, but has no time for what it can read later."""

    def find(self, command: Command) -> Mapping[str, Any] | None:
        raise self.refusal or Refused(ErrorCode.ENGINE_STOPPING)


@pytest.mark.parametrize(
    "refusal", [Refused(ErrorCode.ENGINE_STOPPING), EngineUnreachable(ErrorCode.ENGINE_SILENT, path="x")]
)
def test_what_is_stored_is_no_failure_of_an_engine_that_ends(ws: Workspace, refusal: RelayError) -> None:
    ws.engine = Ending(ws.directory, refusal=refusal)
    kept, _ = routes.add(ws, ACCOUNT, "geheim")
    kept, _ = routes.change(ws, kept, replace(kept, host="other.example"))
    assert routes.load(ws, "account") == kept
    ws.engine = Ending(ws.directory)
    kept, _ = routes.change(ws, kept, replace(kept, name="new"))
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "new"]
    assert ws.vault.get(ws.library, password_name("new")) == "geheim"


def test_a_password_that_cannot_be_kept_keeps_the_route_out(ws: Workspace) -> None:
    keys = ws.directory / "keys"
    keys.write_text("a file in the way")
    with pytest.raises(StoreUnusable):
        routes.add(ws, ACCOUNT, "geheim")
    assert [route.name for route in routes.overview(ws)] == ["sandbox"]
    keys.unlink()
    kept, _ = routes.add(ws, ACCOUNT)
    keys.write_text("a file in the way")
    wanted = replace(kept, name="new", host="other.example")
    with pytest.raises(StoreUnusable):
        routes.change(ws, kept, wanted, "geheim")
    assert routes.load(ws, "account") == kept
    keys.unlink()
    assert routes.change(ws, kept, wanted, "geheim")[0] == routes.load(ws, "new")
    assert ws.vault.get(ws.library, password_name("new")) == "geheim"


def test_an_unreadable_password_is_told_before_the_engine_renames(
    ws: Workspace, engine: FakeEngineLink
) -> None:
    kept, _ = routes.save(ws, ACCOUNT, "geheim")
    (ws.directory / "keys" / "master.key").unlink()
    with pytest.raises(StoreUnusable):
        routes.change(ws, kept, replace(kept, name="new"))
    assert RenameRoute not in {type(command) for command in engine.commands}
    assert routes.load(ws, "account") == kept


def test_what_was_changed_elsewhere_is_not_written_over(ws: Workspace) -> None:
    seen, _ = routes.save(ws, ACCOUNT)
    routes.save(ws, replace(seen, daily_quota=500))
    with pytest.raises(Refused) as caught:
        routes.change(ws, seen, replace(seen, name="new", rate=1.0))
    assert caught.value.code is ErrorCode.CHANGED_ELSEWHERE
    assert routes.load(ws, "account") == replace(seen, daily_quota=500)
    routes.rename(ws, "account", "renamed")
    with pytest.raises(Refused):
        routes.change(ws, replace(seen, daily_quota=500), replace(seen, rate=1.0))
    assert [route.name for route in routes.overview(ws)] == ["sandbox", "renamed"]


def test_a_change_that_is_refused_changes_nothing(ws: Workspace) -> None:
    seen, _ = routes.save(ws, ACCOUNT, "geheim")
    make_parts(ws)
    add_people(ws, person("a@example.jp"))
    campaigns.send(ws, make_draft(ws, route="account").id)
    for wanted in (replace(seen, name="new", rate=1.0), replace(seen, name="", rate=1.0)):
        with pytest.raises((Refused, BadInput)):
            routes.change(ws, seen, wanted, "other")
    with pytest.raises(BadInput):
        routes.change(ws, seen, replace(seen, name="new", host="two words"), "other")
    assert routes.load(ws, "account") == seen
    assert ws.vault.get(ws.library, password_name("account")) == "geheim"


def test_a_new_route_takes_no_other_s_place(ws: Workspace) -> None:
    routes.add(ws, ACCOUNT, "geheim")
    with pytest.raises(BadInput) as caught:
        routes.add(ws, replace(ACCOUNT, name=" account ", host="other.example"))
    assert caught.value.params["field"] == "name"
    assert routes.load(ws, "account").host == ACCOUNT.host


@pytest.mark.parametrize(("before", "after"), [(ACCOUNT, SIGNED_IN), (SIGNED_IN, ACCOUNT)])
def test_a_password_is_no_secret_and_a_secret_no_password(ws: Workspace, before: Route, after: Route) -> None:
    routes.save(ws, before, "geheim")
    routes.save(ws, after)
    assert not routes.has_password(ws, "account"), "it would be told to somebody else"
    routes.save(ws, before, "geheim")
    routes.save(ws, after, "the other")
    assert ws.vault.get(ws.library, password_name("account")) == "the other"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that says nothing by itself."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(20)
        yield made


def at(listener: socket.socket, route: Route) -> Route:
    return replace(route, host="127.0.0.1", port=listener.getsockname()[1], tls=TlsMode.NONE)


def test_a_test_does_not_tell_the_kept_secret_to_a_mail_server(
    ws: Workspace, listener: socket.socket
) -> None:
    routes.save(ws, SIGNED_IN, "client secret")
    found = routes.probe(ws, at(listener, ACCOUNT))
    assert (found.ok, found.problem) == (False, Reason.PASSWORD_MISSING)


def test_a_test_of_a_silent_server_is_called_off(ws: Workspace, listener: socket.socket) -> None:
    call_off: Future[None] = Future()

    def call_off_once_connected() -> None:
        line, _ = listener.accept()
        with line, contextlib.suppress(OSError):
            call_off.cancel()
            line.recv(1)  # until the other end has gone

    caller = threading.Thread(target=call_off_once_connected, daemon=True)
    caller.start()
    with pytest.raises(Refused) as caught:
        routes.probe(ws, at(listener, replace(ACCOUNT, user="")), call_off=call_off)
    assert caught.value.code is ErrorCode.TEST_CALLED_OFF
    caller.join(20)


KEEPS_MUCH = RoutingRule("account", keep=HIGHEST_LIMIT + 1)


@pytest.mark.parametrize(
    "route",
    [
        replace(ACCOUNT, warmup=Warmup(1, HIGHEST_LIMIT + 1, 60)),
        Route("pool", RouteKind.POOL, members=(Member("account"),), rules=(KEEPS_MUCH,)),
    ],
    ids=["warm-up", "rule"],
)
def test_numbers_that_no_field_can_show(ws: Workspace, route: Route) -> None:
    routes.save(ws, ACCOUNT)
    with pytest.raises(BadInput) as caught:
        routes.save(ws, route)
    assert caught.value.code is ErrorCode.VALUE_INVALID
