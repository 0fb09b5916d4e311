"""The list above all lists: whatever a person types or exports comes back as the same entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_relay.domain.command import Suppress
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound
from desktop_relay.domain.suppression import SuppressionReason
from desktop_relay.operations import suppressions
from desktop_relay.operations.workspace import Workspace
from tests.fakes.engine_link import NOW, FakeEngineLink
from tests.unit.operations.parts import write


def entries(ws: Workspace) -> dict[str, str]:
    return {entry.pattern: entry.reason.value for entry in suppressions.overview(ws)}


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("Taro@Example.JP", "taro@example.jp"),
        (" ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ ", "taro@example.jp"),
        ("例田 <taro@example.jp>", "taro@example.jp"),
        ("mailto:taro@example.jp", "taro@example.jp"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ("@Example.jp", "@example.jp"),
        ("*@example.jp", "@example.jp"),
        ("*.Example.jp", "*.example.jp"),
        ("@日本.example", "@xn--wgv71a.example"),
    ],
)
def test_what_people_type(ws: Workspace, typed: str, pattern: str) -> None:
    assert suppressions.add(ws, [typed]) == 1
    assert entries(ws) == {pattern: "by_hand"}
    assert suppressions.add(ws, [typed]) == 0
    assert suppressions.remove(ws, [typed]) == 1
    assert suppressions.remove(ws, [typed]) == 0


@pytest.mark.parametrize("text", ["", "@", "*.", "nobody", "@a b", "*.example", "a@b\nc@d.example"])
def test_what_is_no_pattern_adds_nothing_at_all(ws: Workspace, engine: FakeEngineLink, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        suppressions.add(ws, ["a@example.jp", text])
    assert caught.value.code is ErrorCode.ADDRESS_INVALID
    assert engine.commands == []


@pytest.mark.parametrize(
    "header", ["E-mailアドレス", "Ｅメール", "メールアドレス（必須）", "E-Mail Address", "配信停止した人", ""]
)
def test_the_column_of_addresses_is_found_wherever_it_is(ws: Workspace, tmp_path: Path, header: str) -> None:
    text = f'会員番号,{header},理由\n7,a@example.jp,届かない\n8,"\'-b@docomo.ne.jp",\n9,無効,\n'
    found = suppressions.import_file(ws, write(tmp_path / "a.csv", text, "cp932"))
    assert found.added == 2
    assert "無効" in found.invalid
    assert set(entries(ws)) == {"a@example.jp", "-b@docomo.ne.jp"}


def test_a_list_of_one_column_or_of_a_spreadsheet(ws: Workspace, tmp_path: Path) -> None:
    found = suppressions.import_file(ws, write(tmp_path / "a.txt", "a@example.jp\n\n@b.example\nnobody\n"))
    assert (found.rows, found.added, found.invalid) == (3, 2, ("nobody",))
    table = '名前,メールアドレス,備考\n例田,c@example.jp,x\n例山,"d@example.jp",\n'
    found = suppressions.import_file(ws, write(tmp_path / "b.csv", table, "cp932"))
    assert (found.rows, found.added, found.invalid) == (2, 2, ())
    assert set(entries(ws)) == {"a@example.jp", "@b.example", "c@example.jp", "d@example.jp"}


def test_the_file_is_the_source_and_the_reason_as_asked(
    ws: Workspace, engine: FakeEngineLink, tmp_path: Path
) -> None:
    path = write(tmp_path / "bounces.csv", "a@example.jp\n")
    suppressions.import_file(ws, path, SuppressionReason.BOUNCED)
    assert engine.commands == [Suppress(("a@example.jp",), "bounced", "bounces.csv")]


def test_an_export_comes_back_with_its_reasons(ws: Workspace, tmp_path: Path) -> None:
    suppressions.add(ws, ["a@example.jp"], SuppressionReason.UNSUBSCRIBED, "mail")
    suppressions.add(ws, ["@b.example", "*.c.example"], SuppressionReason.COMPLAINT)
    suppressions.add(ws, ["=1+1@d.example", "+e@example.jp", "-f@ezweb.ne.jp"], SuppressionReason.BOUNCED)
    before = entries(ws)
    path = tmp_path / "out.csv"
    assert suppressions.export_file(ws, path) == 6
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "address,reason,source,added_at"
    assert all(line[0] not in "=+-@" for line in lines[1:]), "no cell is run as a formula"
    assert f"a@example.jp,unsubscribed,mail,{NOW.isoformat()}" in lines
    suppressions.remove(ws, list(before))
    assert entries(ws) == {}
    assert suppressions.import_file(ws, path).added == 6
    assert entries(ws) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", ErrorCode.FILE_EMPTY), (b"\x00\x01" * 50, ErrorCode.FILE_NOT_TEXT)],
)
def test_unusable_files(ws: Workspace, tmp_path: Path, content: bytes, code: ErrorCode) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        suppressions.import_file(ws, path)
    assert caught.value.code is code
    with pytest.raises(NotFound):
        suppressions.import_file(ws, tmp_path / "gone.csv")


def test_a_long_list_goes_to_the_engine_in_portions(
    ws: Workspace, engine: FakeEngineLink, tmp_path: Path
) -> None:
    rows = "".join(f"p{number}@example.jp,{'長い理由' * 120}\n" for number in range(4500))
    path = write(tmp_path / "unsubscribed.csv", f"Email Address,UNSUB_REASON\n{rows}")
    assert path.stat().st_size > 5 * 1024 * 1024
    assert suppressions.import_file(ws, path).added == 4500
    portions = [len(command.patterns) for command in engine.commands if isinstance(command, Suppress)]
    assert sum(portions) == 4500
    assert max(portions) < 4500


def test_what_was_taken_off_comes_back_as_it_was(ws: Workspace) -> None:
    suppressions.add(ws, ["a@example.jp"], SuppressionReason.UNSUBSCRIBED, "mail")
    suppressions.add(ws, ["b@example.jp", "@c.example"], SuppressionReason.COMPLAINT, "loop")
    before = suppressions.overview(ws)
    suppressions.remove(ws, [entry.pattern for entry in before])
    assert suppressions.put_back(ws, before) == 3
    assert suppressions.overview(ws) == before


def test_only_those_not_yet_on_the_list_are_new(ws: Workspace) -> None:
    suppressions.add(ws, ["a@example.jp"], SuppressionReason.UNSUBSCRIBED)
    assert suppressions.add_new(ws, ["A@example.jp", "b@example.jp", "b@example.jp"]) == ["b@example.jp"]
    assert entries(ws) == {"a@example.jp": "unsubscribed", "b@example.jp": "by_hand"}


@pytest.mark.parametrize(
    ("address", "pattern"),
    [
        ("a@shop.example.jp", "a@shop.example.jp"),
        ("b@shop.example.jp", "@shop.example.jp"),
        ("c@deep.example.jp", "*.example.jp"),
        ("c@example.jp", "*.example.jp"),
        ("c@example.com", None),
    ],
)
def test_the_entry_that_keeps_mail_away(ws: Workspace, address: str, pattern: str | None) -> None:
    suppressions.add(ws, ["a@shop.example.jp", "@shop.example.jp", "*.example.jp", "z@example.com"])
    found = suppressions.find(ws, address)
    assert (None if found is None else found.pattern) == pattern
