"""The small things of the library: lists, templates, senders, routes, drafts, settings."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.campaign import Draft
from desktop_relay.domain.contact_list import ListRow
from desktop_relay.domain.errors import ErrorCode, NotFound, Refused
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import PRACTICE, Member, Route, RouteKind, RoutingRule, TlsMode
from desktop_relay.domain.settings import SETTINGS
from desktop_relay.domain.template import Template, TemplateRow
from desktop_relay.domain.warmup import Warmup
from desktop_relay.store.contacts import insert_contact
from desktop_relay.store.database import Database
from desktop_relay.store.drafts import (
    delete_draft,
    insert_draft,
    load_draft,
    load_drafts,
    mark_submitted,
    update_draft,
)
from desktop_relay.store.identities import (
    delete_identity,
    load_identities,
    load_identity,
    save_identity,
)
from desktop_relay.store.lists import (
    add_members,
    create_list,
    delete_list,
    find_list,
    load_lists,
    remove_members,
    rename_list,
)
from desktop_relay.store.routes import delete_route, load_route, load_routes, save_route
from desktop_relay.store.settings import load_settings, save_setting
from desktop_relay.store.templates import (
    delete_template,
    load_template,
    load_templates,
    save_template,
)
from desktop_relay.store.times import from_ms, to_ms

DRAFT = Draft(0, "春の案内", "春", "news@shop.example", "account", ("顧客", "会員"), subject="春です")


def test_lists(library: Database, now: datetime) -> None:
    people = [
        insert_contact(library, f"p{n}@mail.example", f"p{n}@mail.example", False, {}, now) for n in range(3)
    ]
    customers = create_list(library, "顧客", now)
    create_list(library, "会員", now)
    assert add_members(library, customers, [*people, people[0], 999]) == 3
    assert add_members(library, customers, people[:1]) == 0
    assert remove_members(library, customers, [people[0], 999]) == 1
    assert load_lists(library) == [ListRow(2, "会員", 0), ListRow(1, "顧客", 2)]
    with pytest.raises(Refused) as taken:
        create_list(library, "会員", now)
    assert taken.value.code is ErrorCode.NAME_TAKEN
    with pytest.raises(Refused):
        rename_list(library, customers, "会員")
    delete_list(library, customers)
    assert find_list(library, "顧客") is None
    assert library.number("SELECT count(*) FROM list_members") == 0
    for refused in (
        lambda: delete_list(library, customers),
        lambda: rename_list(library, customers, "x"),
        lambda: add_members(library, customers, people),
    ):
        with pytest.raises(NotFound):
            refused()


def test_drafts_follow_the_names_of_lists_and_templates(library: Database, now: datetime) -> None:
    customers = create_list(library, "顧客", now)
    save_template(library, Template("春", "s", "h", "t"), now)
    waiting, sent = insert_draft(library, DRAFT, now), insert_draft(library, DRAFT, now)
    mark_submitted(library, sent, now)
    rename_list(library, customers, "お客様")
    save_template(library, Template("初春", "s", "h", "t"), now, Template("春", "s", "h", "t"))
    drafts = {draft.id: draft for draft in load_drafts(library)}
    assert (drafts[waiting].lists, drafts[waiting].template) == (("お客様", "会員"), "初春")
    assert (drafts[sent].lists, drafts[sent].template) == (("顧客", "会員"), "春")


def test_templates(library: Database, now: datetime) -> None:
    template = Template("春", "{{ name }}様", "<p>本文</p>", "本文", ("/tmp/案内.pdf", "/tmp/b.png"))
    save_template(library, template, now)
    assert load_template(library, "春") == template
    save_template(library, Template("春", "二版", "", "文"), now + timedelta(hours=1), template)
    assert load_templates(library) == [TemplateRow("春", "二版", now + timedelta(hours=1))]
    save_template(library, Template("夏", "s", "", "t"), now)
    with pytest.raises(Refused) as caught:
        save_template(library, Template("夏", "上書き", "", "t"), now, load_template(library, "春"))
    assert caught.value.code is ErrorCode.NAME_TAKEN
    kept = load_template(library, "夏")
    assert kept is not None
    assert kept.subject == "s"
    delete_template(library, "夏")
    delete_template(library, "夏")
    assert load_template(library, "夏") is None


def test_senders(library: Database) -> None:
    bare = Identity("b@shop.example")
    full = Identity(
        "a@shop.example",
        "青空商店",
        "reply@shop.example",
        "東京都千代田区1-1",
        "stop@shop.example",
        "https://shop.example/stop",
        "relay",
    )
    for identity in (bare, full):
        save_identity(library, identity)
    assert load_identities(library) == [full, bare]
    save_identity(library, Identity("b@shop.example", "名前"))
    assert load_identity(library, "b@shop.example") == Identity("b@shop.example", "名前")
    delete_identity(library, "b@shop.example")
    assert load_identity(library, "b@shop.example") is None


def test_routes(library: Database) -> None:
    full = Route(
        "会社", RouteKind.SMARTHOST, "smtp.shop.example", 465, TlsMode.TLS, "u", 2.5, 4, "pc.example"
    )
    direct = Route("直接", RouteKind.DIRECT, requiretls=True, fallback="束", warmup=Warmup(50, 20_000, 30))
    pool = Route(
        "束",
        RouteKind.POOL,
        daily_quota=9,
        hourly_quota=3,
        members=(Member("会社", 2), Member("他")),
        rules=(RoutingRule("会社", ("docomo",), ("@a.example",), 9, 1, True), RoutingRule("他")),
    )
    for route in (direct, full, pool):
        save_route(library, route)
    assert load_routes(library) == [PRACTICE, full, pool, direct]
    assert load_route(library, "sandbox") == PRACTICE
    assert load_route(library, "会社") == full
    delete_route(library, "会社")
    assert load_route(library, "会社") is None


def test_drafts(library: Database, now: datetime) -> None:
    number = insert_draft(library, DRAFT, now)
    draft = load_draft(library, number)
    assert draft is not None
    assert (draft.name, draft.lists, draft.subject) == ("春の案内", ("顧客", "会員"), "春です")
    assert (draft.created_at, draft.submitted_at) == (now, None)
    update_draft(library, Draft(number, "夏の案内", "夏", "x@shop.example", "別", ()))
    mark_submitted(library, number, now)
    mark_submitted(library, number, now + timedelta(hours=1))
    draft = load_draft(library, number)
    assert draft is not None
    assert (draft.name, draft.lists, draft.subject, draft.submitted_at) == ("夏の案内", (), None, now)
    delete_draft(library, number)
    assert load_drafts(library) == []
    assert insert_draft(library, DRAFT, now) > number
    with pytest.raises(NotFound):
        update_draft(library, Draft(number, "x", "", "", "", ()))


def test_settings(library: Database) -> None:
    assert load_settings(library) == {key: setting.default for key, setting in SETTINGS.items()}
    save_setting(library, "dns.nameservers", ("127.0.0.1:5300", "::1"))
    save_setting(library, "ui.keep_sending", False)
    save_setting(library, "sandbox.speed", 2.5)
    library.execute("INSERT INTO settings VALUES ('of.a.newer.program', '1')")
    values = load_settings(library)
    assert values["dns.nameservers"] == ("127.0.0.1:5300", "::1")
    assert values["ui.keep_sending"] is False
    assert values["sandbox.speed"] == 2.5
    assert values.keys() == SETTINGS.keys()
    with pytest.raises(NotFound):
        save_setting(library, "no.such", 1)


@given(st.integers(min_value=-(2**40), max_value=2**43))
def test_times_come_back_as_they_were(milliseconds: int) -> None:
    assert to_ms(from_ms(milliseconds)) == milliseconds
    assert to_ms(from_ms(milliseconds) + timedelta(microseconds=999)) == milliseconds
