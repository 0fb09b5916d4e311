"""Columns: headers in two languages, split names, files without a header, what a person decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.protocol.columns import plan_columns, table_width
from desktop_relay.protocol.dates import iso_date


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("氏名", "name"), ("お名前", "name"), ("Name", "name"), ("ｎａｍｅ", "name"), ("Full Name", "name"),
        ("フリガナ", "kana"), ("ふりがな", "kana"), ("ﾌﾘｶﾞﾅ", "kana"), ("氏名（カナ）", "kana"),
        ("メールアドレス", "email"), ("ﾒｰﾙｱﾄﾞﾚｽ", "email"), ("E-mail", "email"), ("Ｅ－ｍａｉｌ", "email"),
        ("EMAIL ADDRESS", "email"), ("メールアドレス（必須）", "email"), ("email", "email"),
        ("E-mail *", "email"),
        ("会社名", "company"), ("Company", "company"), ("部署名", "department"), ("電話番号", "phone"),
        ("TEL", "phone"), ("郵便番号", "postal_code"), ("〒", "postal_code"), ("都道府県", "prefecture"),
        ("住所", "address"), ("生年月日", "birthday"), ("備考", "notes"), ("備考欄", "notes"),
        ("同意日", "consent_at"), ("同意方法", "consent_how"), ("consent_at", "consent_at"),
        ("postal_code", "postal_code"), ("敬称", "honorific"), ("姓", "name"), ("Last Name", "name"),
        ("最終購入日", None), ("会員番号", None), ("***", None),
        ("Phonetic Last Name", "kana"), ("Given Yomi", "kana"), ("Phone 1 - Value", "phone"),
    ],
)  # fmt: skip
def test_headers(header: str, field: str | None) -> None:
    plan = plan_columns([[header]], address_needed=False)
    assert plan.fields == (field or plan.headers[0],)


def test_a_usual_file() -> None:
    plan = plan_columns(
        [["氏名", "フリガナ", "メールアドレス", "最終購入日"], ["A", "エー", "a@a.example", ""]]
    )
    assert plan.has_header
    assert plan.fields == ("name", "kana", "email", "最終購入日")
    assert plan.address == 2
    assert plan.mapping["最終購入日"] == "最終購入日"


def test_split_names_share_a_field_unless_a_whole_one_is_there() -> None:
    assert plan_columns([["姓", "名", "セイ", "メイ", "メール"]]).fields == (
        "name",
        "name",
        "kana",
        "kana",
        "email",
    )
    assert plan_columns([["姓", "名", "氏名", "メール"]]).fields == ("姓", "名", "name", "email")


def test_the_second_of_two_alike_is_custom_and_every_header_is_unique() -> None:
    plan = plan_columns([["email", "電話番号", "携帯電話", "備考", "備考", "", " ", "phone"]])
    assert plan.headers == (
        "email", "電話番号", "携帯電話", "備考", "備考 (2)", "column 6", "column 7", "phone",
    )  # fmt: skip
    assert plan.fields == (
        "email", "phone", "携帯電話", "notes", "備考 (2)", "column 6", "column 7", "phone (2)",
    )  # fmt: skip


class Counted(list[str]):
    """A row that counts the cells it hands out."""

    handed = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.handed += len(found) if isinstance(place, slice) else 1
        return found


@pytest.mark.parametrize(
    ("cells", "width"),
    [(["x"] * 500, 500), (["", "x"] * 250, 500), ([""] * 500, 1), (["x", "x"] + [" "] * 498, 2)],
)
def test_the_width_of_a_long_row_is_found_at_one_go(cells: list[str], width: int) -> None:
    row = Counted(cells)
    assert table_width([["a"], row, []]) == width
    assert row.handed <= 2 * len(cells)


def test_columns_that_are_blank_all_the_way_down_are_none() -> None:
    assert plan_columns([["email", "", ""], ["a@a.example", "", " "]]).headers == ("email",)
    assert plan_columns([["email", ""], ["a@a.example", ""]], width=3).headers[1:] == ("column 2", "column 3")


@pytest.mark.parametrize(
    "above",
    [[[]], [[""], ["", " "]], [["顧客一覧"]], [["顧客一覧", "2026年4月"], [], ["出力", "担当", "件数", "2"]]],
)
def test_a_title_or_blank_lines_above_the_header(above: list[list[str]]) -> None:
    header, data = ["氏名", "メール", "会員番号"], [["A", "無効", "1"], ["備考", "a@a.example", "2"]]
    plan = plan_columns([*above, header, *data])
    assert plan.headers[:3] == tuple(header)
    assert plan.fields[:3] == ("name", "email", "会員番号")
    assert plan.start == len(above) + 1


def test_a_header_that_an_export_made_harmless() -> None:
    assert plan_columns([["email", "'=cmd", "'-値引"]]).headers == ("email", "=cmd", "-値引")


def test_without_a_header_the_address_is_recognised_by_content() -> None:
    plan = plan_columns([["佐藤", "ｙｕｋｉ＠a.example"], ["高橋", "b@a.example", "x"]])
    assert not plan.has_header
    assert plan.headers == ("column 1", "column 2", "column 3")
    assert plan.fields == ("column 1", "email", "column 3")


def test_content_beats_a_misleading_header() -> None:
    rows = [["メール", "連絡先"], ["可", "a@a.example"], ["不可", "b@a.example"], ["可", "c@a.example"]]
    assert plan_columns(rows).fields == ("メール", "email")


def test_an_unknown_header_over_addresses() -> None:
    assert plan_columns([["ID", "れんらく"], ["1", "a@a.example"], ["2", ""]]).fields == ("ID", "email")


def test_what_a_person_decides_wins() -> None:
    rows = [["氏名", "主", "副", "メモ"], ["A", "a@a.example", "b@a.example", "x"]]
    plan = plan_columns(rows, {"副": "email", "メモ": "", "主": "予備"})
    assert plan.fields == ("name", "予備", "email", "")
    assert plan_columns(rows, {"ﾒﾓ": "会員メモ"}).fields[3] == "会員メモ"  # width and case do not matter
    assert plan_columns([["a@a.example", "A"]], {"column 2": "name"}).fields == ("email", "name")


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(BadInput) as caught:
        plan_columns([["email"], ["a@a.example"]], {"会社": "company"})
    assert caught.value.code is ErrorCode.NO_SUCH_COLUMN
    assert caught.value.params["column"] == "会社"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["氏名", "会社"]],
        [["氏名"], ["A"]],
        [["氏名", "誰"], ["A", "b"], ["B", "c"], ["C", "c@a.example"]],
    ],
)
def test_no_address_column(rows: list[list[str]]) -> None:
    with pytest.raises(BadInput) as caught:
        plan_columns(rows)
    assert caught.value.code is ErrorCode.NO_ADDRESS_COLUMN


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=4), st.text(max_size=8))
def test_any_table_has_a_plan_or_a_code(rows: list[list[str]], header: str) -> None:
    try:
        plan = plan_columns([["email", header], *rows])
    except BadInput:
        return
    assert len(set(plan.headers)) == len(plan.headers) == len(plan.fields)
    assert plan.fields.count("email") == 1


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2025-04-01", "2025-04-01"), ("2026/4/2", "2026-04-02"), ("2025年4月1日", "2025-04-01"),
        ("２０２５／４／１", "2025-04-01"), ("2025.4.1", "2025-04-01"), ("20250401", "2025-04-01"),
        ("令和7年4月1日", "2025-04-01"), ("令和元年5月1日", "2019-05-01"), ("R7.4.1", "2025-04-01"),
        ("平成31年4月30日", "2019-04-30"), ("2025年 4月 1日（火）", "2025-04-01"),
        ("2025/04/01 9:05", "2025-04-01 09:05"), ("2025-04-01T10:30:59", "2025-04-01 10:30:59"),
        # not certain, so kept
        ("4/1/2025", "4/1/2025"), ("2025/13/1", "2025/13/1"), ("25/4/1", "25/4/1"),
        ("元年4月1日", "元年4月1日"),
        ("2025-04-01T10:30:00+09:00", "2025-04-01T10:30:00+09:00"), ("店頭で", "店頭で"), ("", ""),
    ],
)  # fmt: skip
def test_dates(text: str, iso: str) -> None:
    assert iso_date(text) == iso
    assert iso_date(iso) == iso


STYLES = ["{:04}-{}-{}", "{:04}/{:02}/{:02}", "{:04}年{}月{}日", "{:04}{:02}{:02}"]


@given(st.dates(), st.sampled_from(STYLES))
def test_every_day_is_understood(day: date, style: str) -> None:
    assert iso_date(style.format(day.year, day.month, day.day)) == day.isoformat()


@given(st.text(max_size=30))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(iso_date(text), str)
