"""Contacts and lists by hand: saved, renamed, deleted, restored, exported safely."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_relay.domain.contact import STANDARD_FIELDS
from desktop_relay.domain.errors import BadInput, ErrorCode, NotFound, Refused
from desktop_relay.domain.query import ContactQuery
from desktop_relay.operations import contacts, lists
from desktop_relay.operations.workspace import Workspace
from tests.fakes.no_engine import NoEngine


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path / "data", NoEngine()) as workspace:
        yield workspace


def add(ws: Workspace, email: str, **fields: str) -> int:
    return contacts.save(ws, None, {"email": email, **fields})[0].id


def read_csv(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_new_person_and_a_change(ws: Workspace) -> None:
    saved, changes = contacts.save(
        ws, None, {"email": " ｙｕｋｉ＠a.example ", "name": "山田 花子 ", "会員番号": "7", "company": ""}
    )
    assert changes.contacts
    assert (saved.email, saved.name, saved.fields["会員番号"]) == ("yuki@a.example", "山田 花子", "7")
    assert saved.fields["company"] == ""
    changed, _ = contacts.save(ws, saved.id, {"email": "Yuki@b.example", "consent_at": "2025年4月1日"})
    assert (changed.id, changed.email, changed.name) == (saved.id, "Yuki@b.example", "")
    assert changed.fields["consent_at"] == "2025-04-01"
    assert contacts.get(ws, saved.id) == changed
    assert contacts.fields(ws)[: len(STANDARD_FIELDS)] == list(STANDARD_FIELDS)
    assert "会員番号" in contacts.fields(ws)


def test_a_legacy_address_is_kept_exact(ws: Workspace) -> None:
    saved = contacts.get(ws, add(ws, "a..b@docomo.ne.jp"))
    assert (saved.email, saved.legacy) == ("a..b@docomo.ne.jp", True)


def test_refusals(ws: Workspace) -> None:
    first = add(ws, "a@a.example")
    other = add(ws, "b@a.example")
    with pytest.raises(BadInput) as bad:
        contacts.save(ws, None, {"name": "no address"})
    assert bad.value.code is ErrorCode.ADDRESS_INVALID
    for contact_id in (None, other):
        with pytest.raises(Refused) as taken:
            contacts.save(ws, contact_id, {"email": "A@A.example"})
        assert taken.value.code is ErrorCode.NAME_TAKEN
    assert contacts.save(ws, first, {"email": "A@a.example"})[0].email == "A@a.example"
    with pytest.raises(NotFound):
        contacts.get(ws, 999)
    with pytest.raises(NotFound):
        contacts.save(ws, 999, {"email": "c@a.example"})
    assert contacts.count(ws, ContactQuery()) == 2


def test_deleted_people_come_back_with_their_lists(ws: Workspace) -> None:
    ids = [add(ws, f"u{n}@a.example", name=str(n)) for n in range(3)]
    list_id, changes = lists.create(ws, "  お得意 様 ")
    assert changes.lists
    assert lists.add_members(ws, list_id, ids)[0] == 3
    before = contacts.rows(ws, ids)
    deleted, _ = contacts.delete(ws, ids[:2])
    assert contacts.count(ws, ContactQuery()) == 1
    assert [row.count for row in lists.overview(ws)] == [1]
    assert contacts.restore(ws, deleted)[0] == 2
    assert contacts.rows(ws, ids) == before
    assert [(row.name, row.count) for row in lists.overview(ws)] == [("お得意 様", 3)]


def test_lists(ws: Workspace) -> None:
    person = add(ws, "a@a.example")
    first = lists.create(ws, "A")[0]
    second = lists.create(ws, "B")[0]
    with pytest.raises(Refused) as taken:
        lists.create(ws, "A")
    assert taken.value.code is ErrorCode.NAME_TAKEN
    with pytest.raises(Refused):
        lists.rename(ws, second, "A")
    with pytest.raises(BadInput) as empty:
        lists.create(ws, " \u3000")
    assert empty.value.code is ErrorCode.NAME_EMPTY
    lists.rename(ws, second, "C")
    lists.add_members(ws, second, [person])
    assert lists.remove_members(ws, second, [person])[0] == 1
    lists.add_members(ws, second, [person])
    lists.delete(ws, second)
    assert [row.id for row in lists.overview(ws)] == [first]
    assert contacts.count(ws, ContactQuery()) == 1  # the people stay
    with pytest.raises(NotFound):
        lists.delete(ws, second)
    with pytest.raises(NotFound):
        lists.rename(ws, second, "D")


def test_export_neutralises_formulas_and_keeps_the_rest(ws: Workspace, tmp_path: Path) -> None:
    add(ws, "a@a.example", notes='=HYPERLINK("http://a.example")', phone="+81 3", company="-x", 列="@SUM(A1)")
    add(ws, "-b@a.example", name="改行\nあり", notes="a=b")
    told: list[tuple[int, int]] = []
    path = tmp_path / "out.csv"
    assert contacts.export(ws, path, ContactQuery(), progress=lambda d, t: told.append((d, t))).rows == 2
    assert told == [(2, 2)]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    first, second = read_csv(path)
    assert first["notes"] == '\'=HYPERLINK("http://a.example")'
    assert (first["phone"], first["company"], first["列"]) == ("'+81 3", "'-x", "'@SUM(A1)")
    assert (second["email"], second["name"], second["notes"]) == ("'-b@a.example", "改行\nあり", "a=b")
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["out.csv"]


def test_export_in_cp932_replaces_what_it_lacks_and_tells(ws: Workspace, tmp_path: Path) -> None:
    add(ws, "a@a.example", name="髙橋①😀", notes="𠮷")
    add(ws, "b@a.example", name="葛\U000e0100城", notes="10〜12時 − ¥5—")
    written = contacts.export(ws, tmp_path / "out.csv", ContactQuery(), encoding="cp932")
    first, second = read_csv(tmp_path / "out.csv", "cp932")
    assert (first["name"], first["notes"]) == ("髙橋①?", "?")
    assert (second["name"], second["notes"]) == ("葛城", "10～12時 － ￥5―"), "what looks alike is no loss"
    assert (written.rows, written.damaged) == (2, 1)
    assert contacts.export(ws, tmp_path / "out.csv", ContactQuery()).damaged == 0


@pytest.mark.parametrize("encoding", ["cp932", "shift_jis", "euc_jp"])
def test_what_a_mac_writes_is_no_loss(ws: Workspace, tmp_path: Path, encoding: str) -> None:
    add(ws, "a@a.example", name="カ\u3099ンタ\u3099ム", notes="a\xa0b 03\u20111234 1\u20132")
    written = contacts.export(ws, tmp_path / "out.csv", ContactQuery(), encoding=encoding)
    row = read_csv(tmp_path / "out.csv", encoding)[0]
    assert (row["name"], row["notes"]) == ("ガンダム", "a b 03\u20101234 1―2")
    assert written.damaged == 0


def test_a_variant_that_the_encoding_has_stays(ws: Workspace, tmp_path: Path) -> None:
    add(ws, "a@a.example", name="\ufa1b\ufa19カ\u3099")
    contacts.export(ws, tmp_path / "out.csv", ContactQuery(), encoding="cp932")
    assert read_csv(tmp_path / "out.csv", "cp932")[0]["name"] == "\ufa1b\ufa19ガ"


@pytest.mark.parametrize(("encoding", "text"), [("euc_jp", "10〜12時"), ("utf-16", "😀"), ("ascii", "??")])
def test_what_an_encoding_has_is_left_alone(ws: Workspace, tmp_path: Path, encoding: str, text: str) -> None:
    add(ws, "a@a.example", name="髙橋" if encoding == "ascii" else text)
    contacts.export(ws, tmp_path / "out.csv", ContactQuery(), encoding=encoding)
    assert read_csv(tmp_path / "out.csv", encoding)[0]["name"] == text


def test_export_of_a_list_only(ws: Workspace, tmp_path: Path) -> None:
    person = add(ws, "a@a.example")
    add(ws, "b@a.example")
    list_id = lists.create(ws, "L")[0]
    lists.add_members(ws, list_id, [person])
    assert contacts.export(ws, tmp_path / "out.csv", ContactQuery(list_id=list_id)).rows == 1
    assert [row["email"] for row in read_csv(tmp_path / "out.csv")] == ["a@a.example"]


def test_export_refusals(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as unknown:
        contacts.export(ws, tmp_path / "out.csv", ContactQuery(), encoding="klingon")
    assert unknown.value.code is ErrorCode.ENCODING_UNKNOWN
    with pytest.raises(BadInput) as unwritable:
        contacts.export(ws, tmp_path / "no" / "out.csv", ContactQuery())
    assert unwritable.value.code is ErrorCode.FILE_UNWRITABLE


def test_a_person_never_written_to_has_an_empty_timeline(ws: Workspace) -> None:
    assert contacts.timeline(ws, "a@a.example") == []
