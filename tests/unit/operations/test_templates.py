"""Templates: kept, renamed, taken away, made from files of every kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.template import Template
from desktop_relay.message.template import compile_template
from desktop_relay.operations import campaigns, templates
from desktop_relay.operations.workspace import Workspace
from tests.unit.operations.parts import add_people, make_draft, make_parts, person, write


def test_saved_under_its_trimmed_name_and_found_again(ws: Workspace) -> None:
    _, changes = templates.save(ws, Template(" 秋 ", "s", "<p>x</p>", ""))
    assert changes.templates
    assert templates.load(ws, "秋").html == "<p>x</p>"
    assert [row.name for row in templates.overview(ws)] == ["秋"]


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_template_wants_a_name(ws: Workspace, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        templates.save(ws, Template(name, "s", "", "x"))
    assert caught.value.code is ErrorCode.NAME_EMPTY


def test_what_does_not_compile_is_not_kept(ws: Workspace) -> None:
    with pytest.raises(BadInput) as caught:
        templates.save(ws, Template("t", "s", "", "line\n{% if %}"))
    assert caught.value.code is ErrorCode.TEMPLATE_BROKEN
    assert (caught.value.params["part"], caught.value.params["line"]) == ("text", 2)
    assert templates.overview(ws) == []


def test_a_new_name_goes_along_to_drafts_but_takes_nobody_elses(ws: Workspace) -> None:
    add_people(ws, person("a@example.jp"))
    make_parts(ws)
    draft = make_draft(ws)
    letter = templates.load(ws, "letter")
    templates.save(ws, Template("手紙", letter.subject, "", letter.text), letter)
    assert campaigns.load(ws, draft.id).template == "手紙"
    templates.save(ws, Template("other", "s", "", "x"))
    with pytest.raises(Refused) as caught:
        templates.save(ws, Template("other", "s", "", "y"), templates.load(ws, "手紙"))
    assert caught.value.code is ErrorCode.NAME_TAKEN
    assert templates.load(ws, "other").text == "x"


def test_deleted_and_brought_back(ws: Workspace) -> None:
    make_parts(ws)
    gone, _ = templates.delete(ws, "letter")
    with pytest.raises(NotFound):
        templates.load(ws, "letter")
    templates.save(ws, gone)
    assert templates.load(ws, "letter") == gone


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_starter_can_be_kept(ws: Workspace, language: str) -> None:
    for starter in templates.starters(language):
        templates.save(ws, starter)
        assert compile_template(starter).fields
    assert len(templates.overview(ws)) >= 5


@pytest.mark.parametrize(
    ("name", "content", "subject"),
    [
        ("a.html", "<title>秋の\n 新着</title><p>x</p>", "秋の 新着"),
        ("a.htm", "<TITLE lang=ja>Tom &amp; Jerry</TITLE>", "Tom & Jerry"),
        ("a.html", "<title> </title><p>x</p>", "a"),
        ("a.html", "<p>no title</p>", "a"),
        ("a.html", "<title>{{ name }} 様へ</title>", "{{ name }} 様へ"),
        ("a.txt", "Subject: hello \n\nbody\n", "hello"),
        ("a.txt", "件名：こんにちは\r\n\r\nbody\r\n", "こんにちは"),
        ("a.txt", "just text\n", "a"),
    ],
)
def test_the_subject_of_a_file(tmp_path: Path, name: str, content: str, subject: str) -> None:
    template = templates.read_file(write(tmp_path / name, content))
    assert (template.name, template.subject) == ("a", subject)


def test_the_subject_line_is_not_in_the_text(tmp_path: Path) -> None:
    template = templates.read_file(write(tmp_path / "a.txt", "Subject: hi\n\nbody\n"), " named ")
    assert (template.name, template.text, template.html) == ("named", "body\n", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_files_of_either_encoding(tmp_path: Path, encoding: str) -> None:
    template = templates.read_file(write(tmp_path / "a.txt", "件名: 高橋\n\n①\n", encoding))
    assert (template.subject, template.text) == ("高橋", "①\n")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.docx", b"PK", ErrorCode.TEMPLATE_FORMAT_UNKNOWN),
        ("a.html", b"", ErrorCode.FILE_EMPTY),
        ("a.html", b" \n ", ErrorCode.FILE_EMPTY),
        ("a.html", b"a\0b", ErrorCode.FILE_NOT_TEXT),
        ("a.txt", b"\xff\xfe\xfd\x81", ErrorCode.FILE_NOT_TEXT),
        ("a.html", b"{{ name", ErrorCode.TEMPLATE_BROKEN),
        ("a.txt", b"x" * (5 * 1024 * 1024 + 1), ErrorCode.FILE_TOO_LARGE),
    ],
)
def test_unusable_files(tmp_path: Path, name: str, content: bytes, code: ErrorCode) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        templates.read_file(path)
    assert caught.value.code is code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        templates.read_file(tmp_path / "gone.html")


def test_what_was_changed_elsewhere_is_not_overwritten(ws: Workspace) -> None:
    make_parts(ws)
    seen = templates.load(ws, "letter")
    theirs = replace(seen, text="theirs")
    templates.save(ws, theirs, seen)
    for mine in (replace(seen, text="mine"), replace(seen, name="another")):
        with pytest.raises(Refused) as caught:
            templates.save(ws, mine, seen)
        assert caught.value.code is ErrorCode.CHANGED_ELSEWHERE
    assert templates.load(ws, "letter") == theirs
    templates.delete(ws, "letter")
    with pytest.raises(Refused):
        templates.save(ws, replace(theirs, text="mine"), theirs)
    assert templates.overview(ws) == []
