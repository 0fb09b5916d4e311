"""Header fields: encoded words, folding, mailboxes and parameters."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.address import Address, parse_address
from desktop_relay.domain.errors import BadInput, ErrorCode
from desktop_relay.message.header import (
    check_header_value,
    compose_field,
    compose_mailbox,
    compose_parameter,
    compose_unstructured,
    compose_word_parameter,
    has_control_characters,
)
from tests.fakes.letters import display_name, opened

VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300)
TARO = parse_address("taro@example.test")


def lines_of(field: bytes) -> list[bytes]:
    assert field.endswith(b"\r\n")
    lines = field[:-2].split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert all(line.strip() for line in lines)
    return lines


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Hello", b"Subject: Hello\r\n"),
        ("", b"Subject: =?utf-8?B??=\r\n"),
        (" a", b"Subject: =?utf-8?B?IGE=?=\r\n"),
        ("=?utf-8?B?AAAA?=", b"Subject: =?utf-8?B?PT91dGYtOD9CP0FBQUE/PQ==?=\r\n"),
        ("お知らせ", b"Subject: =?utf-8?B?44GK55+l44KJ44Gb?=\r\n"),
        (
            "word " * 20 + "end",
            b"Subject: word word word word word word word word word word word word word\r\n"
            b" word word word word word word word end\r\n",
        ),
    ],
)
def test_subjects(text: str, field: bytes) -> None:
    assert compose_unstructured("Subject", text) == field


@given(VALUES)
def test_a_subject_comes_back_and_its_lines_are_short(text: str) -> None:
    field = compose_unstructured("Subject", text)
    assert all(len(line) <= 76 for line in lines_of(field))
    assert opened(field + b"\r\n")["Subject"] == text
    for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", field):
        assert len(word) <= 75  # RFC 2047 2
        assert "\ufffd" not in str(opened(b"Subject: " + word + b"\r\n\r\n")["Subject"]) or "\ufffd" in text


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("", "taro@example.test", b"To: taro@example.test\r\n"),
        ("Taro Yamada", "taro@example.test", b"To: Taro Yamada <taro@example.test>\r\n"),
        ("Yamada, Taro", "taro@example.test", b'To: "Yamada, Taro" <taro@example.test>\r\n'),
        ('T "x" \\', "taro@example.test", b'To: "T \\"x\\" \\\\" <taro@example.test>\r\n'),
        ("山田", "taro@example.test", b"To: =?utf-8?B?5bGx55Sw?= <taro@example.test>\r\n"),
        ("", "a..b@docomo.ne.jp", b'To: "a..b"@docomo.ne.jp\r\n'),
        ("山田", "a.@ezweb.ne.jp", b'To: =?utf-8?B?5bGx55Sw?= <"a."@ezweb.ne.jp>\r\n'),
        ("", "-a@docomo.ne.jp", b"To: -a@docomo.ne.jp\r\n"),
        ("", '"a b"@example.test', b'To: "a b"@example.test\r\n'),
    ],
)
def test_mailboxes(name: str, address: str, field: bytes) -> None:
    assert compose_mailbox("To", name, parse_address(address)) == field


@given(VALUES.map(lambda name: " ".join(name.split())))
def test_a_display_name_comes_back(name: str) -> None:
    field = compose_mailbox("To", name, TARO)
    assert all(len(line) <= 76 for line in lines_of(field))
    (mailbox,) = opened(field + b"\r\n")["To"].addresses
    assert mailbox.addr_spec == "taro@example.test"
    assert display_name(field + b"\r\n", "To") == name


def test_a_long_name_with_commas_is_encoded_rather_than_quoted() -> None:
    name = "Yamada, " * 10 + "Taro"
    field = compose_mailbox("To", name, TARO)
    assert b'"' not in field
    assert display_name(field + b"\r\n", "To") == name


def test_spaces_in_a_display_name_count_as_one() -> None:
    assert compose_mailbox("To", "  Taro   Y ", TARO) == b"To: Taro Y <taro@example.test>\r\n"


def test_the_longest_address_stays_on_its_line() -> None:
    address = Address("a" * 64, "b" * 185 + ".test")
    assert max(len(line) for line in lines_of(compose_mailbox("To", "山田" * 40, address))) < 998


@given(VALUES)
def test_a_file_name_comes_back(name: str) -> None:
    field = compose_field("Content-Disposition", "attachment", compose_parameter("filename", name))
    assert all(len(line) <= 76 for line in lines_of(field))
    assert opened(field + b"\r\n")["Content-Disposition"].params.get("filename", "").strip() == name.strip()


def test_file_names() -> None:
    assert compose_parameter("filename", "price list (2026).pdf") == ['filename="price list (2026).pdf"']
    assert compose_parameter("filename", "価格.pdf") == ["filename*=utf-8''%E4%BE%A1%E6%A0%BC.pdf"]
    assert compose_parameter("filename", 'a"b') == ["filename*=utf-8''a%22b"]
    assert compose_parameter("filename", "価" * 6) == [
        "filename*0*=utf-8''" + "%E4%BE%A1" * 5,
        "filename*1*=%E4%BE%A1",
    ]
    assert compose_word_parameter("name", "a.pdf") == ['name="a.pdf"']
    assert compose_word_parameter("name", "価格.pdf") == ['name="=?utf-8?B?5L6h5qC8LnBkZg==?="']


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\t", "\x7f", "\x80", "\u2028", "\u2029"])
def test_control_characters_are_no_header_value(bad: str) -> None:
    assert has_control_characters(f"a{bad}b")
    with pytest.raises(BadInput) as caught:
        check_header_value(f"a{bad}b", "name")
    assert (caught.value.code, caught.value.params) == (ErrorCode.HEADER_INJECTION, {"field": "name"})
    assert check_header_value("山田", "name") == "山田"


def test_half_a_surrogate_pair_is_told() -> None:
    for compose in (
        lambda: compose_unstructured("Subject", "件名\ud800"),
        lambda: compose_parameter("filename", "\ud800"),
        lambda: compose_mailbox("To", "\ud800", TARO),
    ):
        with pytest.raises(BadInput) as caught:
            compose()
        assert caught.value.code is ErrorCode.VALUE_INVALID
