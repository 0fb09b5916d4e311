"""Imports into a real library: the truth of the samples, undo, rehearsal, cancelling, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_relay.domain.contact import STANDARD_FIELDS, Contact
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, RelayError
from desktop_relay.domain.query import ContactQuery
from desktop_relay.domain.suppression import Suppression, SuppressionReason
from desktop_relay.operations import contacts, lists
from desktop_relay.operations.import_contacts import history, import_file, preview_file, undo_import
from desktop_relay.operations.workspace import Workspace
from desktop_relay.store.database import open_spool_for_engine
from desktop_relay.store.spool import Spool
from tests.fakes.no_engine import NoEngine

SAMPLES = Path(__file__).parents[2] / "data" / "contacts"
TRUTH = [json.loads(line) for line in (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()]
AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "data", NoEngine()) as workspace:
        yield workspace


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def everyone(ws: Workspace) -> dict[str, Contact]:
    found = contacts.rows(ws, contacts.list_ids(ws, ContactQuery()))
    return {contact.email: contact for contact in found}


def fields_of(ws: Workspace) -> dict[str, dict[str, str]]:
    return {email: dict(contact.fields) for email, contact in everyone(ws).items()}


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["file"])
def test_the_truth_of_the_samples(ws: Workspace, truth: dict[str, Any]) -> None:
    report, changes = import_file(ws, SAMPLES / truth["file"], list_name="見込み客")
    told = asdict(report)
    assert {key: told[key] for key in truth if key != "file"} == {
        key: value for key, value in truth.items() if key != "file"
    }
    assert report.updated == 0
    assert report.rows == report.added + report.duplicates + report.invalid
    assert changes.contacts
    assert changes.lists
    assert contacts.count(ws, ContactQuery()) == truth["added"]
    assert contacts.count(ws, ContactQuery(without_consent=True)) == truth["without_consent"]
    assert contacts.count(ws, ContactQuery(legacy=True)) == truth["legacy"]
    assert [(row.name, row.count) for row in lists.overview(ws)] == [("見込み客", truth["added"])]
    assert len(report.invalid_rows) == truth["invalid"]


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["file"])
def test_a_second_time_updates_everybody_and_undo_changes_nothing(
    ws: Workspace, truth: dict[str, Any]
) -> None:
    import_file(ws, SAMPLES / truth["file"])
    before = fields_of(ws)
    again, _ = import_file(ws, SAMPLES / truth["file"])
    assert (again.added, again.updated, again.duplicates) == (0, truth["added"], truth["duplicates"])
    assert again.import_id is not None
    removed, _restored = undo_import(ws, again.import_id)[0]
    assert removed == 0
    assert fields_of(ws) == before


def test_fields_are_whole(ws: Workspace) -> None:
    import_file(ws, SAMPLES / "contacts-cp932.csv")
    found = everyone(ws)["bame0@icloud.com"].fields
    assert found["name"] == "伊藤 一郎"
    assert found["company"] == "㈱山田商店"
    assert found["最終購入日"] == "2026/4/2"
    assert found["notes"] == "改行\nあり"
    assert found["consent_at"] == "2025-04-01"
    assert found["consent_how"] == "Web申込フォーム"
    assert found["consent_source"] == "contacts-cp932.csv #2"


def test_invalid_rows_have_the_number_a_spreadsheet_shows(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", '名前,メール\nA,"a\n"\nB,b@a.example\nC,no at sign\n,\nD,\n')
    report, _ = import_file(ws, path)
    assert (report.rows, report.added, report.invalid) == (4, 1, 3)
    assert [(row, text, why) for row, text, why in report.invalid_rows] == [
        (2, "a", "address_invalid"),
        (4, "no at sign", "address_invalid"),
        (6, "", "address_invalid"),
    ]


def test_addresses_are_repaired_and_legacy_ones_kept(ws: Workspace, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "メール\nｙｕｋｉ＠a.example\n  Spaces@a.example \nmailto:m@a.example\nA <n@a.example>\n"
        "a..b@docomo.ne.jp\n'-a@ezweb.ne.jp\nYUKI@A.EXAMPLE\ngoto@日本語.jp\n",
    )
    report, _ = import_file(ws, path)
    assert (report.added, report.duplicates, report.repaired, report.legacy) == (7, 1, 4, 2)
    assert set(everyone(ws)) == {
        "yuki@a.example", "Spaces@a.example", "m@a.example", "n@a.example", "a..b@docomo.ne.jp",
        "-a@ezweb.ne.jp", "goto@xn--wgv71a119e.jp",
    }  # fmt: skip


def test_consent_dates_are_read_and_a_no_is_no_consent(ws: Workspace, tmp_path: Path) -> None:
    path = write(
        tmp_path / "同意.csv",
        "メール,同意日,同意元\na@a.example,2026/4/2,\nb@a.example,2025年4月1日,申込書 12\n"
        "c@a.example,店頭で,\nd@a.example,未同意,\ne@a.example,,\n",
    )
    report, _ = import_file(ws, path)
    assert report.without_consent == 2
    found = fields_of(ws)
    assert found["a@a.example"]["consent_at"] == "2026-04-02"
    assert found["a@a.example"]["consent_source"] == "同意.csv #2"
    assert found["b@a.example"]["consent_at"] == "2025-04-01"
    assert found["b@a.example"]["consent_source"] == "申込書 12"
    assert found["c@a.example"]["consent_at"] == "店頭で"
    assert not everyone(ws)["d@a.example"].has_consent
    assert found["e@a.example"]["consent_source"] == ""


@pytest.mark.parametrize("text", ["ＮＯ", "拒否", "未取得", "同意しない", "0000-00-00", "NULL"])
def test_a_no_is_no_consent_whoever_writes_it(ws: Workspace, tmp_path: Path, text: str) -> None:
    report, _ = import_file(ws, write(tmp_path / "a.csv", f"メール,同意日\na@a.example,{text}\n"))
    assert report.without_consent == 1
    assert not everyone(ws)["a@a.example"].has_consent
    contacts.save(ws, None, {"email": "b@a.example", "consent_at": text})
    assert not everyone(ws)["b@a.example"].has_consent


def test_halves_of_a_name_are_joined(ws: Workspace, tmp_path: Path) -> None:
    import_file(ws, write(tmp_path / "a.csv", "姓,名,メール\n山田,花子,a@a.example\n佐藤,,b@a.example\n"))
    assert {c.name for c in everyone(ws).values()} == {"山田 花子", "佐藤"}


def test_a_japanese_name_has_the_family_first_wherever_it_stands(ws: Workspace, tmp_path: Path) -> None:
    text = (
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Last Name,E-mail 1 - Value\n"
        "太郎,,山田,タロウ,ヤマダ,a@mail.example\nTaro,J.,Yamada,,,b@mail.example\n花子,,,ﾊﾅｺ,ｻﾄｳ,c@mail.example\n"
    )
    import_file(ws, write(tmp_path / "a.csv", text))
    assert [(c.name, c.fields["kana"]) for c in everyone(ws).values()] == [
        ("山田 太郎", "ヤマダ タロウ"),
        ("Taro J. Yamada", ""),
        ("花子", "ｻﾄｳ ﾊﾅｺ"),
    ]


def test_a_known_person_is_updated_not_emptied_and_undo_restores(ws: Workspace, tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "メール,名前,会社,同意日\na@a.example,A,X社,2025-01-01\n")
    second = write(tmp_path / "b.csv", "メール,名前,会社,同意日\nA@a.example,AA,,\nb@a.example,B,,\n")
    import_file(ws, first)
    before = fields_of(ws)
    report, _ = import_file(ws, second, list_name="L")
    assert (report.added, report.updated, report.without_consent) == (1, 1, 1)
    merged = fields_of(ws)
    changed = next(fields for fields in merged.values() if fields["name"] == "AA")
    assert (changed["company"], changed["consent_at"]) == ("X社", "2025-01-01")
    assert report.import_id is not None
    assert undo_import(ws, report.import_id)[0] == (1, 1)
    assert fields_of(ws) == before
    assert history(ws)[0] is not None
    with pytest.raises(RelayError) as caught:
        undo_import(ws, report.import_id)
    assert caught.value.code is ErrorCode.IMPORT_ALREADY_UNDONE
    with pytest.raises(NotFound):
        undo_import(ws, 999)


def test_a_rehearsal_counts_alike_and_writes_nothing(ws: Workspace, tmp_path: Path) -> None:
    import_file(ws, write(tmp_path / "a.csv", "email\nbame0@icloud.com\n"))
    path = SAMPLES / "contacts-cp932.csv"
    rehearsed, changes = import_file(ws, path, list_name="L", dry_run=True)
    assert rehearsed.import_id is None
    assert not rehearsed.cancelled
    assert not changes.contacts
    assert contacts.count(ws, ContactQuery()) == 1
    assert lists.overview(ws) == []
    assert len(history(ws)) == 1
    real, _ = import_file(ws, path, list_name="L")
    same = {"import_id": 0, "seconds": 0}
    assert asdict(rehearsed) | same == asdict(real) | same
    assert real.updated == 1


def test_progress_is_told_about_every_thousand_rows(ws: Workspace) -> None:
    told: list[tuple[int, int]] = []
    report, _ = import_file(
        ws, SAMPLES / "contacts-cp932.csv", progress=lambda done, total: told.append((done, total))
    )
    assert 2 <= len(told) <= 4
    assert told == sorted(told)
    assert all(0 < done <= total for done, total in told)
    assert told[-1] == (report.rows, report.rows)


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_cancelling_leaves_nothing_behind(ws: Workspace, asked: int) -> None:
    answers = iter([False] * (asked - 1) + [True] * 9)
    report, changes = import_file(
        ws, SAMPLES / "contacts-cp932.csv", list_name="L", cancelled=lambda: next(answers)
    )
    assert report.cancelled
    assert report.import_id is None
    assert not changes.contacts
    assert contacts.count(ws, ContactQuery()) == 0
    assert lists.overview(ws) == []
    assert history(ws) == []
    assert not import_file(ws, SAMPLES / "contacts-cp932.csv", cancelled=lambda: False)[0].cancelled


def test_the_suppressed_are_counted_and_still_added(ws: Workspace, tmp_path: Path) -> None:
    with open_spool_for_engine(ws.directory) as spool:
        Spool(spool).add_suppressions(
            [
                Suppression("a@a.example", SuppressionReason.BY_HAND, "", AT),
                Suppression("*.b.example", SuppressionReason.COMPLAINT, "", AT),
            ]
        )
    path = write(tmp_path / "a.csv", "email\nA@a.example\nx@m.b.example\nc@c.example\n")
    report, _ = import_file(ws, path)
    assert (report.added, report.suppressed) == (3, 2)
    assert contacts.count(ws, ContactQuery()) == 3


def test_what_a_person_decides_about_columns(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "主,副,氏名,メモ\na@a.example,b@a.example,A,秘密\n")
    import_file(ws, path, mapping={"副": "email", "メモ": "", "氏名": "company"})
    found = fields_of(ws)["b@a.example"]
    assert found["company"] == "A"
    assert found["主"] == "a@a.example"
    assert "秘密" not in found.values()


def test_a_custom_field_is_known_of_those_too_whose_cell_is_empty(ws: Workspace, tmp_path: Path) -> None:
    import_file(ws, write(tmp_path / "a.csv", "email,会員番号,段\na@a.example,7,1\nb@a.example,\n"))
    assert fields_of(ws)["b@a.example"]["会員番号"] == ""
    assert fields_of(ws)["b@a.example"]["段"] == ""


def test_a_custom_field_is_known_of_those_too_who_were_there_before(ws: Workspace, tmp_path: Path) -> None:
    contacts.save(ws, None, {"email": "a@mail.example"})
    before = fields_of(ws)
    path = write(tmp_path / "a.csv", "email,趣味\na@mail.example,\nb@mail.example,山\n")
    report, _ = import_file(ws, path)
    assert fields_of(ws)["a@mail.example"]["趣味"] == ""
    undo_import(ws, report.import_id or 0)
    assert fields_of(ws) == before


def test_a_title_and_blank_lines_above_the_header(ws: Workspace, tmp_path: Path) -> None:
    text = "会員一覧\n\nメール,氏名\nx,B\na@a.example,A\n\x1a"
    path = write(tmp_path / "a.csv", text, "cp932")
    report, _ = import_file(ws, path)
    assert (report.rows, report.added, report.invalid_rows[0].row) == (2, 1, 4)
    assert fields_of(ws)["a@a.example"]["name"] == "A"
    assert preview_file(path).sample_rows == (("x", "B"), ("a@a.example", "A"))


def test_a_column_that_begins_far_below_is_kept(ws: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"p{number}@mail.example,甲\n" for number in range(300))
    path = write(tmp_path / "a.csv", f"email,name\n{rows}z@mail.example,乙,余り,,\n")
    expected = {"email": "email", "name": "name", "column 3": "column 3"}
    assert preview_file(path).mapping == expected
    import_file(ws, path)
    assert everyone(ws)["z@mail.example"].fields["column 3"] == "余り"
    assert everyone(ws)["p0@mail.example"].fields["column 3"] == ""


def test_cells_that_are_blank_in_every_row_are_no_columns(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "email,name,,\na@mail.example,甲,, \nb@mail.example,乙,,\n")
    assert preview_file(path).headers == ("email", "name")
    import_file(ws, path)
    assert contacts.fields(ws) == list(STANDARD_FIELDS)


def test_a_file_without_a_header(ws: Workspace, tmp_path: Path) -> None:
    report, _ = import_file(ws, write(tmp_path / "a.tsv", "佐藤\ta@a.example\n高橋\tb@a.example\n", "cp932"))
    assert (report.rows, report.added, report.delimiter, report.encoding) == (2, 2, "\t", "cp932")
    assert fields_of(ws)["a@a.example"]["column 1"] == "佐藤"


def test_our_own_export_comes_back_the_same(ws: Workspace, tmp_path: Path) -> None:
    import_file(ws, SAMPLES / "contacts-utf16.tsv")
    before = fields_of(ws)
    contacts.export(ws, tmp_path / "out.csv", ContactQuery())
    ids = contacts.list_ids(ws, ContactQuery())
    contacts.delete(ws, ids)
    report, _ = import_file(ws, tmp_path / "out.csv")
    assert report.repaired == sum(email[0] in "-+=" for email in before)
    assert fields_of(ws) == before


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (b"", {}, ErrorCode.FILE_EMPTY),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01", {}, ErrorCode.FILE_NOT_TEXT),
        (b"PK\x03\x04....", {}, ErrorCode.FORMAT_UNKNOWN),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", {}, ErrorCode.FORMAT_UNKNOWN),
        (b"email\n" + b"a" * 10_000_000, {}, ErrorCode.LINE_TOO_LONG),
        (b"name\nA\n", {}, ErrorCode.NO_ADDRESS_COLUMN),
        (b"email\na@a.example\n", {"mapping": {"x": "name"}}, ErrorCode.NO_SUCH_COLUMN),
        ("email,名\na@a.example,山\n".encode("cp932"), {"encoding": "utf-8"}, ErrorCode.ENCODING_WRONG),
        (b"email\na@a.example\n", {"encoding": "nonsense"}, ErrorCode.ENCODING_UNKNOWN),
        (b"email\na@a.example\n", {"list_name": " "}, ErrorCode.NAME_EMPTY),
    ],
)
def test_refusals_leave_nothing_behind(
    ws: Workspace, tmp_path: Path, content: bytes, options: dict[str, Any], code: ErrorCode
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        import_file(ws, path, **{"list_name": "L", **options})
    assert caught.value.code is code
    assert contacts.count(ws, ContactQuery()) == 0
    assert lists.overview(ws) == []
    assert history(ws) == []


def test_a_file_that_is_not_there_or_a_directory(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        import_file(ws, tmp_path / "no.csv")
    with pytest.raises(BadInput) as caught:
        import_file(ws, tmp_path)
    assert caught.value.code is ErrorCode.FILE_UNREADABLE


def test_a_preview_shows_how_a_file_would_be_read(tmp_path: Path) -> None:
    found = preview_file(SAMPLES / "contacts-utf8bom.csv")
    assert (found.encoding, found.delimiter, found.total_rows) == ("utf-8-sig", ";", 300)
    assert found.headers[:3] == ("氏名", "フリガナ", "メールアドレス")
    assert found.mapping["メールアドレス"] == "email"
    assert len(found.sample_rows) == 20
    assert all(len(row) == 10 for row in found.sample_rows)
    # a person maps the column afterwards
    nameless = preview_file(write(tmp_path / "a.csv", "誰,何\nA,x\nB\n"))
    assert "email" not in nameless.mapping.values()
    assert nameless.sample_rows == (("A", "x"), ("B", ""))
    assert preview_file(tmp_path / "a.csv", mapping={"何": "email"}).mapping["何"] == "email"
