"""The check before sending: what blocks, what warns, what is told, each where it belongs."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_relay.domain.errors import ErrorCode, NotFound
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.route import Route, RouteKind, TlsMode
from desktop_relay.domain.template import Template
from desktop_relay.operations import (
    campaigns,
    identities,
    lists,
    preflight,
    routes,
    settings,
    suppressions,
    templates,
)
from desktop_relay.operations.preflight import Check, CheckReport
from desktop_relay.operations.workspace import Workspace
from resources.phrases import LANGUAGES, load_phrases, phrase
from tests.unit.operations.parts import LETTER, POSTAL, SENDER, add_people, make_draft, make_parts, person

ACCOUNT = Route("account", RouteKind.SMARTHOST, "smtp.example.jp", user="me")


def codes(checks: tuple[Check, ...]) -> list[str]:
    return [check.code for check in checks]


def report(ws: Workspace, template: Template = LETTER, **options: object) -> CheckReport:
    """The check of a good campaign with this template."""
    add_people(ws, person("a@docomo.ne.jp"), person("b@example.jp"))
    make_parts(ws, template, signed=bool(options.get("signed", True)))
    route = options.get("route")
    if isinstance(route, Route):
        routes.save(ws, route, "secret" if options.get("password") else None)
    return preflight.check(ws, make_draft(ws, route=route.name if isinstance(route, Route) else "sandbox").id)


def test_a_good_campaign(ws: Workspace) -> None:
    found = report(ws)
    assert found.red == ()
    assert codes(found.amber) == ["no_one_click"]
    assert codes(found.green) == ["people", "dkim_signed", "practice_route", "merge_complete"]
    assert found.green[0].params == {"number": 2}


def test_only_a_campaign_that_is_not_there_is_an_error(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        preflight.check(ws, 9)


def drop_template(ws: Workspace) -> None:
    templates.delete(ws, "letter")


def drop_sender(ws: Workspace) -> None:
    identities.delete(ws, SENDER)


def drop_list(ws: Workspace) -> None:
    lists.delete(ws, 1)


def choose_no_template(ws: Workspace) -> None:
    campaigns.update(ws, replace(campaigns.load(ws, 1), template=""))


@pytest.mark.parametrize(
    ("drop", "code"),
    [
        (drop_template, ErrorCode.NO_SUCH_TEMPLATE),
        (drop_sender, ErrorCode.NO_SUCH_IDENTITY),
        (drop_list, ErrorCode.NO_SUCH_LIST),
        (choose_no_template, ErrorCode.DRAFT_INCOMPLETE),
    ],
)
def test_a_missing_part_blocks(ws: Workspace, drop: Callable[[Workspace], None], code: ErrorCode) -> None:
    report(ws)
    drop(ws)
    found = preflight.check(ws, 1)
    assert codes(found.red) == ["missing_part"]
    assert found.red[0].error is not None
    assert found.red[0].error.code is code


def test_an_empty_list_blocks(ws: Workspace) -> None:
    make_parts(ws)
    lists.create(ws, "all")
    assert codes(preflight.check(ws, make_draft(ws).id).red) == ["nobody_to_send_to"]


def test_everybody_suppressed_blocks(ws: Workspace) -> None:
    report(ws)
    suppressions.add(ws, ["@docomo.ne.jp", "b@example.jp"])
    found = preflight.check(ws, 1)
    assert codes(found.red) == ["nobody_to_send_to"]
    assert ("suppressed_left_out", {"number": 2}) in [(c.code, c.params) for c in found.green]


def test_people_without_consent_are_not_counted_as_reached(ws: Workspace) -> None:
    add_people(ws, {"email": "c@example.jp", "name": "c"})
    found = report(ws)
    assert [c.params for c in found.green if c.code == "people"] == [{"number": 2}]
    assert [c.params for c in found.amber if c.code == "without_consent"] == [{"number": 1}]


def test_with_the_hold_switched_off_they_are(ws: Workspace) -> None:
    settings.set_value(ws, "campaign.hold_without_consent", "off")
    add_people(ws, {"email": "c@example.jp", "name": "c"})
    found = report(ws)
    assert [c.params for c in found.green if c.code == "people"] == [{"number": 3}]
    assert "consent_not_asked" in codes(found.amber)
    assert "without_consent" not in codes(found.amber)


def test_nobody_with_consent_warns_but_may_be_let_go_later(ws: Workspace) -> None:
    make_parts(ws)
    add_people(ws, {"email": "c@example.jp", "name": "c"})
    found = preflight.check(ws, make_draft(ws).id)
    assert found.red == ()
    assert {"nobody_to_send_to", "without_consent"} <= set(codes(found.amber))
    assert "people" not in codes(found.green)


def test_a_sender_without_name_and_postal_address(ws: Workspace) -> None:
    report(ws)
    identities.save(ws, Identity(SENDER, unsubscribe_url="https://example.jp/u/"))
    found = preflight.check(ws, 1)
    assert {"no_sender_name", "no_postal_address"} <= set(codes(found.amber))
    assert "no_one_click" not in codes(found.amber)
    assert "one_click" in codes(found.green)


@pytest.mark.parametrize(("kind", "level"), [(RouteKind.SMARTHOST, "amber"), (RouteKind.DIRECT, "red")])
def test_without_keys(ws: Workspace, kind: RouteKind, level: str) -> None:
    route = Route("r", kind, "smtp.example.jp" if kind is RouteKind.SMARTHOST else "")
    found = report(ws, route=route, signed=False)
    assert "no_dkim_key" in codes(getattr(found, level))
    assert ("direct_route" in codes(found.amber)) == (kind is RouteKind.DIRECT)


def test_a_login_without_password_blocks(ws: Workspace) -> None:
    assert codes(report(ws, route=ACCOUNT).red) == ["no_password"]
    routes.save(ws, ACCOUNT, "secret")
    assert preflight.check(ws, 1).red == ()


@pytest.mark.expect_warnings
def test_an_unreadable_password_blocks(ws: Workspace) -> None:
    report(ws, route=ACCOUNT, password=True)
    (ws.directory / "keys" / "master.key").write_bytes(b"short")
    with Workspace(ws.directory, ws.engine) as other:
        (red,) = preflight.check(other, 1).red
    assert (red.code, red.error.code if red.error else None) == ("no_password", ErrorCode.SECRET_UNREADABLE)


def test_an_account_in_the_clear_warns(ws: Workspace) -> None:
    assert "no_encryption" in codes(report(ws, route=replace(ACCOUNT, tls=TlsMode.NONE)).amber)


def test_every_missing_attachment_is_named(ws: Workspace, tmp_path: Path) -> None:
    there = tmp_path / "there.txt"
    there.write_text("x")
    paths = (str(there), str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf"))
    found = report(ws, replace(LETTER, attachments=paths))
    assert [(c.code, c.params["path"]) for c in found.red] == [
        ("attachment_gone", path) for path in paths[1:]
    ]
    assert "merge_complete" in codes(found.green)


def test_attachments_that_are_there_and_cannot_be_sent_block(ws: Workspace, tmp_path: Path) -> None:
    pipe, named = tmp_path / "pipe", tmp_path / "a\nb.pdf"
    os.mkfifo(pipe)
    named.write_bytes(b"x")
    found = report(ws, replace(LETTER, attachments=(str(pipe), str(named))))
    assert codes(found.red) == ["attachment_gone", "template_broken"]
    assert found.red[1].error is not None
    assert found.red[1].error.code is ErrorCode.HEADER_INJECTION


def test_the_letter_is_looked_at_even_when_the_first_person_has_a_hole(ws: Workspace) -> None:
    add_people(ws, person("first@example.jp"), person("second@example.jp", 会員番号="7"))
    make_parts(ws, replace(LETTER, text="{{ 会員番号 }}"))
    found = preflight.check(ws, make_draft(ws).id)
    assert {"merge_holes", "no_unsubscribe_in_body", "no_postal_in_body"} <= set(codes(found.amber))


def test_people_whose_fields_are_missing_are_counted_and_named(ws: Workspace) -> None:
    text = "{{ 会員番号 }} 配信停止 {{ unsubscribe_url }}"
    add_people(ws, person("m@example.jp", 会員番号="7"))
    found = report(ws, replace(LETTER, text=text))
    (holes,) = [c for c in found.amber if c.code == "merge_holes"]
    assert holes.params == {"number": 2, "examples": "a@docomo.ne.jp, b@example.jp"}
    assert holes.error is not None
    assert holes.error.params["field"] == "会員番号"
    assert "unknown_field" not in codes(found.amber), "the library knows the field"


def test_a_field_that_nobody_has_is_told_even_behind_a_default(ws: Workspace) -> None:
    text = "{{ 住処 | default('–', true) }}{{ nmae | default('') }} 配信停止 {{ unsubscribe_url }}"
    found = report(ws, replace(LETTER, text=text))
    assert [c.params["field"] for c in found.amber if c.code == "unknown_field"] == ["nmae", "住処"]
    assert "merge_complete" in codes(found.green)


def test_the_senders_own_fields_are_known(ws: Workspace) -> None:
    text = "{{ sender_name }}{{ sender_address }}{{ sender_postal }}{{ unsubscribe_url }}"
    text += "{{ unsubscribe_mailto }}{{ email }}{{ notes }} 配信停止"
    assert "unknown_field" not in codes(report(ws, replace(LETTER, text=text)).amber)


def test_a_template_that_broke_since(ws: Workspace) -> None:
    report(ws)
    ws.library.execute("UPDATE templates SET text = '{{ name'")
    (red,) = preflight.check(ws, 1).red
    assert (red.code, red.error.code if red.error else None) == (
        "template_broken",
        ErrorCode.TEMPLATE_BROKEN,
    )


def test_the_drafts_own_subject_is_looked_at(ws: Workspace) -> None:
    report(ws)
    campaigns.update(ws, replace(campaigns.load(ws, 1), subject="{{ nobody }}"))
    assert "unknown_field" in codes(preflight.check(ws, 1).amber)


def test_the_senders_postal_address_is_looked_for_in_the_text(ws: Workspace) -> None:
    """An address of no usual form counts when it is the sender's own."""
    text = "{{ name }} 配信停止 {{ unsubscribe_url }}\n{{ sender_postal }}"
    report(ws, replace(LETTER, text=text))
    for postal, is_found in (("Box 7, Atlantis", True), (POSTAL, True), ("", False)):
        identities.save(ws, Identity(SENDER, name="x", postal=postal))
        warned = [c for c in preflight.check(ws, 1).amber if c.section == "warnings"]
        assert ("no_postal_in_body" not in codes(tuple(warned))) == is_found, postal


def test_every_code_has_a_sentence_with_its_places(ws: Workspace) -> None:
    """Whatever these checks found above is told in full: no dash stands where a value belongs."""
    text = "{{ 会員番号 }}{{ nobody | default('') }}"
    add_people(ws, {"email": "c@example.jp"})
    broken = report(ws, replace(LETTER, text=text, attachments=("/gone.pdf",)), route=ACCOUNT)
    for check in (*broken.red, *broken.amber, *broken.green):
        for language in LANGUAGES:
            assert check.code in load_phrases(language)[check.section]
            assert "–" not in phrase(language, check.section, check.code, **check.params)
