"""The filters of the merge language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.message.filters import break_lines, format_date, format_number, sama


@pytest.mark.parametrize(
    ("written", "form", "shown"),
    [
        ("2026-04-01", "ja", "2026年4月1日"),
        ("2026/4/1", "weekday", "4月1日(水)"),
        ("2026.4.1", "short", "4月1日"),
        ("2026年4月1日", "slash", "2026/04/01"),
        ("２０２６／４／１", "iso", "2026-04-01"),
        ("20260401", "en", "1 April 2026"),
        ("2026-04-01T09:05:00+09:00", "us", "April 1, 2026"),
        ("2026-04-01 09:05", "%A %H:%M (%-H)", "Wednesday 09:05 (9)"),
        ("2026-04-01 00:05", "%-H時%-M分", "0時5分"),
        ("2019-05-01", "wareki", "令和元年5月1日"),
        ("2019-04-30", "wareki", "平成31年4月30日"),
        ("1989-1-7", "wareki", "昭和64年1月7日"),
        ("1920-1-1", "wareki", "大正9年1月1日"),
        ("1900-1-1", "wareki", "明治33年1月1日"),
        ("1800-1-1", "wareki", "1800年1月1日"),
        ("", "ja", ""),
        ("来週", "ja", "来週"),
        ("2026-02-30", "ja", "2026-02-30"),
        ("0000-01-01", "iso", "0000-01-01"),
    ],
)
def test_dates(written: str, form: str, shown: str) -> None:
    assert format_date(written, form) == shown


@pytest.mark.parametrize(
    ("written", "decimals", "shown"),
    [
        ("12800", None, "12,800"),
        ("１２８００円", None, "12,800"),
        ("¥1,234,567", None, "1,234,567"),
        ("-1234.5", None, "-1,234.5"),
        ("1234.565", 2, "1,234.57"),
        ("1234.5", 0, "1,235"),
        ("5", -3, "5"),
        (1234567, None, "1,234,567"),
        ("1E+999999999", None, "1E+999999999"),
        ("9" * 31, None, "9" * 31),
        ("", None, ""),
        ("未定", None, "未定"),
    ],
)
def test_numbers(written: object, decimals: int | None, shown: str) -> None:
    assert format_number(written, decimals) == shown


@pytest.mark.parametrize(
    ("name", "honorific", "shown"),
    [
        ("山田 太郎", "", "山田 太郎様"),
        ("山田商店", "御中", "山田商店御中"),
        ("山田様", "様", "山田様"),
        ("鈴木先生", "", "鈴木先生"),
        ("  ", "様", "お客様"),
    ],
)
def test_honorifics(name: str, honorific: str, shown: str) -> None:
    assert sama(name, honorific) == shown


@given(st.text(), st.text(max_size=20))
def test_any_text_passes_every_filter(value: str, form: str) -> None:
    format_date(value, form)
    format_number(value)
    sama(value)
    assert "<" not in break_lines(value).replace("<br>", "")
