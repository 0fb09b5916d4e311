"""Addresses: what is accepted, repaired, kept exact and quoted on the wire."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_relay.domain.address import Address, domain_of, parse_address, readable_address, repair_address
from desktop_relay.domain.errors import BadInput, ErrorCode

ATEXT = "abcxyzABCXYZ0189!#$%&'*+/=?^_`{|}~-"
atoms = st.text(ATEXT, min_size=1, max_size=12)
plain_locals = st.lists(atoms, min_size=1, max_size=3).map(".".join)
loose_locals = st.text(ATEXT + ".", min_size=1, max_size=20)
quoted_locals = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=10).map(
    lambda text: '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
)
domains = st.sampled_from(
    ["a.example", "DOCOMO.ne.jp", "x.ezweb.ne.jp", "au.com", "日本語.jp", "例え.テスト"]
)
near_addresses = st.tuples(st.one_of(plain_locals, loose_locals, quoted_locals), domains).map("@".join)
texts = st.one_of(st.text(max_size=300), near_addresses, near_addresses.map(lambda text: f" <{text}> ,"))


def parsed(text: str) -> Address | None:
    try:
        return parse_address(text)
    except BadInput:
        return None


@given(texts)
def test_parsing_its_own_text_gives_the_same_address(text: str) -> None:
    found = parsed(text)
    if found is not None:
        assert parse_address(found.text) == found
        assert parse_address(found.envelope) == found
        assert parse_address(found.key).key == found.key


@given(texts)
def test_the_envelope_is_one_rfc_5321_mailbox(text: str) -> None:
    found = parsed(text)
    if found is not None:
        local, _, domain = found.envelope.rpartition("@")
        assert found.envelope.isascii()
        assert found.envelope.isprintable()
        assert len(found.envelope) <= 254
        assert len(local) <= 64
        assert re.fullmatch(r"[a-z0-9.-]+", domain)
        if not local.startswith('"'):
            assert re.fullmatch(r"[^\s\"@<>(),:;\\\[\]]+", local)
            assert ".." not in local
            assert local.strip(".") == local


@given(texts)
def test_repair_leaves_a_good_address_alone(text: str) -> None:
    found = parsed(repair_address(text))
    # a quoted local part may look like anything; an apostrophe first is a spreadsheet's
    if found is not None and found.local[0] not in "\"'":
        assert repair_address(found.text) == found.text


@given(st.tuples(plain_locals, domains).map("@".join))
def test_every_dot_atom_is_accepted(text: str) -> None:
    found = parse_address(text)
    assert found.local == text.rpartition("@")[0]
    assert found.envelope == found.text


@pytest.mark.parametrize(
    ("text", "envelope"),
    [
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
        (".a@au.com", '".a"@au.com'),
        ("a...b1@t2.ezweb.ne.jp", '"a...b1"@t2.ezweb.ne.jp'),
        ("-everyone..-_-..annoyed-@docomo.ne.jp", '"-everyone..-_-..annoyed-"@docomo.ne.jp'),
        ("-a@docomo.ne.jp", "-a@docomo.ne.jp"),  # a dot-atom: legal bare
    ],
)
def test_mobile_addresses_of_old_are_kept_exact(text: str, envelope: str) -> None:
    found = parse_address(text)
    assert found.legacy
    assert found.text == text
    assert found.envelope == envelope
    assert parse_address(envelope) == found


@pytest.mark.parametrize("local", ["a..b", "a.", ".a"])
@pytest.mark.parametrize(
    "domain", ["softbank.ne.jp", "gmail.com", "a.example", "notdocomo.ne.jp", "docomo.ne.jp.example"]
)
def test_nobody_else_has_such_addresses(local: str, domain: str) -> None:
    with pytest.raises(BadInput):
        parse_address(f"{local}@{domain}")


def test_a_hyphen_first_is_ordinary_elsewhere() -> None:
    assert not parse_address("-a@a.example").legacy


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "a", "a@", "@a.example", "no at sign", "two@@at.example", "a b@a.example", "a\tb@a.example",
        "a@b c.example", "a@localhost", "a@192.0.2.1", "a@[192.0.2.1]", "a@-a.example", "a@a-.example",
        "a@a..example", "a@.example", "a@a.example.", "a@a_b.example", "あ@a.example", "a@a.example\n",
        "a\r\nRCPT TO:<b@a.example>@a.example", '"a\nb"@a.example', '""@a.example', '"a@a.example',
        "<a@a.example>", "a,b@a.example", "a@a.example,b@a.example", "a@xn--a.example",
        "a@" + "a" * 64 + ".example",
        "a" * 65 + "@a.example", "a@" + "a." * 130 + "example", "...@docomo.ne.jp", ".@docomo.ne.jp",
        "a" * 62 + "..@docomo.ne.jp", "\ud800@a.example", "a@\ud800.example", "a@\u0378.example",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_address(text)
    assert caught.value.code is ErrorCode.ADDRESS_INVALID
    assert caught.value.params["address"] == text


def test_a_huge_text_is_not_carried_around_in_the_error() -> None:
    with pytest.raises(BadInput) as caught:
        parse_address("a" * 1_000_000 + "@a.example")
    assert len(str(caught.value.params["address"])) < 1000


def test_the_longest_parts_are_accepted() -> None:
    assert parse_address("a" * 64 + "@a.example").text
    domain = ".".join(["b" * 61] * 3) + ".jp"
    assert len(parse_address("a" * 60 + "@" + domain).text) == 249


def test_domains_become_lower_case_a_labels_and_the_key_folds() -> None:
    found = parse_address("Yuki.B@日本語.JP")
    assert found == Address("Yuki.B", "xn--wgv71a119e.jp", False)
    assert found.key == "yuki.b@xn--wgv71a119e.jp"
    assert parse_address("yuki.b@XN--WGV71A119E.jp").key == found.key


def test_two_spellings_of_a_quoted_local_part_are_one_address() -> None:
    assert parse_address('"ab"@a.example') == parse_address("ab@a.example")
    assert parse_address(r'"a\ b"@a.example') == parse_address('"a b"@a.example')
    assert parse_address('"a b"@a.example').envelope == '"a b"@a.example'


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("ｙｕｋｉ２＠ｇｍａｉｌ．ｃｏｍ", "yuki2@gmail.com"),
        ("yuki＠a.example", "yuki@a.example"),
        ("yuki@a。example", "yuki@a.example"),
        ("\u3000yuki@a.example\u00a0\n", "yuki@a.example"),
        ("yuki @ a.example", "yuki@a.example"),
        ("\ufeffyuki@a.example\u200b", "yuki@a.example"),
        ("mailto:yuki@a.example?subject=x", "yuki@a.example"),
        ("MAILTO:yuki@a.example", "yuki@a.example"),
        ("ゆき <yuki@a.example>", "yuki@a.example"),
        ('"山田, 花子" <yuki@a.example>;', "yuki@a.example"),
        ("<mailto:yuki@a.example>", "yuki@a.example"),
        ("＜yuki＠a.example＞", "yuki@a.example"),
        ("yuki@a.example,", "yuki@a.example"),
        ("yuki@a.example、", "yuki@a.example"),
        ("(yuki@a.example)", "yuki@a.example"),
        ("'yuki@a.example'", "yuki@a.example"),
        ("'-a@ezweb.ne.jp", "-a@ezweb.ne.jp"),
        ("goto@日本語.jp", "goto@日本語.jp"),
        ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ("YUKI@A.EXAMPLE", "YUKI@A.EXAMPLE"),
        ("space in@a.example", "space in@a.example"),
        ("no at sign", "no at sign"),
    ],
)
def test_repair(text: str, repaired: str) -> None:
    assert repair_address(text) == repaired


def test_domain_of_a_stored_address() -> None:
    assert domain_of("a..b@Docomo.ne.jp") == "docomo.ne.jp"
    assert domain_of('"a@b"@a.example') == "a.example"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Goto@xn--wgv71a119e.jp", "Goto@日本語.jp"),
        ("a@mail.xn--wgv71a119e.jp", "a@mail.日本語.jp"),
        ("xn--a@mail.example", "xn--a@mail.example"),
        ("a@xn--zzzzzzzzz99999.example", "a@xn--zzzzzzzzz99999.example"),
    ],
)
def test_a_domain_as_people_write_it(stored: str, read: str) -> None:
    assert readable_address(stored) == read
