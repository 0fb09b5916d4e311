"""Tables from bytes: encodings told apart, delimiters, quoted breaks, broken quotes and bounds."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.protocol.formulas import neutralise, restore
from desktop_relay.protocol.table import LONGEST_LINE, Table, parse_table

JAPANESE = (
    "氏名,フリガナ,メールアドレス,備考\r\n"
    '佐藤 一郎,サトウ,yuki1@a.example,"改行\r\nあり"\r\n'
    "高橋美咲,タカハシ,yuki2@a.example,電話で「要確認」、折返し\r\n"
    "山田 花子,ﾔﾏﾀﾞ,yuki3@a.example,次回は十％引き\r\n"
)
ENCODINGS = ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp_ext", "utf-16", "utf-16-le", "utf-16-be"]
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def rows_of(content: bytes, encoding: str | None = None) -> list[list[str]]:
    return list(parse_table(content, encoding=encoding).rows())


def as_csv(rows: list[list[str]], delimiter: str = ",", ending: str = "\r\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def code_of(content: bytes, encoding: str | None = None) -> ErrorCode:
    with pytest.raises(BadInput) as caught:
        rows_of(content, encoding)
    return caught.value.code


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_of_japan_is_told_and_read_without_loss(encoding: str) -> None:
    found = parse_table(JAPANESE.encode(encoding))
    assert found.text == JAPANESE
    rows = list(found.rows())
    assert rows[0] == ["氏名", "フリガナ", "メールアドレス", "備考"]
    assert rows[1][3] == "改行\r\nあり"
    assert len(rows) == 4
    assert "".encode(found.encoding) is not None  # a name that Python and a person can use again
    assert parse_table(JAPANESE.encode(encoding), encoding=found.encoding).text == JAPANESE


def euc_of_windows(text: str) -> bytes:
    """EUC-JP as Windows programs write it: the CP932 pair recomputed, vendor rows and all."""
    out = bytearray()
    for character in text:
        pair = character.encode("cp932")
        if len(pair) == 1:
            out += b"\x8e" + pair if pair[0] > 0x7F else pair
            continue
        lead, trail = pair
        row = (lead - (0x80 if lead < 0xA0 else 0xC0)) * 2 - (trail < 0x9F)
        cell = trail - (0x9E if trail >= 0x9F else 0x3F + (trail > 0x7E))
        out += bytes((row + 0xA0, cell + 0xA0))
    return bytes(out)


@pytest.mark.parametrize("mark", ["①㈱", "㈲№", "髙"])
def test_vendor_characters_of_windows_survive_in_euc_jp(mark: str) -> None:
    text = JAPANESE.replace("佐藤", mark).replace("ﾔﾏﾀﾞ", "ヤマダ")
    # CP932 has two places for 髙; Windows writes the one of row 92 to EUC-JP
    content = (
        euc_of_windows(text)
        if mark != "髙"
        else JAPANESE.encode("euc_jp").replace("佐藤".encode("euc_jp"), b"\xfc\xe2")
    )
    found = parse_table(content)
    assert found.encoding == "euc-jp"
    assert list(found.rows())[1][0] == f"{mark} 一郎"


def test_vendor_characters_survive_in_iso_2022_jp() -> None:
    content = JAPANESE.encode("iso2022_jp_ext").replace(b"\x1b$B:4F#\x1b(B", b"\x1b$B-j-!\x1b(B")
    assert list(parse_table(content).rows())[1][0] == "㈱① 一郎"


def test_plain_ascii_is_utf_8() -> None:
    found = parse_table(b"name,email\nA,a@a.example\n")
    assert (found.encoding, found.delimiter) == ("utf-8", ",")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_delimiter_and_line_ends(delimiter: str, ending: str) -> None:
    rows = [["name", "email", "notes"], ["A, Ltd.", "a@a.example", "x; y"], ["B", "b@a.example", "p|q\nr"]]
    found = parse_table(as_csv(rows, delimiter, ending).encode())
    assert found.delimiter == delimiter
    assert list(found.rows()) == rows
    assert found.rows_at_most >= 3


def test_one_column_has_no_delimiter() -> None:
    assert rows_of(b"a@a.example\nb@a.example\n\nc@a.example") == [
        ["a@a.example"], ["b@a.example"], [], ["c@a.example"],
    ]  # fmt: skip


def test_the_hint_of_spreadsheets_is_obeyed_and_is_no_row() -> None:
    assert rows_of(b"sep=|\r\na,b|c\r\n") == [["a,b", "c"]]


@given(
    st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8),
    st.sampled_from([",", "\t", ";", "|"]),
)
def test_what_a_csv_writer_writes_comes_back(rows: list[list[str]], delimiter: str) -> None:
    text = as_csv(rows, delimiter)
    assert list(Table(text, "utf-8", delimiter).rows()) == rows


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_code(content: bytes) -> None:
    try:
        rows_of(content)
    except BadInput as error:
        assert error.code in {ErrorCode.FILE_EMPTY, ErrorCode.FILE_NOT_TEXT, ErrorCode.FORMAT_UNKNOWN}  # noqa: PT017


@given(st.text('",\n\ra', max_size=60))
@settings(max_examples=300)
def test_no_line_is_lost_to_quotes(text: str) -> None:
    rows = list(Table(text, "utf-8", ",").rows())
    seen = "".join(cell for row in rows for cell in row)
    assert seen.count("a") == text.count("a")


def test_a_quote_that_is_never_closed_spoils_one_line_only() -> None:
    assert rows_of(b'n,email\nA,a@a.example\n"B,b@a.example\nC,c@a.example\n')[2:] == [
        ['"B', "b@a.example"],
        ["C", "c@a.example"],
    ]


def test_many_open_quotes_end_soon_and_lose_no_line() -> None:
    text = 'a"b,"c\n' * 20_000
    rows = list(Table(text, "utf-8", ",").rows())
    assert len(rows) == 20_000


def test_a_long_line_is_refused_before_anything_is_read() -> None:
    with pytest.raises(BadInput) as caught:
        parse_table(b"name,email\nA,a@a.example\n" + b"x" * 10_000_000)
    assert caught.value.code is ErrorCode.LINE_TOO_LONG
    assert caught.value.params["row"] == 3


def test_a_long_but_bearable_field_is_read() -> None:
    content = b"email,notes\na@a.example," + b"x" * (LONGEST_LINE - 100) + b"\n"
    assert len(rows_of(content)[1][1]) == LONGEST_LINE - 100


def test_a_quoted_field_beyond_the_limit_is_taken_apart_not_swallowed() -> None:
    content = b'email,notes\na@a.example,"' + b"xxxxxxxxx\n" * 120_000 + b"b@a.example,y\n"
    assert rows_of(content)[-1] == ["b@a.example", "y"]


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf\r\n"])
def test_empty(content: bytes) -> None:
    assert code_of(content) is ErrorCode.FILE_EMPTY
    assert code_of(content, "utf-8") is ErrorCode.FILE_EMPTY


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0",
        bytes(range(256)) * 8,
        b"\x7fELF\x02\x01\x01" + b"\0" * 90,
        b"name\xff\xff,email\r\n\x80\xff\xfe",
        b"\x01\x02\x03\x04\x05\x06\x07\x08" * 20,
    ],
)
def test_not_text(content: bytes) -> None:
    assert code_of(content) is ErrorCode.FILE_NOT_TEXT


HALF = "株式会社".encode("cp932")[:-1]  # as systems cut a text that is too long for their column
TABLE = "氏名,メール\n" + "高橋 花子,a@mail.example\n" * 9


@pytest.mark.parametrize(
    ("content", "encoding", "row"),
    [
        (TABLE.encode("cp932") + HALF + b",b@mail.example\n", "cp932", 11),
        (TABLE.encode() + "高".encode()[:-1] + b",b@mail.example\n", "utf-8", 11),
        (TABLE.encode("euc-jp") + "高".encode("euc-jp")[:-1] + b",b@mail.example\n", "euc-jp", 11),
        (TABLE.encode() + "鈴木,b@mail.example\r\n".encode("cp932"), "utf-8", 11),
        (TABLE.encode() + "山\0田,b@mail.example\n".encode(), "utf-8", 11),
        (b"\xef\xbb\xbf" + TABLE.encode() + b"\xe9,b@mail.example\n", "utf-8", 11),
    ],
)
def test_a_damaged_line_is_named(content: bytes, encoding: str, row: int) -> None:
    with pytest.raises(BadInput) as caught:
        parse_table(content)
    assert caught.value.code is ErrorCode.FILE_GARBLED
    assert (caught.value.params["encoding"], caught.value.params["row"]) == (encoding, row)


half_width = st.text(st.sampled_from("".join(map(chr, range(0xFF66, 0xFFA0)))), min_size=1, max_size=9)
full_width = st.text(
    st.characters(codec="cp932", min_codepoint=0xA1, exclude_categories=["C"], exclude_characters="¢£¬‖−〜"),
    min_size=1,
    max_size=9,
)


@given(st.lists(st.tuples(half_width, half_width), min_size=1, max_size=40))
@example([("ﾔﾏﾀﾞ", "ﾀﾛｳ")])
def test_half_width_kana_are_never_taken_for_damage(names: list[tuple[str, str]]) -> None:
    lines = [f"{family} {given_name},a{n}@a.example\n" for n, (family, given_name) in enumerate(names)]
    text = "ｻﾄｳ ｼﾞﾛｳ,b@a.example\n" + "".join(lines)  # an odd run of them is no EUC-JP
    found = parse_table(text.encode("cp932"))
    assert (found.encoding, found.text) == ("cp932", text)


@given(st.lists(st.tuples(full_width | half_width, full_width), max_size=40))
@example([("ﾔﾏﾀﾞ", "瑤")])
def test_every_list_of_windows_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    text = "氏名,名,メール\n" + "".join(f"{a},{b},a{n}@a.example\n" for n, (a, b) in enumerate(rows))
    content = text.encode("cp932")
    found = parse_table(content)
    assert (found.encoding, found.text) == ("cp932", content.decode("cp932"))


def test_a_person_says_what_the_octets_leave_open() -> None:
    content = "ﾔﾏﾀﾞ,a@a.example\n".encode("cp932")
    assert parse_table(content).encoding == "euc-jp", "two kanji just as well"
    assert rows_of(content, "cp932") == [["ﾔﾏﾀﾞ", "a@a.example"]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\0\x06\0rest of a workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD\r\n",
        b"\xef\xbb\xbfbegin:vcard\r\n",
        "\ufeffBEGIN:VCARD\r\n".encode("utf-16-le"),
    ],
)
def test_other_formats(content: bytes) -> None:
    assert code_of(content) is ErrorCode.FORMAT_UNKNOWN


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "", "a\0b", "hex"])
def test_an_encoding_nobody_knows(name: str) -> None:
    assert code_of(JAPANESE.encode(), name) is ErrorCode.ENCODING_UNKNOWN


@pytest.mark.parametrize(
    ("real", "said"),
    [
        ("cp932", "utf-8"), ("cp932", "euc-jp"), ("cp932", "utf-16"), ("cp932", "ascii"),
        ("cp932", "latin-1"),
        ("utf-8", "cp932"), ("utf-8", "euc-jp"), ("utf-8", "utf-16"), ("utf-8", "latin-1"),
        ("utf-8", "iso-2022-jp"), ("euc_jp", "cp932"), ("euc_jp", "utf-8"), ("iso2022_jp_ext", "utf-8"),
        ("utf-16", "cp932"), ("utf-16", "utf-8"), ("utf-16-le", "utf-16-be"), ("utf-16-le", "euc-jp"),
    ],
)  # fmt: skip
def test_a_wrong_encoding_is_refused_instead_of_garbling(real: str, said: str) -> None:
    assert code_of(JAPANESE.encode(real), said) is ErrorCode.ENCODING_WRONG


@pytest.mark.parametrize(
    ("real", "said"),
    [
        ("cp932", "Shift_JIS"), ("cp932", "cp932"), ("cp932", "MS932"), ("euc_jp", "EUC-JP"),
        ("utf-8", "UTF8"), ("utf-8-sig", "utf-8"), ("iso2022_jp_ext", "ISO-2022-JP"),
        ("utf-16", "utf-16"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
def test_the_right_encoding_under_any_of_its_names(real: str, said: str) -> None:
    assert parse_table(JAPANESE.encode(real), encoding=said).text == JAPANESE


def test_a_western_file_with_its_encoding_named() -> None:
    content = "name,email\r\nMüller,a@a.example\r\nJosé,b@a.example\r\n".encode("cp1252")
    assert rows_of(content, "cp1252")[1][0] == "Müller"


@given(st.text(max_size=20))
def test_a_harmless_cell_comes_back(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))
