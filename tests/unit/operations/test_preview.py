"""The preview: what one person would get, and never an error for a template's own faults."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.identity import Identity
from desktop_relay.domain.template import Template
from desktop_relay.operations import identities, preview
from desktop_relay.operations.workspace import Workspace
from tests.unit.operations.parts import LETTER, SENDER, add_people, make_parts, person

PAGE = replace(LETTER, html="<p>{{ name }} 様</p>", text="")


def test_as_a_contact_gets_it(ws: Workspace) -> None:
    make_parts(ws)
    add_people(ws, person("hanako@example.jp", name="山田 花子"))
    shown = preview.preview_for(ws, PAGE, "hanako@example.jp", SENDER)
    assert (shown.subject, shown.problem) == ("山田 花子 様へ", None)
    assert "<p>山田 花子 様</p>" in shown.html
    assert shown.text.strip() == "山田 花子 様"
    assert shown.size == len(shown.content)
    message = message_from_bytes(shown.content, policy=default)
    assert message["To"].addresses[0].addr_spec == "hanako@example.jp"
    assert message["From"].addresses[0].addr_spec == SENDER
    assert len(message.get_all("DKIM-Signature", [])) == 2
    assert "no_unsubscribe_in_body" in shown.warnings


def test_without_anything_in_the_library(ws: Workspace) -> None:
    shown = preview.preview(ws, PAGE)
    assert (shown.subject, shown.problem) == ("例田 太郎 様へ", None)


def test_an_example_has_every_field_of_the_library(ws: Workspace) -> None:
    add_people(ws, person("a@example.jp", 会員番号="7"))
    shown = preview.preview(ws, Template("t", "{{ 会員番号 }}", "", "x"))
    assert shown.subject == "会員番号"


def test_an_example_is_written_as_a_person_would_be(ws: Workspace) -> None:
    template = Template("t", "{{ name }}{{ honorific }}", "", "{{ birthday | date('short') }}")
    shown = preview.preview(ws, template)
    assert (shown.subject, shown.text.strip()) == ("例田 太郎様", "4月1日")
    filled = preview.example_fields(ws)
    assert not [field for field in STANDARD_FIELDS if filled[field] in ("", field)]


def test_faults_are_shown_not_raised(ws: Workspace) -> None:
    broken = preview.preview(ws, Template("t", "s", "<p>\n{% if %}", ""))
    assert broken.problem is not None
    assert broken.problem.params["line"] == 2
    missing = preview.preview(ws, Template("t", "{{ nmae }}", "", "x"))
    assert missing.problem is not None
    assert missing.problem.code is ErrorCode.MERGE_FIELD_MISSING
    cut = preview.preview(ws, Template("t", "{{ name | truncate(2) }}", "", "x"))
    assert cut.problem is not None
    assert cut.problem.code is ErrorCode.TEMPLATE_BROKEN
    gone = preview.preview(ws, Template("t", "s", "", "x", attachments=("/gone.pdf",)))
    assert gone.problem is not None
    assert gone.problem.code is ErrorCode.ATTACHMENT_GONE


@pytest.mark.parametrize("sender", ["nobody", "日本", "a@b@c", "", "x\ny@example.jp"])
def test_whatever_is_given_as_sender(ws: Workspace, sender: str) -> None:
    shown = preview.preview(ws, LETTER, sender=sender)
    assert shown.problem is None or isinstance(shown.problem, BadInput)
    assert (shown.problem is None) == (sender == "")


def test_to_an_address_with_and_without_a_contact(ws: Workspace) -> None:
    add_people(ws, person("Hanako@example.jp", name="山田 花子"))
    known = preview.preview_for(ws, LETTER, "hanako@example.jp")
    assert known.subject == "山田 花子 様へ"
    unknown = preview.preview_for(ws, LETTER, "a..b@docomo.ne.jp")
    assert unknown.subject == "例田 太郎 様へ"
    assert b'"a..b"@docomo.ne.jp' in unknown.content
    with pytest.raises(BadInput) as caught:
        preview.preview_for(ws, LETTER, "nobody")
    assert caught.value.code is ErrorCode.ADDRESS_INVALID


def test_a_contact_that_is_not_there(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        preview.preview(ws, LETTER, 99)


def test_the_postal_address_of_the_sender_counts(ws: Workspace) -> None:
    identities.save(ws, Identity(SENDER, postal="Box 7, Atlantis"))
    shown = preview.preview(ws, LETTER, sender="shop@EXAMPLE.jp")
    assert "no_postal_in_body" not in shown.warnings
    other = preview.preview(ws, replace(LETTER, text="配信停止"), sender=SENDER)
    assert "no_postal_in_body" in other.warnings


def test_nothing_in_the_shown_html_runs_or_reaches_out() -> None:
    html = preview.safe_html('<p onclick="x()">a</p><script>x()</script><img src="https://t.example/p.gif">')
    assert "<script" not in html
    assert "onclick" not in html


def test_attachments_are_measured_to_the_octet_without_being_read(ws: Workspace, tmp_path: Path) -> None:
    make_parts(ws)
    (number,) = add_people(ws, person("hanako@example.jp"))
    paths = []
    for octets in (0, 1, 56, 57, 58, 114, 115, 100_000):
        path = tmp_path / f"案内 {octets}.pdf"
        path.write_bytes(b"x" * octets)
        paths.append(str(path))
    letter = replace(LETTER, attachments=tuple(paths))
    whole = preview.preview_for(ws, letter, "hanako@example.jp", SENDER)
    shown = preview.preview(ws, letter, number, SENDER)
    assert shown.size == whole.size == len(whole.content)
    assert (shown.text, shown.warnings, shown.content) == (whole.text, whole.warnings, b"")
